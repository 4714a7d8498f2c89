package io.flowscript.json.protocol;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.event.EventFields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives the members of one JSON object in their order, for a message or for a REST resource. Both have the same
 * members. A message has times as epoch milliseconds, a resource has them in ISO 8601. Used by one thread at a time.
 */
interface FieldWriter extends EventFields {

    @Override
    FieldWriter name(String field, @Nullable String value);

    @Override
    FieldWriter text(String field, @Nullable String value);

    @Override
    FieldWriter number(String field, long value);

    @Override
    FieldWriter flag(String field, boolean value);

    @Override
    FieldWriter time(String field, @Nullable Instant value);

    /** Writes whole milliseconds into a message. Resources have times but no durations. */
    @Override
    FieldWriter duration(String field, Duration value);

    @Override
    FieldWriter texts(String field, List<String> values);

    @Override
    FieldWriter value(String field, @Nullable Object value);

    @Override
    FieldWriter optional(String field, @Nullable Object value);

    @Override
    FieldWriter state(String field, @Nullable Object value);

    @Override
    FieldWriter beginObject(String field);

    @Override
    FieldWriter endObject();

    /** Sets what is hidden of the fields that follow. */
    FieldWriter redacting(Redaction redaction);

    /** {@return what is shown of a value, for fields that are made of it; null when it is hidden} */
    @Nullable
    Object shown(String field, @Nullable Object value);

    /** Writes an object. */
    FieldWriter object(String field, Consumer<FieldWriter> members);

    /** Writes an array with an object for each item. */
    <T> FieldWriter objects(String field, List<T> items, BiConsumer<T, FieldWriter> members);

    /** Writes members that only messages have. */
    FieldWriter inMessages(Consumer<FieldWriter> members);

    /** Writes members that only REST resources have. */
    FieldWriter inResources(Consumer<FieldWriter> members);
}
