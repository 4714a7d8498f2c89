package io.flowscript.testkit.transport;

import io.flowscript.json.codec.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Messages in the form that a bridge sends (protocol, section 1), for transports that read their contents. */
final class Messages {

    /** The log epoch of all events. */
    static final String EPOCH = "contract";

    private static final long TIME = 1_764_000_000_000L;
    private static final Pattern NUMBER = Pattern.compile("\"seq\":(\\d+)");
    private static final Pattern EXECUTION = Pattern.compile("\"executionId\":\"([^\"]+)\"");
    private static final Pattern AFTER = Pattern.compile("\"after\":(\\d+)");

    /**
     * UTF-8 sequences of one to four bytes, characters that JSON escapes, and text that looks like the end of a
     * message.
     */
    private static final String[] CHARACTERS = {
        "a", "é", "世", "👋", "\"", "\\", "\n", "\u0000", "}", "\u2028", "\uFFFD", "𝄞", "ß", "]", "\r\n\r\n", "data: "
    };

    private Messages() {}

    static byte[] connected(int number) {
        return message("connected", null, Map.of("clientId", "client-" + number));
    }

    static byte[] subscribed(String executionId, long after) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("executionId", executionId);
        data.put("epoch", EPOCH);
        data.put("after", after);
        data.put("oldest", 1);
        data.put("latest", after);
        data.put("status", "running");
        return message("subscribed", null, data);
    }

    /** Creates an event with a given number of characters of all kinds. */
    static byte[] event(long seq, int characters) {
        StringBuilder text = new StringBuilder(characters);
        for (int i = 0; text.length() < characters; i++) {
            text.append(CHARACTERS[(int) ((i + seq) % CHARACTERS.length)]);
        }
        return event(seq, text.toString());
    }

    /** Creates an event of about a given number of bytes, quickly. */
    static byte[] bulk(long seq, int bytes) {
        return event(seq, "x".repeat(bytes));
    }

    static boolean isEvent(String message) {
        return NUMBER.matcher(message).find();
    }

    static String text(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }

    static String executionOf(String subscribe) {
        Matcher found = EXECUTION.matcher(subscribe);
        if (found.find()) {
            return found.group(1);
        }
        throw new AssertionError(
                "The first message of a transport that subscribes must name an execution, but this one does not: "
                        + subscribe);
    }

    static long afterOf(String subscribe) {
        Matcher found = AFTER.matcher(subscribe);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    private static byte[] event(long seq, String payload) {
        return message("workflow_event", seq, Map.of("payload", payload));
    }

    private static byte[] message(String type, @Nullable Long seq, Map<String, ?> data) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("type", type);
        message.put("timestamp", TIME);
        if (seq != null) {
            message.put("seq", seq);
        }
        message.put("data", data);
        return JsonWriter.write(message);
    }
}
