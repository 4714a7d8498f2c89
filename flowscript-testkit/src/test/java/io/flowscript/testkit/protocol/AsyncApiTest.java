package io.flowscript.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.testkit.protocol.ProtocolDocument.Sender;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document says of the protocol what the schemas say, and holds together. */
class AsyncApiTest {

    private static final ProtocolDocument DOCUMENT = ProtocolDocument.get();
    private static final Map<String, Object> ROOT = DOCUMENT.document();

    @Test
    void itIsOfVersionThreeAndHasNothingThatThatDoesNotKnow() {
        assertThat(ROOT.get("asyncapi")).isEqualTo("3.0.0");
        assertThat(ROOT.keySet())
                .containsExactlyInAnyOrder(
                        "asyncapi", "info", "defaultContentType", "servers", "channels", "operations", "components");
        assertThat(object(ROOT, "info")).containsKeys("title", "version", "license", "description");
        object(ROOT, "servers")
                .forEach((name, server) -> assertThat(object(server)).containsKeys("host", "protocol"));
        object(ROOT, "channels")
                .forEach((name, channel) -> assertThat(object(channel).keySet())
                        .isSubsetOf(
                                "address", "title", "description", "servers", "messages", "parameters", "bindings"));
        object(ROOT, "operations")
                .forEach((name, operation) -> assertThat(object(operation).keySet())
                        .isSubsetOf("action", "channel", "summary", "messages", "reply", "bindings"));
        DOCUMENT.messages()
                .forEach((name, message) -> assertThat(object(message).keySet())
                        .isSubsetOf("name", "title", "summary", "contentType", "correlationId", "payload", "examples"));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        walk(ROOT, (key, value) -> {
            if (key.equals("$ref")) {
                references.add((String) value);
            }
        });

        assertThat(references).hasSizeGreaterThan(100).allSatisfy(reference -> {
            int pointer = reference.indexOf('#');
            Object in = pointer == 0 ? ROOT : ProtocolDocument.resource(reference.substring(0, pointer));
            for (String name : reference.substring(pointer + 2).split("/", -1)) {
                assertThat(object(in)).as(reference).containsKey(name);
                in = object(in).get(name);
            }
        });
    }

    @Test
    void itHasTheMessagesOfTheSchemasAndNoOthers() {
        for (Sender sender : Sender.values()) {
            String file = sender.name().toLowerCase(Locale.ROOT) + "-messages.schema.json";
            Map<String, Object> schema = ProtocolDocument.resource(file);
            Set<String> types = new TreeSet<>();
            for (Object one : (List<?>) schema.get("oneOf")) {
                String name = ((String) object(one).get("$ref")).replace("#/$defs/", "");
                types.add(name);
                assertThat(object(object(object(object(schema, "$defs").get(name), "properties")
                                        .get("type")))
                                .get("const"))
                        .isEqualTo(name);
                assertThat(DOCUMENT.payload(sender.prefix() + name)).isEqualTo(file + "#/$defs/" + name);
                assertThat(object(DOCUMENT.messages().get(sender.prefix() + name))
                                .get("name"))
                        .isEqualTo(name);
            }
            assertThat(DOCUMENT.types(sender)).isEqualTo(types).hasSizeGreaterThan(5);
        }
        assertThat(DOCUMENT.messages())
                .hasSize(DOCUMENT.types(Sender.CLIENT).size()
                        + DOCUMENT.types(Sender.SERVER).size());
    }

    @Test
    void everyExampleIsSuchAMessage() {
        DOCUMENT.messages().forEach((name, message) -> {
            Sender sender = name.startsWith(Sender.CLIENT.prefix()) ? Sender.CLIENT : Sender.SERVER;
            List<?> examples = (List<?>) object(message).get("examples");
            assertThat(examples).as(name).isNotEmpty();
            for (Object example : examples) {
                Map<String, Object> payload = object(example, "payload");
                assertThat(payload.get("type")).isEqualTo(object(message).get("name"));
                assertThat(DOCUMENT.problems(sender, payload))
                        .as("%s %s", name, payload)
                        .isEmpty();
            }
        });
    }

