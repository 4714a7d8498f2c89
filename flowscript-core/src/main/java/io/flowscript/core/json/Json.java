package io.flowscript.core.json;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes immutable JSON values of plain Java ones and tells their size. Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Json {

    /** How deep a value may be nested. Deeper ones are refused with {@code value_too_deep}. */
    public static final int MAX_DEPTH = 256;

    static final long CONTAINER_WEIGHT = 64;
    static final long ENTRY_WEIGHT = 40;
    static final long REFERENCE_WEIGHT = 4;
    private static final long SCALAR_WEIGHT = 16;
    private static final long STRING_WEIGHT = 40;

    private Json() {}

    /**
     * An immutable copy of a value, or the value itself where it is immutable already. Taken are null, Boolean, String,
     * every Number of the JDK, Character, enum constants and UUIDs (as their names), Maps with String keys,
     * Collections and arrays of these. What was frozen before is not copied again, so freezing twice costs nothing.
     *
     * @param value the value, or null
     * @return the frozen value: null, Boolean, String, Number, Map or List
     * @throws JsonException with code {@code invalid_value} for anything else, for NaN and for infinities, or
     *     {@code value_too_deep}; its path says where, and its cause of which class it is: the message names none, since
     *     it may be shown to people
     */
    public static @Nullable Object freeze(@Nullable Object value) {
        return freeze(value, null, 0);
    }

    /**
     * An immutable JSON object.
     *
     * @param value the entries; keys must be strings
     * @return the frozen object, in the order of the given map
     * @throws JsonException as {@link #freeze}
     */
    public static Map<String, @Nullable Object> object(Map<String, ? extends @Nullable Object> value) {
        return frozenMap(value, null, 0);
    }

    /**
     * An immutable JSON array.
     *
     * @param value the items
     * @return the frozen array
     * @throws JsonException as {@link #freeze}
     */
    public static List<@Nullable Object> array(Collection<? extends @Nullable Object> value) {
        return frozenList(value, null, 0);
    }

    /**
     * An estimate of the memory that a frozen value holds. Constant time, since containers know theirs.
     *
     * @param value a frozen value
     * @return bytes, 0 for null
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
     * The JSON name of a value's type, for messages to people.
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
        if (value == null || value instanceof String || value instanceof Boolean) {
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

    private static Number number(Number number, @Nullable Place place) {
        if (number instanceof Integer || number instanceof Long) {
            return number;
        }
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
        // Counters and the like are read once, here.
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
        LinkedHashMap<String, @Nullable Object> copy = new LinkedHashMap<>();
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
            copy.put(name, freeze(entry.getValue(), new Place(place, name, -1), depth + 1));
        }
        return new FrozenMap(copy);
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
            copy.add(freeze(item, new Place(place, null, copy.size()), depth + 1));
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

    /** Where in the value the freezing is; only spelled out when something is wrong. */
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
