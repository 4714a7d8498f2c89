package io.flowscript.language.expressions;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.text.JsonText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.commons.jexl3.JexlArithmetic;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic and comparison of values: as in JavaScript, but with decimal numbers. Whole numbers are exact, others
 * have 34 digits. The length of a string, the digits of a number and the work of a comparison are bounded.
 */
final class ExpressionArithmetic extends JexlArithmetic {

    private static final int MAX_TEXT = 262_144;
    private static final int MAX_DIGITS = 1_000;
    private static final int MAX_COMPARED = 100_000;
    private static final MathContext PRECISION = MathContext.DECIMAL128;
    private static final BigInteger INT_MIN = BigInteger.valueOf(Integer.MIN_VALUE);
    private static final BigInteger INT_MAX = BigInteger.valueOf(Integer.MAX_VALUE);

    ExpressionArithmetic() {
        super(false);
    }

    @Override
    public Object add(@Nullable Object left, @Nullable Object right) {
        if (left instanceof String || right instanceof String) {
            String first = text(left);
            String second = text(right);
            if (first.length() + second.length() > MAX_TEXT) {
                throw new ExpressionFailure("the resulting string would have more than " + MAX_TEXT + " characters");
            }
            return first + second;
        }
        BigDecimal a = number(left, "+");
        BigDecimal b = number(right, "+");
        return isWhole(a, b) ? number(a.add(b)) : number(a.add(b, PRECISION));
    }

    @Override
    public Object subtract(@Nullable Object left, @Nullable Object right) {
        BigDecimal a = number(left, "-");
        BigDecimal b = number(right, "-");
        return isWhole(a, b) ? number(a.subtract(b)) : number(a.subtract(b, PRECISION));
    }

    @Override
    public Object multiply(@Nullable Object left, @Nullable Object right) {
        BigDecimal a = number(left, "*");
        BigDecimal b = number(right, "*");
        return isWhole(a, b) ? number(a.multiply(b)) : number(a.multiply(b, PRECISION));
    }

    @Override
    public Object divide(@Nullable Object left, @Nullable Object right) {
        BigDecimal divisor = divisor(right, "/");
        return number(number(left, "/").divide(divisor, PRECISION));
    }

    @Override
    public Object mod(@Nullable Object left, @Nullable Object right) {
        BigDecimal divisor = divisor(right, "%");
        BigDecimal dividend = number(left, "%");
        if (digitsBeforePoint(dividend) - digitsBeforePoint(divisor) > MAX_DIGITS) {
            throw tooLarge();
        }
        return number(dividend.remainder(divisor));
    }

    @Override
    public Object negate(@Nullable Object value) {
        return number(number(value, "-").negate());
    }

    @Override
    public Object positivize(@Nullable Object value) {
        return number(number(value, "+"));
    }

    /** JEXL narrows the negative of a literal to a double; here it stays exact. */
    @Override
    public Number narrowNumber(Number original, @Nullable Class<?> narrow) {
        return original;
    }

    @Override
    public boolean isNegateStable() {
        return false;
    }

    @Override
    public boolean isPositivizeStable() {
        return false;
    }

