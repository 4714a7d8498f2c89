package io.flowscript.core.event;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fields of one event, by which an event {@link Event#describe describes itself}. One implementation writes them as a message,
 * another one weighs them. The names and the order are those of the wire (protocol, section 1). Used by one thread at a time.
 *
 * <p>Each method gives this object back, so that calls can be chained.
 *
 * @since 0.1.0
 */
public interface EventFields {

    /**
     * A short name of something: an id, a code, an edge, a person. A log does not weigh it.
     *
     * @param field the field
     * @param value the name; the field is left out when it is null
     * @return this
     */
    EventFields name(String field, @Nullable String value);

    /**
     * A text that may be long.
     *
     * @param field the field
     * @param value the text; the field is left out when it is null
     * @return this
     */
    EventFields text(String field, @Nullable String value);

    /**
     * A whole number.
     *
     * @param field the field
     * @param value the number
     * @return this
     */
    EventFields number(String field, long value);

    /**
     * True or false.
     *
     * @param field the field
     * @param value the value
     * @return this
     */
    EventFields flag(String field, boolean value);

    /**
     * A time; clients are sent epoch milliseconds.
     *
     * @param field the field
     * @param value the time; the field is left out when it is null
     * @return this
     */
    EventFields time(String field, @Nullable Instant value);

    /**
     * A length of time that follows from two times of the same object.
     *
     * @param field the field
     * @param value the length; clients are sent whole milliseconds
     * @return this
     */
    EventFields duration(String field, Duration value);

    /**
     * Texts.
     *
     * @param field the field
     * @param values the texts, may be empty
     * @return this
     */
    EventFields texts(String field, List<String> values);

    /**
     * Any JSON value. Clients are sent the field's name only when the value is too large for them.
     *
     * @param field the field
     * @param value the frozen value; the field is there when it is null, too
     * @return this
     */
    EventFields value(String field, @Nullable Object value);

    /**
     * Any JSON value, as {@link #value}.
     *
     * @param field the field
     * @param value the frozen value; the field is left out when it is null
     * @return this
     */
    EventFields optional(String field, @Nullable Object value);

    /**
     * A part of the execution's state, or all of it: as {@link #value}, but an application can keep it from clients.
     *
     * @param field the field
     * @param value the frozen value; the field is there when it is null, too
     * @return this
     */
    EventFields state(String field, @Nullable Object value);

    /**
     * The hash of what a person is shown. Only what is shown is held; the hash is made when it is needed.
     *
     * @param field the field
     * @param shown what is shown; the field is left out when it is null
     * @return this
     */
    EventFields contextHash(String field, @Nullable Map<String, @Nullable Object> shown);

    /**
     * A text that the event holds and clients are not sent.
     *
     * @param field the field
     * @param value the text, or null
     * @return this
     */
    EventFields internal(String field, @Nullable String value);

    /**
     * Begins an object, whose fields follow until {@link #endObject}.
     *
     * @param field the field
     * @return this
     */
    EventFields beginObject(String field);

    /**
     * Ends the object that was begun last.
     *
     * @return this
     */
    EventFields endObject();
}
