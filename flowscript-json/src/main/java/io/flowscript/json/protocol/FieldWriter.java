package io.flowscript.json.protocol;

import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the members of one JSON object in their order, for a message or for a resource of REST. A member whose value is null is left out, unless
 * a method says otherwise. Used by one thread at a time.
 */
interface FieldWriter {

    FieldWriter text(String name, @Nullable String value);

    FieldWriter number(String name, @Nullable Number value);

    /** Epoch milliseconds in messages, ISO 8601 in REST. */
    FieldWriter time(String name, @Nullable Instant value);

    FieldWriter texts(String name, List<String> values);

    /** Any JSON value, null too. A value that is too large is left out, and its place is named in {@code omitted}. */
    FieldWriter value(String name, @Nullable Object value);

    /** The same; left out when it is null. */
    default FieldWriter optional(String name, @Nullable Object value) {
        return value == null ? this : value(name, value);
    }

    /** A value that belongs to the state, which an application can keep from clients. */
    FieldWriter state(String name, @Nullable Object value);

    /** An object. */
    FieldWriter object(String name, Consumer<FieldWriter> members);

    /** An array with an object for each item. */
    <T> FieldWriter objects(String name, List<T> items, BiConsumer<T, FieldWriter> members);

    /** Members that only messages have. */
    FieldWriter inMessages(Consumer<FieldWriter> members);

    /** Members that only resources of REST have. */
    FieldWriter inResources(Consumer<FieldWriter> members);
}
