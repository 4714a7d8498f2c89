package io.flowscript.examples.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.WireSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Formats messages of events as lines of text that are equal in every run: number, type, visit, data. Visits and tokens are
 * numbered in order of appearance, and times and hashes are left out.
 */
public final class EventText {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Set<String> LEFT_OUT = Set.of(
            "executionId", "timestamp", "hash", "nodeId", "nodeName", "durationMs", "requestedAt", "deadline", "by");

    private final Map<String, String> visits = new HashMap<>();
    private final Map<String, Integer> visitsOfNode = new HashMap<>();
    private final Map<String, String> tokens = new HashMap<>();

    private EventText() {}

    /** {@return one line for each event, made by the encoder that serves clients} */
    public static List<String> ofEvents(List<RecordedEvent> events) {
        EventEncoder encoder = new EventEncoder(WireSettings.DEFAULTS);
        return ofMessages(
                events.stream().map(encoder::encode).map(EventText::parse).toList());
    }

    /** {@return one line for each message of an event} */
    public static List<String> ofMessages(List<Map<String, Object>> messages) {
        EventText text = new EventText();
        List<String> lines = new ArrayList<>();
        messages.forEach(message -> lines.add(text.line(message)));
        return lines;
    }

    /** {@return lines without what clients of the first version do not get: places in the graph, and the state at the beginning} */
    public static List<String> forFirstVersion(List<String> lines) {
        return lines.stream()
                .map(line -> line.contains("  node_started ")
                        ? without("step", line)
                        : line.contains("  workflow_started ") ? without("state", line) : line)
                .toList();
    }

    private static String without(String field, String line) {
        int data = line.indexOf('{');
        Map<String, Object> fields = parse(line.substring(data).getBytes(UTF_8));
        fields.remove(field);
        return line.substring(0, data) + JSON.writeValueAsString(new TreeMap<>(fields));
    }

    /** {@return a message, as a map} */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> parse(byte[] message) {
        return JSON.readValue(message, Map.class);
    }

    private String line(Map<String, Object> message) {
        Map<?, ?> data = (Map<?, ?>) message.get("data");
        return "%4s  %-27s  %-18s  %s"
                .formatted(message.get("seq"), message.get("type"), visit(data), JSON.writeValueAsString(main(data)));
    }

    private String visit(Map<?, ?> data) {
        Object nodeId = data.get("nodeId");
        if (nodeId == null) {
            return "-";
        }
        return visits.computeIfAbsent(nodeId.toString(), id -> {
            String name = String.valueOf(data.get("nodeName"));
            return name + "#" + visitsOfNode.merge(name, 1, Integer::sum);
        });
    }

    private Map<String, Object> main(Map<?, ?> data) {
        Map<String, Object> entries = new TreeMap<>();
        data.forEach((key, value) -> {
            if (key.equals("tokenId")) {
                entries.put("tokenId", tokens.computeIfAbsent(value.toString(), id -> "t" + (tokens.size() + 1)));
            } else if (key.equals("nodeInfo")) {
                entries.put("nodeInfo", main((Map<?, ?>) value));
            } else if (!LEFT_OUT.contains(key)) {
                entries.put(key.toString(), sorted(value));
            }
        });
        return entries;
    }

    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> entries = new TreeMap<>();
            map.forEach((key, entry) -> entries.put(key.toString(), sorted(entry)));
            return entries;
        }
        return value instanceof List<?> list
                ? list.stream().map(EventText::sorted).toList()
                : value;
    }
}
