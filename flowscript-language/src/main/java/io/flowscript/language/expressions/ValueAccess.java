package io.flowscript.language.expressions;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.commons.jexl3.JexlArithmetic;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlOperator;
import org.apache.commons.jexl3.introspection.JexlMethod;
import org.apache.commons.jexl3.introspection.JexlPropertyGet;
import org.apache.commons.jexl3.introspection.JexlPropertySet;
import org.apache.commons.jexl3.introspection.JexlUberspect;
import org.jspecify.annotations.Nullable;

/**
 * What an expression can read of a value: the entries of a map, the items of a list, the length of a list or string.
 * Nothing is found by reflection, so classes, getters and static members are out of reach.
 */
final class ValueAccess implements JexlUberspect {

    private final JexlUberspect base;

    /** Takes the operators of {@code base}, and nothing else. */
    ValueAccess(JexlUberspect base) {
        this.base = base;
    }

    /** Returns the value at a key or index; null if there is none. */
    static @Nullable Object read(@Nullable Object from, @Nullable Object key) {
        if (from instanceof Map<?, ?> entries) {
            return key == null ? null : entries.get(key instanceof Number number ? text(number) : key.toString());
        }
        if (from instanceof List<?> items) {
            int index = index(key);
            if (index >= 0 && index < items.size()) {
                return items.get(index);
            }
            return ExpressionFunctions.LENGTH.equals(key) ? items.size() : null;
        }
        if (from instanceof CharSequence text && ExpressionFunctions.LENGTH.equals(key)) {
            return text.length();
        }
        return null;
    }

    private static String text(Number number) {
        return ExpressionArithmetic.text(number);
    }

    private static int index(@Nullable Object key) {
        if (key instanceof Integer || key instanceof Long) {
            long index = ((Number) key).longValue();
            return index == (int) index ? (int) index : -1;
        }
        if (key instanceof String text && text.matches("[0-9]{1,9}")) {
            return Integer.parseInt(text);
        }
        if (key instanceof BigDecimal decimal
                && decimal.signum() >= 0
                && decimal.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
                && decimal.stripTrailingZeros().scale() <= 0) {
            return decimal.intValue();
        }
        return -1;
    }

    @Override
    public JexlPropertyGet getPropertyGet(Object from, Object key) {
        return new Read(key);
    }

    @Override
    public JexlPropertyGet getPropertyGet(List<PropertyResolver> resolvers, Object from, Object key) {
        return new Read(key);
    }

    @Override
    public @Nullable JexlMethod getMethod(Object target, String name, Object... arguments) {
        return target == ExpressionFunctions.INSTANCE
                        && ExpressionFunctions.NAMES.contains(name)
                        && arguments.length == 1
                ? new Call(name)
                : null;
    }

    @Override
    public @Nullable JexlMethod getConstructor(Object type, Object... arguments) {
        return null;
    }

    @Override
    public @Nullable Class<?> getClassByName(String name) {
        return null;
    }

    @Override
    public @Nullable Iterator<?> getIterator(Object from) {
        return null;
    }

    @Override
    public @Nullable JexlPropertySet getPropertySet(Object from, Object key, Object value) {
        return null;
    }

    @Override
    public @Nullable JexlPropertySet getPropertySet(
            List<PropertyResolver> resolvers, Object from, Object key, Object value) {
        return null;
    }

    @Override
    public List<PropertyResolver> getResolvers(JexlOperator operator, Object from) {
        return List.of();
    }

    @Override
    public JexlArithmetic.Uberspect getArithmetic(JexlArithmetic arithmetic) {
        return base.getArithmetic(arithmetic);
    }

    @Override
    public JexlOperator.Uberspect getOperator(JexlArithmetic arithmetic) {
        return base.getOperator(arithmetic);
    }

    @Override
    public @Nullable ClassLoader getClassLoader() {
        return null;
    }

    @Override
    public void setClassLoader(ClassLoader loader) {
        // No class is ever loaded.
    }

    @Override
    public int getVersion() {
        return 0;
    }

    private record Read(Object key) implements JexlPropertyGet {

        @Override
        public @Nullable Object invoke(Object from) {
            return read(from, key);
        }

        @Override
        public @Nullable Object tryInvoke(Object from, Object otherKey) {
            return read(from, otherKey);
        }

        @Override
        public boolean tryFailed(Object value) {
            return value == JexlEngine.TRY_FAILED;
        }

        @Override
        public boolean isCacheable() {
            return false;
        }
    }

    private record Call(String name) implements JexlMethod {

        @Override
        public @Nullable Object invoke(Object target, Object... arguments) {
            return ExpressionFunctions.call(name, arguments[0]);
        }

        @Override
        public @Nullable Object tryInvoke(String otherName, Object target, Object... arguments)
                throws JexlException.TryFailed {
            return otherName.equals(name) && target == ExpressionFunctions.INSTANCE
                    ? invoke(target, arguments)
                    : JexlEngine.TRY_FAILED;
        }

        @Override
        public boolean tryFailed(Object value) {
            return value == JexlEngine.TRY_FAILED;
        }

        @Override
        public boolean isCacheable() {
            return false;
        }

        @Override
        public Class<?> getReturnType() {
            return Object.class;
        }
    }
}