    @Test
    void operationsUseMessagesOfTheirChannelsAndLeaveNoneOut() {
        Set<String> received = new HashSet<>();
        Set<String> sent = new HashSet<>();
        object(ROOT, "operations").forEach((name, operation) -> {
            boolean receives = object(operation).get("action").equals("receive");
            assertThat(object(operation).get("action")).isIn("send", "receive");
            (receives ? received : sent).addAll(messagesOf(name, object(operation)));
            assertThat(messagesOf(name, object(operation)))
                    .as(name)
                    .isNotEmpty()
                    .allMatch(message -> message.startsWith((receives ? Sender.CLIENT : Sender.SERVER).prefix()));
            if (receives) {
                assertThat(messagesOf(name, object(operation))).containsExactly(Sender.CLIENT.prefix() + name);
            }
            if (object(operation).containsKey("reply")) {
                sent.addAll(messagesOf(name + ".reply", object(operation, "reply")));
            }
        });

        Set<String> all = new HashSet<>(received);
        all.addAll(sent);
        assertThat(all).isEqualTo(DOCUMENT.messages().keySet());
    }

    @Test
    void aRequestIsRepliedToByMessagesThatCanNameIt() {
        object(ROOT, "operations").forEach((name, operation) -> {
            if (object(operation).containsKey("reply")) {
                assertThat(object(DOCUMENT.messages().get(Sender.CLIENT.prefix() + name), "correlationId"))
                        .containsEntry("$ref", "#/components/correlationIds/id");
                assertThat(messagesOf(name, object(operation, "reply"))).allSatisfy(reply -> {
                    Map<String, Object> example = object(
                            ((List<?>) object(DOCUMENT.messages().get(reply)).get("examples")).get(0), "payload");
                    assertThat(example).as(reply).containsKey("replyTo");
                });
            }
        });
    }

    @Test
    void theCheckIsStrictAboutWhatTheServerSaysAndMildAboutWhatAClientSays() {
        Map<String, Object> pong = new LinkedHashMap<>(Map.of("type", "pong", "timestamp", 1, "data", Map.of()));
        assertThat(DOCUMENT.problems(Sender.SERVER, pong)).isEmpty();
        pong.put("more", 1);
        assertThat(DOCUMENT.problems(Sender.SERVER, pong)).hasSize(1);

        Map<String, Object> ping = Map.of("type", "ping", "more", 1);
        assertThat(DOCUMENT.problems(Sender.CLIENT, ping)).isEmpty();
        assertThat(DOCUMENT.problems(Sender.SERVER, ping))
                .containsExactly("$.type is no message of a server: \"ping\"");
        assertThat(DOCUMENT.problems(Sender.CLIENT, pong)).hasSize(1);
        assertThat(DOCUMENT.problems(Sender.CLIENT, null)).hasSize(1);
        assertThat(DOCUMENT.problems(Sender.CLIENT, List.of())).hasSize(1);
    }

    /** The names of messages by which an operation, or a reply, refers to those of its channel. */
    private static List<String> messagesOf(String name, Map<String, Object> operation) {
        String channel = (String) object(operation, "channel").get("$ref");
        List<String> names = new ArrayList<>();
        for (Object message : (List<?>) operation.get("messages")) {
            String reference = (String) object(message).get("$ref");
            assertThat(reference).as(name).startsWith(channel + "/messages/");
            names.add(reference.substring((channel + "/messages/").length()));
        }
        return names;
    }

    private static void walk(Object value, BiConsumer<String, Object> visit) {
        if (value instanceof Map<?, ?> object) {
            object.forEach((key, field) -> {
                visit.accept((String) key, field);
                walk(field, visit);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(element -> walk(element, visit));
        }
    }

    private static Map<String, Object> object(Object value) {
        return JsonTexts.object(value, "this");
    }

    private static Map<String, Object> object(Object value, String field) {
        return object(object(value).get(field));
    }
}
