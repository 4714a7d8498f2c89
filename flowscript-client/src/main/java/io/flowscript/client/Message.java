package io.flowscript.client;

import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.Plain;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of the server. Immutable as long as nobody changes its data.
 *
 * @param type the kind of message
 * @param timestamp when it was made, in milliseconds since 1970; 0 when it does not say
 * @param seq the number of an event; 0 for other messages
 * @param replyTo the id of the request that it replies to; null for none
 * @param data its fields
 * @param retryAfter how long to wait before the request is sent again; zero when it does not say
 */
record Message(
        String type,
        long timestamp,
        long seq,
        @Nullable String replyTo,
        Map<String, @Nullable Object> data,
        Duration retryAfter) {

    /** A value of the greatest depth, with room for the objects around it. */
    private static final JsonReader READER = new JsonReader(Json.MAX_DEPTH + 16);

    /** A message that the client makes of the reply to a request over HTTP. */
    static Message made(String type, @Nullable String replyTo, Map<String, @Nullable Object> data) {
        return new Message(type, 0, 0, replyTo, data, Duration.ZERO);
    }

    /**
     * Reads a message.
     *
     * @throws io.flowscript.core.FlowScriptException when the text is not a message
     */
    static Message parse(String text) {
        return of(object(text));
    }

    /**
     * Makes a message of its fields.
     *
     * @throws io.flowscript.core.FlowScriptException when they are not those of a message
     */
    static Message of(Map<String, @Nullable Object> fields) {
        Object data = fields.get("data");
        return new Message(
                text(fields, "type"),
                number(fields, "timestamp", 0),
                number(fields, "seq", 0),
                fields.get("replyTo") instanceof String id ? id : null,
                data == null ? Map.of() : object(data),
                Duration.ZERO);
    }

    /** Reads a JSON object. */
    static Map<String, @Nullable Object> object(String text) {
        Object value = READER.read(text);
        if (value == null) {
            throw malformed("null is not an object");
        }
        return object(value);
    }

    static Map<String, @Nullable Object> object(@Nullable Object value) {
        if (value instanceof Map<?, ?>) {
            return Plain.object(value);
        }
        throw malformed("An object is expected");
    }

    boolean is(String other) {
        return type.equals(other);
    }

    String text(String name) {
        return text(data, name);
    }

    @Nullable
    String optionalText(String name) {
        return data.get(name) instanceof String text ? text : null;
    }

    /** {@return a whole number of the data; the other one when there is none} */
    long number(String name, long otherwise) {
        return number(data, name, otherwise);
    }

    static String text(Map<String, @Nullable Object> fields, String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw malformed("The text " + name + " is missing");
    }

    static long number(Map<String, @Nullable Object> fields, String name, long otherwise) {
        return fields.get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    private static ClientException malformed(String why) {
        return new ClientException("invalid_json", why);
    }
}
