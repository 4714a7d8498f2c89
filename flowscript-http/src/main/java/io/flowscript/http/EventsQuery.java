package io.flowscript.http;

import io.flowscript.core.log.Position;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.PositionText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request for events: which events of an execution it wants (protocol, section 5). Immutable.
 *
 * @param executionId the execution
 * @param after the position after which events are sent; null for {@code latest}
 * @param types names of event types on the wire; empty for all
 * @param nodes names of nodes; empty for all
 * @param limit the maximum number of events of a long poll
 * @param patience how long a long poll waits for an event
 */
record EventsQuery(
        String executionId,
        @Nullable Position after,
        List<String> types,
        List<String> nodes,
        int limit,
        Duration patience) {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_WAIT_SECONDS = 30;
    private static final String LATEST = "latest";

    /**
     * Reads a request.
     *
     * @param executionId the execution
     * @param query the parameters of the query string; unknown ones are ignored
     * @param lastEventId the position from which a stream continues, which takes precedence over the query; null for none
     * @return the query
     * @throws Refusal with 400
     */
    static EventsQuery of(String executionId, Map<String, List<String>> query, @Nullable String lastEventId) {
        String given = lastEventId == null ? one(query, "after") : lastEventId;
        return new EventsQuery(
                executionId,
                given == null ? Position.START : LATEST.equals(given) ? null : position(given),
                many(query, "types"),
                many(query, "nodes"),
                number(query, "limit", 1, MAX_LIMIT, DEFAULT_LIMIT),
                Duration.ofSeconds(number(query, "wait", 0, MAX_WAIT_SECONDS, 0)));
    }

    /** Converts the query to a subscribe message of the client protocol (section 2). */
    ByteBuffer subscribe() {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", executionId);
        data.put("after", after == null ? LATEST : after.seq());
        if (after != null && after.epoch() != null) {
            data.put("epoch", after.epoch());
        }
        if (!types.isEmpty()) {
            data.put("types", types);
        }
        if (!nodes.isEmpty()) {
            data.put("nodes", nodes);
        }
        return ByteBuffer.wrap(JsonWriter.write(Map.of("type", "subscribe", "data", data)));
    }

    private static Position position(String text) {
        return PositionText.parse(text)
                .orElseThrow(() -> refusal("A position (after, Last-Event-ID) is one that this server has given, or "
                        + LATEST + "; this is none"));
    }

    private static @Nullable String one(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw refusal("The parameter " + name + " is there more than once");
        }
        return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
    }

    /** Returns the values of a parameter. It may be repeated, or have several values separated by commas. */
    private static List<String> many(Map<String, List<String>> query, String name) {
        return query.getOrDefault(name, List.of()).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .filter(value -> !value.isEmpty())
                .toList();
    }

    private static int number(Map<String, List<String>> query, String name, int least, int most, int otherwise) {
        String text = one(query, name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw refusal("The parameter " + name + " is a whole number from " + least + " to " + most);
    }

    private static Refusal refusal(String detail) {
        return new Refusal(Problem.of(ErrorCode.INVALID_MESSAGE, detail));
    }
}
