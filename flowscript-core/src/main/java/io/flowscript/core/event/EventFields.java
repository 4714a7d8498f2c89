package io.flowscript.core.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Receives the fields of one event from {@link Event#describe}. One implementation writes them as a message to clients;
 * another one estimates their memory. The names and the order of the fields are those of the protocol's messages
 * (protocol, section 1). JSON values are frozen (see
 * {@link io.flowscript.core.json.Json}). Used by one thread at a time.
 *
 * <p>Each method returns this object, so that calls can be chained.
 *
 * @since 0.1.0
 */
public interface EventFields {

    /**
     * A short text: an id, a code, or the name of an edge or a person. Its memory is not counted.
     *
     * @param field the name of the field
     * @param value the text; the field is left out when it is null
     * @return this
     */
    EventFields name(String field, @Nullable String value);

    /**
     * A text that may be long.
     *
     * @param field the name of the field
     * @param value the text; the field is left out when it is null
     * @return this
     */
    EventFields text(String field, @Nullable String value);

    /**
     * A whole number.
     *
     * @param field the name of the field
     * @param value the number
     * @return this
     */
    EventFields number(String field, long value);

    /**
     * True or false.
     *
     * @param field the name of the field
     * @param value the value
     * @return this
     */
    EventFields flag(String field, boolean value);

    /**
     * A time. The message to clients has it in milliseconds since 1970-01-01T00:00Z.
     *
     * @param field the name of the field
     * @param value the time; the field is left out when it is null
     * @return this
     */
    EventFields time(String field, @Nullable Instant value);

    /**
     * A length of time.
     *
     * @param field the name of the field
     * @param value the length; the message to clients has it in whole milliseconds
     * @return this
     */
    EventFields duration(String field, Duration value);

    /**
     * A list of texts.
     *
     * @param field the name of the field
     * @param values the texts; may be empty
     * @return this
     */
    EventFields texts(String field, List<String> values);

    /**
     * Any JSON value. When the value is too large for a message to clients, the message has only the field's name.
     *
     * @param field the name of the field
     * @param value the frozen value; the field is present also when it is null
     * @return this
     */
    EventFields value(String field, @Nullable Object value);

    /**
     * Any JSON value, as {@link #value}, but left out when it is null.
     *
     * @param field the name of the field
     * @param value the frozen value; the field is left out when it is null
     * @return this
     */
    EventFields optional(String field, @Nullable Object value);

    /**
     * The execution's state, or a part of it, as {@link #value}. An application can hide the state from clients.
     *
     * @param field the name of the field
     * @param value the frozen value; the field is present also when it is null
     * @return this
     */
    EventFields state(String field, @Nullable Object value);

    /**
     * A change of the execution's state: the fields {@code path} and {@code newValue}.
     *
     * @param path the path of the value in its normal form
     * @param newValue the new value, frozen; null also when the value was removed
     * @return this
     */
    default EventFields change(String path, @Nullable Object newValue) {
        return text("path", path).state("newValue", newValue);
    }

    /**
     * The hash of the data that a person is shown. The event holds only the data; the hash is computed when a message is
     * written.
     *
     * @param field the name of the field
     * @param shown the data that is shown; the field is left out when it is null
     * @return this
     */
    EventFields contextHash(String field, @Nullable Map<String, @Nullable Object> shown);

    /**
     * A text of the event that is not sent to clients.
     *
     * @param field the name of the field
     * @param value the text, or null
     * @return this
     */
    EventFields internal(String field, @Nullable String value);

    /**
     * Begins an object. The fields up to {@link #endObject} belong to it.
     *
     * @param field the name of the field
     * @return this
     */
    EventFields beginObject(String field);

    /**
     * Ends the object that began last.
     *
     * @return this
     */
    EventFields endObject();
}
