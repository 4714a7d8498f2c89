package io.flowscript.core.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value with typed access, so that a node needs no casts. It has the path where it was found; an exception about a
 * wrong type names this path. A value can be missing, which is not the same as null. Equality compares the
 * plain values and ignores the path.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Value {

    private final String path;
    private final @Nullable Object raw;
    private final boolean missing;

    private Value(String path, @Nullable Object raw, boolean missing) {
        this.path = path;
        this.raw = raw;
        this.missing = missing;
    }

    /**
     * Freezes and wraps a plain value.
     *
     * @param value the value, as for {@link Json#freeze}
     * @return the value
     * @throws JsonException as {@link Json#freeze}
     */
    public static Value of(@Nullable Object value) {
        return new Value("$", Json.freeze(value), false);
    }

    static Value at(String path, @Nullable Object frozen) {
        return new Value(path, frozen, false);
    }

    /**
     * Makes a missing value.
     *
     * @param path the path where there is no value, for messages
     * @return the missing value
     */
    public static Value missing(String path) {
        return new Value(path, null, true);
    }

    /**
     * Finds the value at a path inside this value.
     *
     * @param relative a path as for {@link JsonPath#parse}, with this value as its root
     * @return the value there, or a missing one
     * @throws JsonException with code {@code invalid_path} when the text is not a path
     */
    public Value get(String relative) {
        JsonPath below = JsonPath.parse(relative);
        Value found = below.find(raw);
        String place = path + below.toString().substring(1);
        return missing || found.missing ? missing(place) : at(place, found.raw);
    }

    /** {@return whether there is no value at this path} */
    public boolean isMissing() {
        return missing;
    }

    /** {@return whether this is null or missing} */
    public boolean isNull() {
        return raw == null;
    }

    /** {@return the plain value: null, Boolean, String, Number, an immutable Map or an immutable List} */
    public @Nullable Object raw() {
        return raw;
    }

    /** {@return the path where this value was found, such as {@code $.items[3]}} */
    public String path() {
        return path;
    }

    /**
     * This value, or another one when this one is null or missing.
     *
     * @param other the plain value to use instead, as for {@link Json#freeze}
     * @return this value, or the other one with the path of this one
     * @throws JsonException as {@link Json#freeze}
     */
    public Value orElse(@Nullable Object other) {
        return isNull() ? at(path, Json.freeze(other)) : this;
    }

    /**
     * {@return the string}
     *
     * @throws JsonException with code {@code wrong_type} when it is not a string
     */
    public String asString() {
        if (raw instanceof String text) {
            return text;
        }
        throw wrongType("a string");
    }

    /**
     * {@return the boolean}
     *
     * @throws JsonException with code {@code wrong_type} when it is not a boolean
     */
    public boolean asBoolean() {
        if (raw instanceof Boolean flag) {
            return flag;
        }
        throw wrongType("a boolean");
    }

    /**
     * {@return the number as an int}
     *
     * @throws JsonException with code {@code wrong_type} when it is not a whole number in the range of an int
     */
    public int asInt() {
        try {
            return decimal().intValueExact();
        } catch (ArithmeticException e) {
            throw wrongType("a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
        }
    }

    /**
     * {@return the number as a long}
     *
     * @throws JsonException with code {@code wrong_type} when it is not a whole number in the range of a long
     */
    public long asLong() {
        try {
            return decimal().longValueExact();
        } catch (ArithmeticException e) {
            throw wrongType("a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE);
        }
    }

    /**
     * {@return the number as a double, rounded when a double cannot represent it}
     *
     * @throws JsonException with code {@code wrong_type} when it is not a number
     */
    public double asDouble() {
        if (raw instanceof Number number) {
            return number.doubleValue();
        }
        throw wrongType("a number");
    }

    /**
     * {@return the number as a decimal, without rounding}
     *
     * @throws JsonException with code {@code wrong_type} when it is not a number
     */
    public BigDecimal asDecimal() {
        return decimal();
    }

    /**
     * {@return the items of the array}
     *
     * @throws JsonException with code {@code wrong_type} when it is not an array
     */
    public List<Value> asList() {
        if (!(raw instanceof List<?> items)) {
            throw wrongType("an array");
        }
        List<Value> values = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            values.add(at(path + "[" + i + "]", items.get(i)));
        }
        return values;
    }

    /**
     * {@return the entries of the object as an immutable map of plain values}
     *
     * @throws JsonException with code {@code wrong_type} when it is not an object
     */
    public Map<String, @Nullable Object> asMap() {
        if (raw instanceof Map<?, ?>) {
            return entries(raw);
        }
        throw wrongType("an object");
    }

    /** The cast is safe, since all keys of a frozen object are strings. */
    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> entries(@Nullable Object frozenMap) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(frozenMap);
    }

    private BigDecimal decimal() {
        if (raw instanceof BigDecimal decimal) {
            return decimal;
        }
        if (raw instanceof BigInteger integer) {
            return new BigDecimal(integer);
        }
        if (raw instanceof Double real) {
            return BigDecimal.valueOf(real);
        }
        if (raw instanceof Number number) {
            return BigDecimal.valueOf(number.longValue());
        }
        throw wrongType("a number");
    }

    private JsonException wrongType(String wanted) {
        String there = missing ? "there is nothing" : "there is a value of type " + Json.typeName(raw);
        return new JsonException("wrong_type", path, "Expected " + wanted + " at " + path + ", but " + there);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Value value && value.missing == missing && Objects.equals(value.raw, raw);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(raw);
    }

    /** {@return the plain value as a string; {@code missing} for a missing value} */
    @Override
    public String toString() {
        return missing ? "missing" : String.valueOf(raw);
    }
}
