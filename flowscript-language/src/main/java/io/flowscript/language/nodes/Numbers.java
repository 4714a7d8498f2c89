package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers and equality as in JSON: 1, 1.0 and 1e0 are the same number. Stateless. */
final class Numbers {

    /** Numbers with more digits than this are not added, because that could take all memory. */
    private static final int MAX_DIGITS = 1_000;

    private Numbers() {}

    static boolean equal(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Number && b instanceof Number) {
            return compare(a, b) == 0;
        }
        if (a instanceof Map<?, ?> first && b instanceof Map<?, ?> second) {
            return first.size() == second.size() && allEqual(first, second);
        }
        if (a instanceof List<?> first && b instanceof List<?> second) {
            return first.size() == second.size() && allEqual(first.iterator(), second.iterator());
        }
        return a == null ? b == null : a.equals(b);
    }

    static boolean contains(Collection<?> items, @Nullable Object wanted) {
        for (Object item : items) {
            if (equal(item, wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Returns a key for a hash table: those of two values that are not composed are equal if the values are. */
    static @Nullable Object key(@Nullable Object value) {
        if (!(value instanceof Number)) {
            return value;
        }
        BigDecimal number = Value.of(value).asDecimal();
        return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }

    static int compare(Object a, Object b) {
        return Value.of(a).asDecimal().compareTo(Value.of(b).asDecimal());
    }

    /** Returns the sum, in the simplest type that holds it exactly; a double if one of the two is a double. */
    static Number sum(Value a, Value b) {
        BigDecimal sum = bounded(a).add(bounded(b));
        if (sum.signum() == 0 || sum.stripTrailingZeros().scale() <= 0) {
            try {
                long whole = sum.longValueExact();
                return whole == (int) whole ? (Number) (int) whole : (Number) whole;
            } catch (ArithmeticException e) {
                return sum;
            }
        }
        return a.raw() instanceof BigDecimal || b.raw() instanceof BigDecimal ? sum : (Number) sum.doubleValue();
    }

    private static BigDecimal bounded(Value value) {
        BigDecimal number = value.asDecimal();
        if (Math.abs((long) number.scale()) > MAX_DIGITS || number.precision() > MAX_DIGITS) {
            throw new FlowScriptException(
                    "number_out_of_range",
                    "The number at " + value.path() + " has more than " + MAX_DIGITS
                            + " digits and is too long to calculate with");
        }
        return number;
    }

    private static boolean allEqual(Map<?, ?> first, Map<?, ?> second) {
        for (Map.Entry<?, ?> entry : first.entrySet()) {
            if (!second.containsKey(entry.getKey()) || !equal(entry.getValue(), second.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean allEqual(Iterator<?> first, Iterator<?> second) {
        while (first.hasNext()) {
            if (!equal(first.next(), second.next())) {
                return false;
            }
        }
        return true;
    }
}
