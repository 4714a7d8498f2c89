package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.codec.Plain;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.PositionText;
import io.flowscript.json.protocol.WireSettings;
import io.flowscript.testkit.protocol.ProtocolCases;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Plays the protocol's cases with the client, where they are about what a client is given: events have to come from subscriptions,
 * and replies from commands. A case is left out when it does what this client never does: malformed messages, the first version,
 * several subscriptions to the same, live lists by hand.
 */
@DisplayName("The client gives what the protocol's cases say")
class ClientCasesTest {

    private static final JsonReader JSON = new JsonReader(300);
    private static final String FOLDER = "/META-INF/flowscript/protocol-cases/";
    private static final List<String> FILES = List.of(
            "claim",
            "commands",
            "frames",
            "grammar",
            "idempotency",
            "inbox",
            "many",
            "ping",
            "promises",
            "resume",
            "roaming",
            "subscribe");
    private static final Set<String> COMMANDS =
            Set.of("execute", "resume", "claim", "release", "cancel", "interactions");
    private static final Set<String> EVENTS =
            new HashSet<>(EventType.BUILT_IN.stream().map(EventType::wireName).toList());
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)\\}");
    private static final int SECONDS = 5;
    private static final Duration CALM = Duration.ofMillis(200);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static FlowScript flows;
    private static FlowScriptBridge bridge;
    private static FlowScriptWebSocketServer server;

    @BeforeAll
    static void start() {
        EVENTS.addAll(List.of(EventType.CUSTOM_WIRE_NAME, "events_missed", "events_skipped"));
        FlowScriptBuilder engine = FlowScript.builder();
        for (WorkflowDefinition workflow : ProtocolCases.all().workflows()) {
            engine.workflow(workflow);
        }
        flows = engine.build();
        bridge = FlowScriptBridge.builder(flows).build();
        server = FlowScriptWebSocketServer.builder(bridge)
                .authenticator(Authenticator.development())
                .requestsPerSecond(10_000)
                .handshakesPerSecond(10_000)
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
        bridge.close();
        flows.close();
    }

    private record Case(String name, List<Map<String, @Nullable Object>> steps) {}

    private static List<Case> cases() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (String file : FILES) {
            try (InputStream in = ProtocolCases.class.getResourceAsStream(FOLDER + file + ".json")) {
                Map<String, @Nullable Object> document = Plain.object(JSON.read(ByteBuffer.wrap(in.readAllBytes())));
                for (Object each : Plain.array(document.get("cases"))) {
                    List<Map<String, @Nullable Object>> steps = Plain.array(
                                    Plain.object(each).get("steps"))
                            .stream()
                            .map(Plain::object)
                            .toList();
                    cases.add(new Case(file + ": " + Plain.object(each).get("name"), steps));
                }
            }
        }
        return cases.stream().filter(ClientCasesTest::applies).toList();
    }

    @Test
    void manyCasesAreAboutAClient() throws Exception {
        assertThat(cases()).hasSizeGreaterThan(50);
    }

    @TestFactory
    Stream<DynamicTest> aCase() throws Exception {
        return cases().stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> new Play().play(each.steps())));
    }

    /** Whether this client can play a case. */
    private static boolean applies(Case played) {
        Set<String> subscribed = new HashSet<>();
        boolean connects = false;
        for (Map<String, @Nullable Object> step : played.steps()) {
            if (step.containsKey("http")) {
                continue;
            }
            if (step.containsKey("connect")) {
                connects = true;
                Map<String, @Nullable Object> connect = Plain.object(step.get("connect"));
                if (!"flowscript.v2".equals(connect.get("subprotocol"))
                        || !Set.of("subprotocol", "as").containsAll(connect.keySet())) {
                    return false;
                }
            } else if (step.containsKey("send")) {
                if (!canSend(step, subscribed)) {
                    return false;
                }
            } else if (step.containsKey("expect")) {
                for (Map<String, @Nullable Object> pattern : patterns(step)) {
                    String text = pattern.toString();
                    if (!(pattern.get("type") instanceof String)
                            || text.contains("invalid_")
                            || text.contains("unknown_type")) {
                        return false;
                    }
                }
            } else if (!step.containsKey("quiet") && !Integer.valueOf(1000).equals(step.get("close"))) {
                return false;
            }
        }
        return connects;
    }

    private static boolean canSend(Map<String, @Nullable Object> step, Set<String> subscribed) {
        if (!(step.get("send") instanceof Map<?, ?> send)
                || step.containsKey("times")
                || step.containsKey("fits")
                || !Set.of("type", "id", "data").containsAll(send.keySet())
                || !(send.get("data") instanceof Map<?, ?> data)) {
            return false;
        }
        String type = String.valueOf(send.get("type"));
        if (type.equals("subscribe")) {
            boolean isMany = data.containsKey("workflowId") || data.containsKey("all");
            boolean isFresh = subscribed.add(step.get("on") + " " + data.get("executionId"));
            boolean hasPlace =
                    !(data.get("after") instanceof Number after) || after.longValue() == 0 || data.containsKey("epoch");
            return !isMany && isFresh && hasPlace && !data.containsKey("executions");
        }
        if (type.equals("interactions")) {
            return !data.containsKey("live") && !data.containsKey("count");
        }
        return COMMANDS.contains(type) || Set.of("unsubscribe", "ping", "ack").contains(type);
    }

    private static List<Map<String, @Nullable Object>> patterns(Map<String, @Nullable Object> step) {
        return step.get("expect") instanceof List<?> many
                ? Plain.array(many).stream().map(Plain::object).toList()
                : List.of(Plain.object(step.get("expect")));
    }

    /** One client of a case: what its subscriptions and its commands gave, in their order. */
    private static final class Player implements AutoCloseable {

        final BlockingQueue<Map<String, @Nullable Object>> events = new LinkedBlockingQueue<>();
        final BlockingQueue<Map<String, @Nullable Object>> replies = new LinkedBlockingQueue<>();
        final Map<String, EventSubscription> subscriptions = new LinkedHashMap<>();

        /** The executions that it follows from the latest event on. What happens before the reply does not come. */
        final Set<String> fromLatest = new HashSet<>();

        final FlowScriptClient client;
        private final EventEncoder encoder = new EventEncoder(WireSettings.DEFAULTS);

        final List<Map<String, @Nullable Object>> raw = new CopyOnWriteArrayList<>();
        private final ClientCore core;

        Player(@Nullable String user) {
            SystemTimers timers = new SystemTimers();
            Loop loop = new Loop(timers, timers);
            core = new ClientCore(new ClientContext(
                    server.uri(),
                    ClientSettings.defaults().transports(ClientTransport.WEBSOCKET),
                    loop,
                    new TappedNetwork(new JdkNetwork(HTTP), raw),
                    ForkJoinPool.commonPool(),
                    new Keyring(
                            user == null ? null : refused -> TestServer.user(user), ForkJoinPool.commonPool(), loop),
                    () -> 0.1,
                    new ClientContext.Counters(),
                    change -> {},
                    () -> null));
            client = new FlowScriptClient(core, timers::close);
        }

        void send(Map<String, @Nullable Object> message) throws Exception {
            String type = String.valueOf(message.get("type"));
            String id = message.get("id") instanceof String given
                    ? given
                    : UUID.randomUUID().toString();
            Map<String, @Nullable Object> data = Plain.object(message.get("data"));
            String executionId = String.valueOf(data.get("executionId"));
            switch (type) {
                case "ping" -> {}
                case "ack" ->
                    client.execution(executionId)
                            .ack(
                                    data.get("epoch") instanceof String epoch
                                            ? Position.after(epoch, ((Number) data.get("seq")).longValue())
                                            : Position.after(((Number) data.get("seq")).longValue()));
                case "subscribe" -> subscribe(executionId, data);
                case "unsubscribe" -> {
                    EventSubscription subscription = subscriptions.remove(executionId);
                    if (subscription != null) {
                        subscription.close();
                    }
                }
                default -> {
                    var unused = core.command(type, id, new LinkedHashMap<>(data), reply -> reply)
                            .thenAccept(reply -> replies.add(fields(reply)));
                }
            }
        }

        private void subscribe(String executionId, Map<String, @Nullable Object> data) {
            EventStream events = client.execution(executionId).events();
            Object after = data.get("after");
            if ("latest".equals(after)) {
                events = events.fromLatest();
                fromLatest.add(executionId);
            } else if (after instanceof String text) {
                events = events.from(PositionText.parse(text).orElseThrow());
            } else if (after instanceof Number seq && data.get("epoch") instanceof String epoch) {
                events = events.from(Position.after(epoch, seq.longValue()));
            }
            if (Boolean.TRUE.equals(data.get("conflate"))) {
                events = events.conflate();
            }
            if (data.get("maxEventsPerSecond") instanceof Integer most) {
                events = events.maxEventsPerSecond(most);
            }
            if (data.get("types") instanceof List<?> types) {
                events = events.types(types.stream()
                        .map(type -> EventType.ofWireName(String.valueOf(type)).orElseThrow())
                        .toArray(EventType[]::new));
            }
            if (data.get("nodes") instanceof List<?> nodes) {
                events = events.nodes(nodes.stream().map(String::valueOf).toArray(String[]::new));
            }
            EventSubscription subscription = events.forEach(event -> this.events.add(fields(event)));
            var unused = subscription.ended().whenComplete((ended, error) -> {
                if (error instanceof RefusedException refused) {
                    replies.add(Map.of("type", "error", "data", refused.details()));
                }
            });
            subscriptions.put(executionId, subscription);
        }

        static Map<String, @Nullable Object> fields(Message reply) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("type", reply.type());
            fields.put("timestamp", reply.timestamp());
            fields.put("replyTo", reply.replyTo());
            fields.put("data", reply.data());
            return fields;
        }

        /** An event as its message again, so that nothing may be lost on its way through the client. */
        private Map<String, @Nullable Object> fields(ClientEvent item) {
            if (item instanceof ClientEvent.Happened happened) {
                Event event = happened.event();
                RecordedEvent recorded = new RecordedEvent(
                        happened.executionId(),
                        String.valueOf(happened.workflowId()),
                        String.valueOf(happened.position().epoch()),
                        happened.seq(),
                        happened.time(),
                        event);
                return Plain.object(JSON.read(ByteBuffer.wrap(encoder.encode(recorded))));
            }
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("executionId", item.executionId());
            if (item instanceof ClientEvent.Missed missed) {
                data.put("epoch", missed.epoch());
                data.put("from", missed.from());
                missed.to().ifPresent(to -> data.put("to", to));
                return Map.of("type", "events_missed", "data", data);
            }
            ClientEvent.Skipped skipped = (ClientEvent.Skipped) item;
            data.put("from", skipped.from());
            data.put("to", skipped.to());
            return Map.of("type", "events_skipped", "data", data);
        }

        @Override
        public void close() {
            client.close();
        }
    }
    /** Keeps what comes, since only the server's own messages give some variables their values. */
    private record TappedNetwork(Network network, List<Map<String, @Nullable Object>> raw) implements Network {

        @Override
        public Socket open(URI address, Map<String, String> headers, Duration timeout, SocketListener listener) {
            return network.open(address, headers, timeout, new SocketListener() {
                @Override
                public void received(List<Message> messages) {
                    messages.forEach(message -> raw.add(Player.fields(message)));
                    listener.received(messages);
                }

                @Override
                public void ended(ConnectionException error, Duration retryAfter) {
                    listener.ended(error, retryAfter);
                }
            });
        }

        @Override
        public CompletableFuture<Reply> send(Request request) {
            return network.send(request);
        }

        @Override
        public CompletableFuture<Reply> stream(Request request, StreamListener listener) {
            return network.stream(request, listener);
        }
    }

    /** Plays one case. */
    private static final class Play {

        private final Map<String, Object> variables = new LinkedHashMap<>();
        private final Map<String, Player> players = new LinkedHashMap<>();

        void play(List<Map<String, @Nullable Object>> steps) throws Exception {
            variables.put("run", "case-" + UUID.randomUUID());
            variables.put("server", server.uri().toString());
            try {
                for (Map<String, @Nullable Object> step : steps) {
                    play(step);
                }
                players.values().forEach(player -> assertThat(player.events).isEmpty());
            } finally {
                players.values().forEach(Player::close);
                flows.executions().forEach(execution -> execution.cancel("the case is over", Identity.of("test")));
            }
        }

        private void play(Map<String, @Nullable Object> step) throws Exception {
            String on = step.get("on") instanceof String name ? name : "client";
            Player player = players.get(on);
            if (step.containsKey("http")) {
                http(step);
            } else if (step.get("connect") instanceof Map<?, ?> connect) {
                Object as = connect.get("as");
                players.put(on, new Player(as == null ? null : String.valueOf(filled(as))));
            } else if (step.containsKey("send")) {
                player.send(Plain.object(filled(step.get("send"))));
            } else if (step.containsKey("expect")) {
                List<?> skip = step.get("skip") instanceof List<?> types ? types : List.of();
                for (Map<String, @Nullable Object> pattern : patterns(step)) {
                    expect(player, pattern, skip);
                }
            } else if (step.containsKey("quiet")) {
                List<?> skip = step.get("skip") instanceof List<?> types ? types : List.of();
                assertThat(player.events).allMatch(event -> skip.contains(event.get("type")));
            } else {
                player.close();
            }
        }

        private void expect(Player player, Map<String, @Nullable Object> pattern, List<?> skip) throws Exception {
            String type = String.valueOf(pattern.get("type"));
            boolean isReply = Set.of("resume_success", "resume_error", "claimed", "released", "interactions", "error")
                            .contains(type)
                    || (type.equals("execution_status")
                            && pattern.get("replyTo") != null
                            && !"$absent".equals(pattern.get("replyTo")));
            if (isReply) {
                Map<String, @Nullable Object> reply = player.replies.poll(SECONDS, TimeUnit.SECONDS);
                assertThat(reply).as("%s should come", pattern).isNotNull();
                Map<String, @Nullable Object> wanted = new LinkedHashMap<>(pattern);
                if (reply.get("replyTo") == null) {
                    wanted.remove("replyTo"); // the client has its own ids for these
                    wanted.remove("timestamp");
                }
                assertThat(fits(wanted, reply)).as("%s for %s", reply, pattern).isTrue();
            } else if (EVENTS.contains(type)) {
                Map<String, @Nullable Object> event = next(player, pattern);
                while (skip.contains(event.get("type")) && !wouldFit(pattern, event)) {
                    event = next(player, pattern);
                }
                assertThat(fits(pattern, event)).as("%s for %s", event, pattern).isTrue();
            } else {
                internal(player, pattern);
            }
        }

        private static Map<String, @Nullable Object> next(Player player, Map<String, @Nullable Object> pattern)
                throws InterruptedException {
            Map<String, @Nullable Object> event = player.events.poll(SECONDS, TimeUnit.SECONDS);
            assertThat(event).as("%s should come", pattern).isNotNull();
            return event;
        }

        /**
         * What the server says to the client itself. The client may do without it, such as the reply to a subscribe that it did not
         * send; it has to come where it gives a variable its value, and where what follows depends on it.
         */
        private void internal(Player player, Map<String, @Nullable Object> pattern) {
            Map<String, @Nullable Object> own = new LinkedHashMap<>(pattern);
            own.remove("replyTo");
            Matcher needed = VARIABLE.matcher(own.toString());
            boolean isNeeded = "subscribed".equals(own.get("type"))
                    && player.fromLatest.contains(
                            String.valueOf(filled(Plain.object(own.get("data")).get("executionId"))));
            while (needed.find()) {
                isNeeded |= !variables.containsKey(needed.group(1));
            }
            try {
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(5))
                        .atMost(isNeeded ? Duration.ofSeconds(SECONDS) : CALM)
                        .until(() -> player.raw.stream().anyMatch(message -> wouldFit(own, message)));
            } catch (ConditionTimeoutException e) {
                assertThat(isNeeded).as("%s should come", pattern).isFalse();
            }
            player.raw.stream()
                    .filter(message -> wouldFit(own, message))
                    .findFirst()
                    .ifPresent(found -> fits(own, found));
        }

        private void http(Map<String, @Nullable Object> step) throws Exception {
            String[] request = String.valueOf(filled(step.get("http"))).split(" ", 2);
            Object body = step.get("body");
            HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(server.uri() + request[1]))
                    .method(
                            request[0],
                            body == null && step.get("text") == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(
                                            body == null
                                                    ? String.valueOf(step.get("text"))
                                                    : new String(
                                                            JsonWriter.write(filled(body)), StandardCharsets.UTF_8)));
            if (body != null) {
                builder.setHeader("Content-Type", "application/json");
            }
            if (step.get("as") != null) {
                builder.setHeader("X-FlowScript-User", String.valueOf(filled(step.get("as"))));
            }
            if (step.get("headers") instanceof Map<?, ?> headers) {
                headers.forEach(
                        (name, value) -> builder.setHeader(String.valueOf(name), String.valueOf(filled(value))));
            }
            HttpResponse<String> response = HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString());
            if (step.get("expect") instanceof Map<?, ?> expected) {
                if (expected.get("status") != null) {
                    assertThat(response.statusCode()).as(response.body()).isEqualTo(expected.get("status"));
                }
                if (expected.get("body") != null) {
                    assertThat(fits(expected.get("body"), JSON.read(response.body())))
                            .as("%s for %s", response.body(), expected)
                            .isTrue();
                }
            }
        }

        private boolean wouldFit(Object pattern, @Nullable Object value) {
            Map<String, Object> before = new LinkedHashMap<>(variables);
            boolean fits = fits(pattern, value);
            variables.clear();
            variables.putAll(before);
            return fits;
        }

        /** Whether a value fits a pattern; variables take their values. */
        private boolean fits(@Nullable Object pattern, @Nullable Object value) {
            if (pattern instanceof String text) {
                return fitsText(text, value);
            }
            if (pattern instanceof List<?> items) {
                if (!(value instanceof List<?> values) || values.size() != items.size()) {
                    return false;
                }
                for (int i = 0; i < items.size(); i++) {
                    if (!fits(items.get(i), values.get(i))) {
                        return false;
                    }
                }
                return true;
            }
            if (pattern instanceof Map<?, ?> fields) {
                if (fields.get("$includes") instanceof List<?> items) {
                    return value instanceof List<?> values
                            && items.stream().allMatch(item -> values.stream().anyMatch(one -> fits(item, one)));
                }
                return value instanceof Map<?, ?> values
                        && fields.entrySet().stream()
                                .allMatch(field -> "$absent".equals(field.getValue())
                                        ? values.get(field.getKey()) == null
                                        : values.containsKey(field.getKey())
                                                && fits(field.getValue(), values.get(field.getKey())));
            }
            return same(pattern, value);
        }

        private boolean fitsText(String text, @Nullable Object value) {
            switch (text) {
                case "$any" -> {
                    return true;
                }
                case "$string" -> {
                    return value instanceof String;
                }
                case "$integer" -> {
                    return value instanceof Integer || value instanceof Long;
                }
                case "$number" -> {
                    return value instanceof Number;
                }
                case "$boolean" -> {
                    return value instanceof Boolean;
                }
                case "$object" -> {
                    return value instanceof Map<?, ?>;
                }
                case "$array" -> {
                    return value instanceof List<?>;
                }
                default -> {
                    Matcher whole = VARIABLE.matcher(text);
                    if (whole.matches() && !variables.containsKey(whole.group(1))) {
                        if (value != null) {
                            variables.put(whole.group(1), value);
                        }
                        return value != null;
                    }
                    return same(filled(text), value);
                }
            }
        }

        private static boolean same(@Nullable Object one, @Nullable Object other) {
            return (one instanceof Number && other instanceof Number)
                    ? new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0
                    : Objects.equals(one, other);
        }

        /** Puts the variables' values into what is sent. */
        private @Nullable Object filled(@Nullable Object value) {
            if (value instanceof String text) {
                Matcher whole = VARIABLE.matcher(text);
                if (whole.matches()) {
                    return variables.get(whole.group(1));
                }
                return VARIABLE.matcher(text)
                        .replaceAll(found -> Matcher.quoteReplacement(String.valueOf(variables.get(found.group(1)))));
            }
            if (value instanceof List<?> items) {
                List<@Nullable Object> filled = new ArrayList<>();
                items.forEach(item -> filled.add(filled(item)));
                return filled;
            }
            if (value instanceof Map<?, ?> fields) {
                Map<String, @Nullable Object> filled = new LinkedHashMap<>();
                fields.forEach((name, item) -> filled.put(String.valueOf(filled(name)), filled(item)));
                return filled;
            }
            return value;
        }
    }
}
