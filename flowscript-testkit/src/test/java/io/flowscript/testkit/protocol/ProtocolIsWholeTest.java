package io.flowscript.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ClientMessageType;
import io.flowscript.json.protocol.MessageParser;
import io.flowscript.json.protocol.ServerMessageType;
import io.flowscript.testkit.protocol.ProtocolDocument.Sender;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Each event and each message is wherever it has to be: in the enum or list of its kind, in the schemas, in the AsyncAPI document and in the tables of
 * docs/protocol.md, with the same fields. Walks the sealed types, so that a new one is demanded everywhere, by name.
 */
class ProtocolIsWholeTest {

    private static final String EVENTS = "| inside | on the wire | data |";
    private static final ProtocolDocument DOCUMENT = ProtocolDocument.get();
    private static final Map<Sender, Map<String, Object>> FILES = Map.of(
            Sender.CLIENT, ProtocolDocument.resource(file(Sender.CLIENT)),
            Sender.SERVER, ProtocolDocument.resource(file(Sender.SERVER)));

    private final List<String> missing = new ArrayList<>();

    @Test
    @DisplayName(
            "Every record of an event has a sample, a built-in type of its own, a schema, an AsyncAPI message and a row in the docs")
    void events() {
        Map<Class<?>, EventType> types = new LinkedHashMap<>();
        Map<String, DescribedFields> described = new TreeMap<>();
        ProtocolSchemaTest.events().forEach(event -> {
            types.put(event.getClass(), event.type());
            described
                    .computeIfAbsent(event.type().wireName(), name -> new DescribedFields())
                    .add(event);
        });
        for (Class<?> record : records(Event.class)) {
            if (!types.containsKey(record)) {
                missing.add("ProtocolSchemaTest.events() has no " + name(record));
            }
        }
        Map<EventType, Class<?>> records = new LinkedHashMap<>();
        types.forEach((record, type) -> {
            Class<?> other = records.put(type, record);
            if (other != null) {
                missing.add(name(record) + " has no type of its own; " + type + " is that of " + name(other));
            }
            if (record != CustomEvent.class && !type.isBuiltIn()) {
                missing.add("EventType.BUILT_IN has no " + type + ", the type of " + name(record));
            }
        });
        records.keySet().removeIf(type -> !type.isBuiltIn());
        same("the records of Event", ids(records.keySet()), "EventType.BUILT_IN", ids(EventType.BUILT_IN));

        Map<String, List<String>> docs = ProtocolTables.rows(EVENTS, 1);
        Map<String, Boolean> shown = ProtocolTables.messages("## 1. Messages").get("nodeInfo");
        same("EventType", described.keySet(), "the table of events in docs/protocol.md", docs.keySet());
        described.forEach((name, fields) -> {
            Map<String, Boolean> schema = schema(Sender.SERVER, name);
            same(name + " as it describes itself", fields.names(), "its schema", schema.keySet());
            if (docs.containsKey(name)) {
                Map<String, Boolean> row =
                        new TreeMap<>(ProtocolTables.fields(docs.get(name).get(2)));
                if (row.containsKey("nodeInfo")) {
                    shown.forEach((field, optional) -> row.put("nodeInfo." + field, optional));
                }
                // The text above the table says what an object holds.
                schema.forEach((field, optional) -> {
                    int dot = field.indexOf('.');
                    if (dot > 0 && row.containsKey(field.substring(0, dot))) {
                        row.put(field, optional);
                    }
                });
                same(name + " as it describes itself", fields.names(), "its row in docs/protocol.md", row.keySet());
                same(name + " in its schema", marked(schema), "its row in docs/protocol.md", marked(row));
            }
            if (docs.containsKey(name) && EventType.ofWireName(name).isPresent()) {
                String inside = EventType.ofWireName(name).orElseThrow().name();
                same(
                        "EventType",
                        Set.of(inside),
                        "the row of " + name,
                        Set.of(docs.get(name).get(0)));
            }
        });
        for (String channel : List.of("webSocket", "eventStream")) {
            described.keySet().stream()
                    .filter(name -> !channel(channel).contains(Sender.SERVER.prefix() + name))
                    .forEach(name -> missing.add("asyncapi.json, channel " + channel + ", has no " + name));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    @DisplayName(
            "Every record of a client's message is read from an example, and every type has a schema, an AsyncAPI message and a row in the docs")
    void messagesOfClients() {
        MessageParser parser = new MessageParser(MessageParser.DEFAULT_MAX_MESSAGE_BYTES);
        Set<Class<?>> read = new HashSet<>();
        DOCUMENT.messages().forEach((name, message) -> {
            if (name.startsWith(Sender.CLIENT.prefix())) {
                for (Object example : (List<?>) JsonTexts.object(message, name).get("examples")) {
                    ClientMessage parsed = parser.parse(ByteBuffer.wrap(
                            JsonTexts.write(JsonTexts.object(example, name).get("payload"))
                                    .getBytes(StandardCharsets.UTF_8)));
                    read.add(parsed.getClass());
                    same(
                            "the example of " + name,
                            Set.of(name),
                            "the type that it is read as",
                            Set.of(Sender.CLIENT.prefix() + parsed.type().id()));
                }
            }
        });
        for (Class<?> record : records(ClientMessage.class)) {
            if (!read.contains(record)) {
                missing.add("asyncapi.json has no example that is read as " + name(record));
            }
        }
        Set<String> names = ids(ClientMessageType.values());
        same("ClientMessageType", names, file(Sender.CLIENT), oneOf(Sender.CLIENT));
        same("ClientMessageType", names, "asyncapi.json", DOCUMENT.types(Sender.CLIENT));
        Map<String, Map<String, Boolean>> docs = ProtocolTables.messages("## 2. What a client sends");
        same("ClientMessageType", names, "section 2 of docs/protocol.md", docs.keySet());
        docs.forEach((name, fields) -> same(
                name + " in its schema",
                schema(Sender.CLIENT, name).keySet(),
                "its table in section 2 of docs/protocol.md",
                fields.keySet()));
        assertThat(missing).isEmpty();
    }

    @Test
    @DisplayName(
            "Every message of the server has a schema, an AsyncAPI message and a row in the docs, with the same fields")
    void messagesOfTheServer() {
        Set<String> events = new TreeSet<>(Set.of(EventType.CUSTOM_WIRE_NAME));
        EventType.BUILT_IN.forEach(type -> events.add(type.wireName()));
        Set<String> names = ids(ServerMessageType.values());
        Map<String, Map<String, Boolean>> docs = ProtocolTables.messages("## 7. What a server sends");
        same("ServerMessageType", names, "section 7 of docs/protocol.md", docs.keySet());
        docs.forEach((name, fields) -> same(
                name + " in its schema",
                marked(schema(Sender.SERVER, name)),
                "its table in section 7 of docs/protocol.md",
                marked(fields)));
        Set<String> all = new TreeSet<>(names);
        all.addAll(events);
        same("EventType and ServerMessageType", all, "server-messages.schema.json", oneOf(Sender.SERVER));
        same("EventType and ServerMessageType", all, "asyncapi.json", DOCUMENT.types(Sender.SERVER));
        assertThat(missing).isEmpty();
    }

    private void same(String here, Collection<String> names, String there, Collection<String> others) {
        names.stream()
                .filter(name -> !others.contains(name))
                .forEach(name -> missing.add(there + " has no " + name + "; " + here + " has"));
        others.stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> missing.add(here + " has no " + name + "; " + there + " has"));
    }

    /** Whether each field of a message's data may be left out, by its name. */
    private Map<String, Boolean> schema(Sender sender, String name) {
        Map<String, Object> all = JsonTexts.object(FILES.get(sender).get("$defs"), file(sender));
        Map<String, Boolean> fields = new TreeMap<>();
        if (!oneOf(sender).contains(name) || !all.containsKey(name)) {
            missing.add(file(sender) + " has no $defs/" + name + ", or it is not in its oneOf");
            return fields;
        }
        Map<String, Object> message =
                JsonTexts.object(JsonTexts.object(all.get(name), name).get("properties"), name);
        addFields("", JsonTexts.object(message.get("data"), "data"), all, fields);
        Stream.of("executionId", "timestamp", "omitted")
                .filter(field -> message.containsKey("seq") || field.equals("omitted"))
                .forEach(fields::remove);
        return fields;
    }

    private static void addFields(
            String place, Map<String, Object> object, Map<String, Object> all, Map<String, Boolean> fields) {
        if (!(object.get("properties") instanceof Map<?, ?> properties)) {
            return;
        }
        List<?> required = object.get("required") instanceof List<?> names ? names : List.of();
        properties.forEach((field, schema) -> {
            fields.put(place + field, !required.contains(field));
            if (schema instanceof Map<?, ?> inner && "#/$defs/nodeInfo".equals(inner.get("$ref"))) {
                addFields(place + field + ".", JsonTexts.object(all.get("nodeInfo"), "nodeInfo"), all, fields);
            } else if (field.equals("cause")) {
                addFields(place + field + ".", JsonTexts.object(schema, "cause"), all, fields);
            }
        });
    }

    private static Set<String> oneOf(Sender sender) {
        Set<String> names = new TreeSet<>();
        for (Object one : (List<?>) FILES.get(sender).get("oneOf")) {
            names.add(String.valueOf(JsonTexts.object(one, "oneOf").get("$ref")).replace("#/$defs/", ""));
        }
        return names;
    }

    private static Set<String> channel(String name) {
        Map<String, Object> channels = JsonTexts.object(DOCUMENT.document().get("channels"), "channels");
        return JsonTexts.object(JsonTexts.object(channels.get(name), name).get("messages"), name)
                .keySet();
    }

    private static String file(Sender sender) {
        return sender.name().toLowerCase(Locale.ROOT) + "-messages.schema.json";
    }

    private static Set<String> marked(Map<String, Boolean> fields) {
        Set<String> marked = new TreeSet<>();
        fields.forEach((name, optional) -> marked.add(optional ? name + "?" : name));
        return marked;
    }

    private static Set<String> ids(ClientMessageType... types) {
        return new TreeSet<>(Arrays.stream(types).map(ClientMessageType::id).toList());
    }

    private static Set<String> ids(ServerMessageType... types) {
        return new TreeSet<>(Arrays.stream(types).map(ServerMessageType::id).toList());
    }

    private static Set<String> ids(Collection<EventType> types) {
        return new TreeSet<>(types.stream().map(EventType::name).toList());
    }

    /** The records of a sealed type, however deep. */
    private static List<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(permitted -> records(permitted).stream())
                        .toList()
                : List.of(type);
    }

    private static String name(Class<?> record) {
        Class<?> outer = record.getDeclaringClass();
        return outer == null ? record.getSimpleName() : outer.getSimpleName() + "." + record.getSimpleName();
    }
}
