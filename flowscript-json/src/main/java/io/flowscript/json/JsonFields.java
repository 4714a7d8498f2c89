package io.flowscript.json;

import io.flowscript.json.codec.Plain;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object that is written or read. One method describes a type for both directions: it asks for each
 * field once, in the order of the JSON, and makes an object of the results. While an object is written, each call
 * writes the field and returns its value. While JSON is read, each call returns what it reads; a required field that
 * is absent and a value of another type are errors. For one thread.
 *
 * @param <T> the type that is described
 */
final class JsonFields<T> {

    private final @Nullable T written;
    private final Map<String, @Nullable Object> json;

    /**
     * How a value is written and read.
     *
     * @param write makes JSON of the value
     * @param read makes the value of the JSON
     */
    record FieldType<V>(Function<V, @Nullable Object> write, Function<Object, V> read) {

        /** The type that a method describes. */
        static <V> FieldType<V> describedBy(Function<JsonFields<V>, V> description) {
            return new FieldType<>(
                    value -> JsonFields.write(value, new LinkedHashMap<>(), description),
                    json -> JsonFields.read(Plain.object(json), description));
        }
    }

    private JsonFields(@Nullable T written, Map<String, @Nullable Object> json) {
        this.written = written;
        this.json = json;
    }

    /** Adds the fields of an object to JSON, and returns the JSON. */
    @SuppressWarnings("ReturnValueIgnored") // the description makes a copy, which only reading needs
    static <T> Map<String, @Nullable Object> write(
            T object, Map<String, @Nullable Object> json, Function<JsonFields<T>, T> description) {
        description.apply(new JsonFields<>(object, json));
        return json;
    }

    static <T> T read(Map<String, @Nullable Object> json, Function<JsonFields<T>, T> description) {
        return description.apply(new JsonFields<>(null, json));
    }

    /** A field that is not null. */
    <V> V required(String name, Function<T, V> get, FieldType<V> type) {
        return Objects.requireNonNull(optional(name, get, type), name);
    }

    /** A field that may be null. */
    <V> @Nullable V optional(String name, Function<T, @Nullable V> get, FieldType<V> type) {
        if (written == null) {
            Object value = json.get(name);
            return value == null ? null : type.read().apply(value);
        }
        V value = get.apply(written);
        json.put(name, value == null ? null : type.write().apply(value));
        return value;
    }

    /** A field that may be null, and is left out then. */
    <V> @Nullable V unlessNull(String name, Function<T, @Nullable V> get, FieldType<V> type) {
        return has(name, object -> get.apply(object) != null) ? optional(name, get, type) : null;
    }

    /** The fields of a part of the object, among the fields of the object itself. */
    <V> V part(Function<T, V> get, Function<JsonFields<V>, V> description) {
        return description.apply(new JsonFields<>(written == null ? null : get.apply(written), json));
    }

    /** A field with a list of values that are not null. */
    <V> List<V> list(String name, Function<T, List<V>> get, FieldType<V> type) {
        return required(
                name,
                get,
                new FieldType<>(
                        values -> values.stream().map(type.write()).toList(),
                        json -> Plain.array(json).stream()
                                .map(value -> type.read().apply(Objects.requireNonNull(value, name)))
                                .toList()));
    }

    /** A field with a list of values that are not null, which is left out when the list is empty. */
    <V> List<V> unlessEmpty(String name, Function<T, List<V>> get, FieldType<V> type) {
        return has(name, object -> !get.apply(object).isEmpty()) ? list(name, get, type) : List.of();
    }

    /** Whether a field is there that is left out of some objects. */
    boolean has(String name, Predicate<T> has) {
        return written == null ? json.containsKey(name) : has.test(written);
    }
}
