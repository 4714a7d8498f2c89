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
abstract sealed class JsonFields<T> {

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

        /** A type whose values are texts in JSON: the names of constants. */
        static <E extends Enum<E>> FieldType<E> ofConstant(Class<E> type) {
            return ofText(Enum::name, name -> Enum.valueOf(type, name));
        }
    }

    /** Writes the fields of an object, into the JSON object that has begun. */
    @SuppressWarnings("ReturnValueIgnored") // the description makes a copy, which only reading needs
    static <T> void write(T object, JsonGenerator json, Function<JsonFields<T>, T> description) {
        description.apply(new Written<>(object, json));
    }

    static <T> T read(Map<String, @Nullable Object> json, Function<JsonFields<T>, T> description) {
        return description.apply(new Read<>(json));
    }

    /** A field that is not null. */
    final <V> V required(String name, Function<T, V> get, FieldType<V> type) {
        return Objects.requireNonNull(nullable(name, get, type), name);
    }

    /** A field that may be null, and is left out then. */
    abstract <V> @Nullable V optional(String name, Function<T, @Nullable V> get, FieldType<V> type);

    /** A field that may be null, and is there all the same. */
    abstract <V> @Nullable V nullable(String name, Function<T, @Nullable V> get, FieldType<V> type);

    /** A field with a list of values that are not null, which is left out when the list is empty. */
    abstract <V> List<V> list(String name, Function<T, List<V>> get, FieldType<V> type);

    /** Whether a field is there that is left out of some objects. */
    abstract boolean has(String name, Predicate<T> has);

    /** The fields of an object that is written. */
    private static final class Written<T> extends JsonFields<T> {

        private final T object;
        private final JsonGenerator json;

        Written(T object, JsonGenerator json) {
            this.object = object;
            this.json = json;
        }

        @Override
        <V> @Nullable V optional(String name, Function<T, @Nullable V> get, FieldType<V> type) {
            V value = get.apply(object);
            if (value != null) {
                write(name, value, type);
            }
            return value;
        }

        @Override
        <V> @Nullable V nullable(String name, Function<T, @Nullable V> get, FieldType<V> type) {
            V value = get.apply(object);
            if (value == null) {
                json.writeNullProperty(name);
            } else {
                write(name, value, type);
            }
            return value;
        }

        private <V> void write(String name, V value, FieldType<V> type) {
            json.writeName(name);
            type.write().accept(value, json);
        }

        @Override
        <V> List<V> list(String name, Function<T, List<V>> get, FieldType<V> type) {
            List<V> values = get.apply(object);
            if (values.isEmpty()) {
                return values;
            }
            json.writeName(name);
            json.writeStartArray();
            for (V value : values) {
                type.write().accept(value, json);
            }
            json.writeEndArray();
            return values;
        }

        @Override
        boolean has(String name, Predicate<T> has) {
            return has.test(object);
        }
    }

    /** The fields of JSON that is read. */
    private static final class Read<T> extends JsonFields<T> {

        private final Map<String, @Nullable Object> json;

        Read(Map<String, @Nullable Object> json) {
            this.json = json;
        }

        @Override
        <V> @Nullable V optional(String name, Function<T, @Nullable V> get, FieldType<V> type) {
            return nullable(name, get, type);
        }

        @Override
        <V> @Nullable V nullable(String name, Function<T, @Nullable V> get, FieldType<V> type) {
            Object value = json.get(name);
            return value == null ? null : type.read().apply(value);
        }

        @Override
        <V> List<V> list(String name, Function<T, List<V>> get, FieldType<V> type) {
            return json.containsKey(name)
                    ? Plain.array(json.get(name)).stream()
                            .map(value -> type.read().apply(Objects.requireNonNull(value, name)))
                            .toList()
                    : List.of();
        }

        @Override
        boolean has(String name, Predicate<T> has) {
            return json.containsKey(name);
        }
    }
}