    @Override
    public boolean equals(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null || sameKind(left, right)) {
            return strictEquals(left, right);
        }
        if (isContainer(left) || isContainer(right)) {
            return false;
        }
        BigDecimal a = numberOrNull(left);
        BigDecimal b = numberOrNull(right);
        return a != null && b != null && a.compareTo(b) == 0;
    }

    @Override
    public boolean strictEquals(@Nullable Object left, @Nullable Object right) {
        return new Comparison().same(left, right);
    }

    @Override
    public boolean lessThan(@Nullable Object left, @Nullable Object right) {
        Integer order = order(left, right);
        return order != null && order < 0;
    }

    @Override
    public boolean lessThanOrEqual(@Nullable Object left, @Nullable Object right) {
        Integer order = order(left, right);
        return order != null && order <= 0;
    }

    @Override
    public boolean greaterThan(@Nullable Object left, @Nullable Object right) {
        Integer order = order(left, right);
        return order != null && order > 0;
    }

    @Override
    public boolean greaterThanOrEqual(@Nullable Object left, @Nullable Object right) {
        Integer order = order(left, right);
        return order != null && order >= 0;
    }

    @Override
    public Object not(@Nullable Object value) {
        return !toBoolean(value);
    }

    @Override
    public boolean testPredicate(@Nullable Object value) {
        return toBoolean(value);
    }

    @Override
    protected boolean toBoolean(boolean strict, @Nullable Object value) {
        return toBoolean(value);
    }

    @Override
    public boolean toBoolean(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Number number) {
            return decimal(number).signum() != 0;
        }
        return value != null && !(value instanceof String text && text.isEmpty());
    }

    /** Converts a value to a string, as a template in a text does. */
    static String text(@Nullable Object value) {
        if (value instanceof Number number) {
            return JsonText.number(decimal(number));
        }
        try {
            return JsonText.inText(Json.freeze(value), MAX_TEXT);
        } catch (JsonException e) {
            if (!e.code().equals("value_too_large")) {
                throw e;
            }
            throw new ExpressionFailure("the resulting string would have more than " + MAX_TEXT + " characters");
        }
    }

    /** Returns null when the two values have no order, such as a number and a word. */
    private static @Nullable Integer order(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return null;
        }
        if (left instanceof String a && right instanceof String b) {
            return a.compareTo(b);
        }
        BigDecimal a = numberOrNull(left);
        BigDecimal b = numberOrNull(right);
        return a == null || b == null ? null : (Integer) a.compareTo(b);
    }

    private static boolean sameKind(Object left, Object right) {
        return (left instanceof Number && right instanceof Number)
                || (left instanceof String && right instanceof String)
                || (left instanceof Boolean && right instanceof Boolean)
                || (isContainer(left) && isContainer(right));
    }

    private static boolean isContainer(Object value) {
        return value instanceof Map || value instanceof List;
    }

    private static BigDecimal divisor(@Nullable Object value, String operator) {
        BigDecimal divisor = number(value, operator);
        if (divisor.signum() == 0) {
            throw new ExpressionFailure("it divides by zero");
        }
        return divisor;
    }

    private static BigDecimal number(@Nullable Object value, String operator) {
        if (value == null) {
            return BigDecimal.ZERO;
        }
        BigDecimal number = numberOrNull(value);
        if (number == null) {
            throw new ExpressionFailure("\"" + operator + "\" needs numbers, but one side is of type "
                    + Json.typeName(value)
                    + (value instanceof String ? " and does not contain a number" : ""));
        }
        return number;
    }

    private static @Nullable BigDecimal numberOrNull(Object value) {
        if (value instanceof Number number) {
            return decimal(number);
        }
        if (value instanceof Boolean flag) {
            return flag ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        if (value instanceof String text) {
            return parse(text.strip());
        }
        return null;
    }

    private static @Nullable BigDecimal parse(String text) {
        if (text.isEmpty()) {
            return BigDecimal.ZERO;
        }
        if (text.length() > MAX_DIGITS) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return isInRange(number) ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static BigDecimal decimal(Number number) {
        BigDecimal decimal;
        if (number instanceof BigDecimal exact) {
            decimal = exact;
        } else if (number instanceof BigInteger whole) {
            decimal = new BigDecimal(whole);
        } else if (number instanceof Double || number instanceof Float) {
            decimal = BigDecimal.valueOf(number.doubleValue());
        } else {
            decimal = BigDecimal.valueOf(number.longValue());
        }
        if (!isInRange(decimal)) {
            throw tooLarge();
        }
        return decimal;
    }

    static boolean isInRange(BigDecimal number) {
        return Math.abs(digitsBeforePoint(number)) <= MAX_DIGITS && Math.abs((long) number.scale()) <= 2L * MAX_DIGITS;
    }

    private static long digitsBeforePoint(BigDecimal number) {
        return (long) number.precision() - number.scale();
    }

    private static boolean isWhole(BigDecimal a, BigDecimal b) {
        return a.scale() <= 0 && b.scale() <= 0;
    }

    /** Converts a result: a whole number to the smallest type that holds it, any other to its shortest form. */
    private static Number number(BigDecimal result) {
        if (!isInRange(result)) {
            throw tooLarge();
        }
        BigDecimal shortest = result.stripTrailingZeros();
        if (shortest.scale() > 0) {
            return shortest;
        }
        BigInteger whole = shortest.toBigIntegerExact();
        if (whole.compareTo(INT_MIN) >= 0 && whole.compareTo(INT_MAX) <= 0) {
            return whole.intValue();
        }
        return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
    }

    private static ExpressionFailure tooLarge() {
        return new ExpressionFailure("the resulting number would have more than " + MAX_DIGITS + " digits");
    }

    /** Compares the contents of values, up to a maximum number of steps. */
    private static final class Comparison {

        private int left = MAX_COMPARED;

        boolean same(@Nullable Object a, @Nullable Object b) {
            if (--left < 0) {
                throw new ExpressionFailure("it compares more than " + MAX_COMPARED + " values");
            }
            if (a == b) {
                return true;
            }
            if (a == null || b == null) {
                return false;
            }
            if (a instanceof Number x && b instanceof Number y) {
                return decimal(x).compareTo(decimal(y)) == 0;
            }
            if (a instanceof List<?> x && b instanceof List<?> y) {
                return items(x, y);
            }
            if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
                return x.size() == y.size()
                        && x.entrySet().stream()
                                .allMatch(e -> y.containsKey(e.getKey()) && same(e.getValue(), y.get(e.getKey())));
            }
            return a.equals(b);
        }

        private boolean items(List<?> a, List<?> b) {
            if (a.size() != b.size()) {
                return false;
            }
            Iterator<?> others = b.iterator();
            for (Object item : a) {
                if (!same(item, others.next())) {
                    return false;
                }
            }
            return true;
        }
    }
}
