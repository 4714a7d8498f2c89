package io.flowscript.testkit;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.WireSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Formats events as lines of text that are equal in every run: time since the first event, type, visit, and the data
 * that a client is sent. Visits and tokens are numbered in order of appearance; fields are sorted. For one execution
 * and one thread.
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class EventLines {

    private static final Set<String> LEFT_OUT = Set.of(
            "executionId",
            "hash",
            "nodeId",
            "nodeName",
            "event",
            "durationMs",
            "requestedAt",
            "contextHash",
            "timeout");
    private static final Set<String> TIMES = Set.of("deadline", "until");
    private static final JsonReader READER = new JsonReader(1_000);
    private static final EventEncoder ENCODER =
            new EventEncoder(WireSettings.DEFAULTS.maxValueBytes(Integer.MAX_VALUE));

    private final Instant start;
    private final Map<String, String> visits = new HashMap<>();
    private final Map<String, Integer> visitsOfNode = new HashMap<>();
    private final Map<String, String> tokens = new HashMap<>();

    /**
     * Creates a formatter.
     *
     * @param start the time that offsets are measured from
     */
    EventLines(Instant start) {
        this.start = start;
    }

    /** {@return one line for each event, with times measured from the first} */
    static List<String> of(List<RecordedEvent> events) {
        List<String> lines = new ArrayList<>();
        if (!events.isEmpty()) {
            EventLines text = new EventLines(events.get(0).time());
            events.forEach(event -> lines.add(text.line(event)));
        }
        return lines;
    }

    /** {@return the line of the next event} */
    String line(RecordedEvent event) {
        Map<?, ?> data = (Map<?, ?>) message(event).get("data");
        return "%-10s %-22s %-16s %s"
                .formatted(
                        TimeOffsets.between(start, event.time()),
                        event.type(),
                        visit(event.event(), data),
                        json(shown(event, data)));
    }

    /** {@return a value as one line of JSON, with its fields sorted} */
    static String json(@Nullable Object value) {
        return new String(JsonWriter.write(sorted(value)), StandardCharsets.UTF_8);
    }

    private static Map<?, ?> message(RecordedEvent event) {
        return (Map<?, ?>) READER.read(ByteBuffer.wrap(ENCODER.encode(event)));
    }

    private String visit(Event event, Map<?, ?> data) {
        if (!(data.get("nodeId") instanceof String nodeId)) {
            return "-";
        }
        String known = visits.get(nodeId);
        if (known == null) {
            String name = Objects.requireNonNullElse(event.nodeName(), nodeId);
            known = name + "#" + visitsOfNode.merge(name, 1, Integer::sum);
            visits.put(nodeId, known);
        }
        return known;
    }

    private Map<String, @Nullable Object> shown(RecordedEvent event, Map<?, ?> data) {
        return event.event() instanceof CustomEvent custom
                ? Collections.singletonMap("payload", custom.payload())
                : fields(data);
    }

    private Map<String, @Nullable Object> fields(Map<?, ?> data) {
        Map<String, @Nullable Object> fields = new TreeMap<>();
        data.forEach((key, value) -> {
            String name = key.toString();
            if (name.equals("tokenId")) {
                fields.put(name, tokens.computeIfAbsent(value.toString(), token -> "t" + (tokens.size() + 1)));
            } else if (name.equals("nodeInfo")) {
                fields.put(name, fields((Map<?, ?>) value));
            } else if (TIMES.contains(name)) {
                fields.put(name, time(value));
            } else if (!LEFT_OUT.contains(name)) {
                fields.put(name, value);
            }
        });
        return fields;
    }

    private @Nullable Object time(@Nullable Object value) {
        if (value instanceof Number millis) {
            return TimeOffsets.between(start, Instant.ofEpochMilli(millis.longValue()));
        }
        return value instanceof String text ? TimeOffsets.between(start, Instant.parse(text)) : value;
    }

    private static @Nullable Object sorted(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> fields = new TreeMap<>();
            map.forEach((key, field) -> fields.put(key.toString(), sorted(field)));
            return fields;
        }
        if (value instanceof Collection<?> items) {
            List<@Nullable Object> all = new ArrayList<>();
            items.forEach(item -> all.add(sorted(item)));
            return all;
        }
        return value;
    }
}
