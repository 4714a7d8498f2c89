package io.flowscript.json.protocol;

import io.flowscript.core.FlowScriptException;
import io.flowscript.json.codec.JsonReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The type and the number of a server's message. Transports such as server-sent events repeat them outside of the
 * message. A message that this library wrote is not parsed completely for this, because its head is at the beginning.
 *
 * @param type the type of the message
 * @param seq the number of the event; null when the message is not an event
 * @since 0.1.0
 */
public record MessageHead(String type, @Nullable Long seq) {

    private static final byte[] TYPE = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TIMESTAMP = "\",\"timestamp\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SEQ = ",\"seq\":".getBytes(StandardCharsets.US_ASCII);

    /** More digits might not fit into a long. */
    private static final int MAX_DIGITS = 18;

    /**
     * Reads the head of a message.
     *
     * @param message one message of a server, UTF-8; its position is not changed
     * @return its head
     * @throws FlowScriptException with code {@code invalid_message} when it is not a message
     */
    public static MessageHead of(ByteBuffer message) {
        int from = message.position();
        if (startsWith(message, from, TYPE)) {
            int name = from + TYPE.length;
            int end = name;
            while (end < message.limit() && isNamePart(message.get(end))) {
                end++;
            }
            if (end > name && startsWith(message, end, TIMESTAMP)) {
                int afterTime = afterDigits(message, end + TIMESTAMP.length);
                String type = ascii(message, name, end);
                if (!startsWith(message, afterTime, SEQ)) {
                    return new MessageHead(type, null);
                }
                int number = afterTime + SEQ.length;
                int afterNumber = afterDigits(message, number);
                if (afterNumber > number && afterNumber - number <= MAX_DIGITS) {
                    return new MessageHead(type, Long.parseLong(ascii(message, number, afterNumber)));
                }
            }
        }
        return parsed(message);
    }

    /**
     * Reads the data of a message.
     *
     * @param message one message of a server, UTF-8; its position is not changed
     * @return its data; empty when it has none
     */
    public static Map<?, ?> data(ByteBuffer message) {
        return fields(message).get("data") instanceof Map<?, ?> data ? data : Map.of();
    }

    /** Reads the head of a message whose fields are in another order, because another bridge wrote it. */
    private static MessageHead parsed(ByteBuffer message) {
        Map<?, ?> fields = fields(message);
        if (fields.get("type") instanceof String type && type.chars().allMatch(c -> c >= ' ')) {
            return new MessageHead(type, fields.get("seq") instanceof Number seq ? seq.longValue() : null);
        }
        throw new FlowScriptException("invalid_message", "A message has a type; this one has none");
    }

    private static Map<?, ?> fields(ByteBuffer message) {
        return new JsonReader(MessageParser.MAX_DEPTH).read(message.duplicate()) instanceof Map<?, ?> fields
                ? fields
                : Map.of();
    }

    private static boolean startsWith(ByteBuffer message, int at, byte[] expected) {
        if (message.limit() - at < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (message.get(at + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static int afterDigits(ByteBuffer message, int from) {
        int at = from;
        while (at < message.limit() && message.get(at) >= '0' && message.get(at) <= '9') {
            at++;
        }
        return at;
    }

    private static boolean isNamePart(byte b) {
        return (b >= 'a' && b <= 'z') || b == '_';
    }

    private static String ascii(ByteBuffer message, int from, int to) {
        byte[] bytes = new byte[to - from];
        message.get(from, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
