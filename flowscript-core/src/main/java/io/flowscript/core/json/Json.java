package io.flowscript.core.json;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes immutable JSON values from plain Java values, and estimates their memory. Such a value is called <em>frozen</em>.
 * Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Json {

    /** The greatest number of objects and arrays inside each other. A deeper value is refused with {@code value_too_deep}. */
    public static final int MAX_DEPTH = 256;

    static final long CONTAINER_WEIGHT = 64;
    static final long ENTRY_WEIGHT = 40;
    static final long REFERENCE_WEIGHT = 4;
    private static final long SCALAR_WEIGHT = 16;
    private static final long STRING_WEIGHT = 40;

    private Json() {}

    /**
     * Makes an immutable copy of a value. A value that is frozen already is returned as it is, so freezing it again costs
     * nothing.
     *
     * <p>These values can be frozen:
     *
     * <ul>
     *   <li>null, Boolean, a {@link Value}, and the JDK's number types except DoubleAdder and the accumulators
     *   <li>String; other CharSequences, Character and UUID as their string; enum constants as their names
     *   <li>Maps whose keys are strings or enum constants, Collections, and arrays, all with values that can be frozen
     * </ul>
     *
     * @param value the value, or null
     * @return the frozen value: null, Boolean, String, Number, Map or List
     * @throws JsonException with code {@code invalid_value} for other values, for NaN and for infinities, or with code
     *     {@code value_too_deep}. Its path is the place in the value. Its cause names the Java class; the message does not,
     *     since people may see it.
     */
    public static @Nullable Object freeze(@Nullable Object value) {
        return freeze(value, null, 0);
    }

    /**
     * Makes an immutable JSON object.
     *
     * @param value the entries; the values as for {@link #freeze}
     * @return the frozen object, in the order of the given map
     * @throws JsonException as {@link #freeze}
     */
    public static Map<String, @Nullable Object> object(Map<String, ? extends @Nullable Object> value) {
        return frozenMap(value, null, 0);
    }

    /**
     * Makes an immutable JSON array.
     *
     * @param value the items, as for {@link #freeze}
     * @return the frozen array, in the order of the given collection
     * @throws JsonException as {@link #freeze}
     */
    public static List<@Nullable Object> array(Collection<? extends @Nullable Object> value) {
        return frozenList(value, null, 0);
    }

    /**
     * Estimates the memory of a frozen value. Takes constant time, since frozen objects and arrays store their estimate.
     *
     * @param value a frozen value, or null
     * @return the estimate, in bytes; 0 for null and for a boolean
     */
    public static long weight(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            return 0;
        }
        if (value instanceof String text) {
            return STRING_WEIGHT + text.length();
        }
        if (value instanceof Frozen frozen) {
            return frozen.weight();
        }
        if (value instanceof BigInteger integer) {
            return STRING_WEIGHT + integer.bitLength() / 8;
        }
        if (value instanceof BigDecimal decimal) {
            return STRING_WEIGHT + SCALAR_WEIGHT + decimal.unscaledValue().bitLength() / 8;
        }
        return SCALAR_WEIGHT;
    }

    /**
     * The name of a value's JSON type, for messages.
     *
     * @param value a frozen value, or null
     * @return {@code object}, {@code array}, {@code string}, {@code number}, {@code boolean} or {@code null}
     */
    public static String typeName(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Map) {
            return "object";
        }
        if (value instanceof Collection) {
            return "array";
        }
        if (value instanceof Number) {
            return "number";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        return "string";
    }

    static int depth(@Nullable Object value) {
        return value instanceof Frozen frozen ? frozen.depth() : 0;
    }

    static @Nullable Object freeze(@Nullable Object value, @Nullable Place place, int depth) {
        if (value == null || isScalar(value)) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number, place);
        }
        if (value instanceof Map<?, ?> map) {
            return frozenMap(map, place, depth);
        }
        if (value instanceof Collection<?> items) {
            return frozenList(items, place, depth);
        }
        if (value.getClass().isArray()) {
            return frozenArray(value, place, depth);
        }
        if (value instanceof CharSequence || value instanceof Character || value instanceof UUID) {
            return value.toString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Value wrapped) {
            return freeze(wrapped.raw(), place, depth);
        }
        throw new JsonException(
                "invalid_value",
                Place.path(place),
                "The value at " + Place.path(place)
                        + " is not JSON; use null, a boolean, a number, a string, a Map with string keys or a List",
                new ClassCastException(value.getClass().getName()));
    }

    /** {@return whether a value is one of the usual ones that are frozen as they are} */
    private static boolean isScalar(@Nullable Object value) {
        return value == null
                || value instanceof String
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Boolean;
    }

    private static Number number(Number number, @Nullable Place place) {
        if (number instanceof Double || number instanceof Float) {
            double real = number.doubleValue();
            if (Double.isNaN(real) || Double.isInfinite(real)) {
                throw new JsonException(
                        "invalid_value",
                        Place.path(place),
                        "The number " + real + " at " + Place.path(place)
                                + " cannot be written as JSON; use null or a finite number");
            }
            return number instanceof Double ? number : (Number) real;
        }
        if (number instanceof Short || number instanceof Byte) {
            return number.intValue();
        }
        if (number.getClass() == BigDecimal.class || number.getClass() == BigInteger.class) {
            return number;
        }
        // Mutable numbers are read once, here.
        if (number instanceof java.util.concurrent.atomic.AtomicInteger) {
            return number.intValue();
        }
        if (number instanceof java.util.concurrent.atomic.AtomicLong
                || number instanceof java.util.concurrent.atomic.LongAdder) {
            return number.longValue();
        }
        throw new JsonException(
                "invalid_value",
                Place.path(place),
                "The number at " + Place.path(place)
                        + " is of a kind that is not JSON; use an int, a long, a double or a decimal",
                new ClassCastException(number.getClass().getName()));
    }

    private static FrozenMap frozenMap(Map<?, ?> map, @Nullable Place place, int depth) {
        if (map instanceof FrozenMap frozen) {
            checkDepth(place, depth + frozen.depth());
            return frozen;
        }
        checkDepth(place, depth + 1);
        if (map.isEmpty()) {
            return FrozenMap.EMPTY;
        }
        FrozenMap.Builder copy = new FrozenMap.Builder(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object key = entry.getKey();
            String name;
            if (key instanceof String text) {
                name = text;
            } else if (key instanceof Enum<?> constant) {
                name = constant.name();
            } else {
                throw new JsonException(
                        "invalid_value",
                        Place.path(place),
                        "The object at " + Place.path(place) + " has a key that is not a string",
                        new ClassCastException(
                                key == null ? "null" : key.getClass().getName()));
            }
            Object value = entry.getValue();
            copy.put(name, isScalar(value) ? value : freeze(value, new Place(place, name, -1), depth + 1));
        }
        return copy.build();
    }

    private static FrozenList frozenList(Collection<?> items, @Nullable Place place, int depth) {
        if (items instanceof FrozenList frozen) {
            checkDepth(place, depth + frozen.depth());
            return frozen;
        }
        checkDepth(place, depth + 1);
        if (items.isEmpty()) {
            return FrozenList.EMPTY;
        }
        java.util.ArrayList<@Nullable Object> copy = new java.util.ArrayList<>(items.size());
        for (Object item : items) {
            copy.add(isScalar(item) ? item : freeze(item, new Place(place, null, copy.size()), depth + 1));
        }
        return new FrozenList(copy.toArray());
    }

    private static FrozenList frozenArray(Object array, @Nullable Place place, int depth) {
        checkDepth(place, depth + 1);
        @Nullable Object[] copy = new Object[Array.getLength(array)];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = freeze(Array.get(array, i), new Place(place, null, i), depth + 1);
        }
        return new FrozenList(copy);
    }

    private static void checkDepth(@Nullable Place place, int depth) {
        if (depth > MAX_DEPTH) {
            throw new JsonException(
                    "value_too_deep",
                    Place.path(place),
                    "The value is nested more than " + MAX_DEPTH
                            + " deep; make it flatter, or keep it elsewhere and hold a reference");
        }
    }

    /** The current place in the value. It is written as a path only for an exception. */
    record Place(@Nullable Place parent, @Nullable String key, int index) {

        static String path(@Nullable Place place) {
            StringBuilder out = new StringBuilder("$");
            append(place, out);
            return out.toString();
        }

        private static void append(@Nullable Place place, StringBuilder out) {
            if (place == null) {
                return;
            }
            append(place.parent, out);
            JsonPath.appendSegment(out, place.key == null ? (Object) place.index : place.key);
        }
    }
}
