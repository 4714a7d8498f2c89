package io.flowscript.json;

import io.flowscript.json.codec.Plain;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The fields of one JSON object that is written or read. One method describes a type for both directions: it asks for each
 * field once, in the order of the JSON, and makes an object of the results. While an object is written, each call
 * writes the field to a generator and returns its value. While JSON is read, each call returns what it reads; a required field that
 * is absent and a value of another type are errors. For one thread.
 *
 * @param <T> the type that is described
 */
final class JsonFields<T> {

    private final Source<T> source;

    /** Where the fields come from. */
    private sealed interface Source<T> {}

    /** An object that is written. */
    private record Written<T>(T object, JsonGenerator json) implements Source<T> {}

    /** JSON that is read. */
    private record Read<T>(Map<String, @Nullable Object> json) implements Source<T> {}

    /**
     * How a value is written and read.
     *
     * @param write writes the value as JSON
     * @param read makes the value of the JSON
     */
    record FieldType<V>(BiConsumer<V, JsonGenerator> write, Function<Object, V> read) {

        /** The type that a method describes. */
        static <V> FieldType<V> describedBy(Function<JsonFields<V>, V> description) {
            return new FieldType<>(
                    (value, json) -> {
                        json.writeStartObject();
                        JsonFields.write(value, json, description);
                        json.writeEndObject();
                    },
                    json -> JsonFields.read(Plain.object(json), description));
        }

        /** A type whose values are texts in JSON. */
        static <V> FieldType<V> ofText(Function<V, String> write, Function<String, V> read) {
            return new FieldType<>(
                    (value, json) -> json.writeString(write.apply(value)), json -> read.apply((String) json));
        }
    }

    private JsonFields(Source<T> source) {
        this.source = source;
    }

    /** Writes the fields of an object, into the JSON object that has begun. */
    @SuppressWarnings("ReturnValueIgnored") // the description makes a copy, which only reading needs
    static <T> void write(T object, JsonGenerator json, Function<JsonFields<T>, T> description) {
        description.apply(new JsonFields<>(new Written<>(object, json)));
    }

    static <T> T read(Map<String, @Nullable Object> json, Function<JsonFields<T>, T> description) {
        return description.apply(new JsonFields<>(new Read<>(json)));
    }

    /** A field that is not null. */
    <V> V required(String name, Function<T, V> get, FieldType<V> type) {
        return Objects.requireNonNull(optional(name, get, type), name);
    }

    /** A field that may be null. */
    <V> @Nullable V optional(String name, Function<T, @Nullable V> get, FieldType<V> type) {
        if (source instanceof Read<T> read) {
            Object value = read.json().get(name);
            return value == null ? null : type.read().apply(value);
        }
        Written<T> written = (Written<T>) source;
        V value = get.apply(written.object());
        written.json().writeName(name);
        if (value == null) {
            written.json().writeNull();
        } else {
            type.write().accept(value, written.json());
        }
        return value;
    }

    /** A field that may be null, and is left out then. */
    <V> @Nullable V unlessNull(String name, Function<T, @Nullable V> get, FieldType<V> type) {
        return has(name, object -> get.apply(object) != null) ? optional(name, get, type) : null;
    }

    /** The fields of a part of the object, among the fields of the object itself. */
    <V> V part(Function<T, V> get, Function<JsonFields<V>, V> description) {
        return description.apply(new JsonFields<>(
                source instanceof Written<T> written
                        ? new Written<>(get.apply(written.object()), written.json())
                        : new Read<>(((Read<T>) source).json())));
    }

    /** A field with a list of values that are not null. */
    <V> List<V> list(String name, Function<T, List<V>> get, FieldType<V> type) {
        return required(
                name,
                get,
                new FieldType<>(
                        (values, json) -> {
                            json.writeStartArray();
                            for (V value : values) {
                                type.write().accept(value, json);
                            }
                            json.writeEndArray();
                        },
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
        return source instanceof Written<T> written
                ? has.test(written.object())
                : ((Read<T>) source).json().containsKey(name);
    }
}
