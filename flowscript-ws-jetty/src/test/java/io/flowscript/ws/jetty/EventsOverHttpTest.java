package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.EventBridgeBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.ClientRequest;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.EventSource;
import io.flowscript.testsupport.server.Http;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.SocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of an execution by long poll and as server-sent events (protocol, section 5), over real sockets. */
class EventsOverHttpTest {

    private static final int MANY = 3_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger connected = new AtomicInteger();
    private final FlowScript flows = FlowScript.builder()
            .observer(new FlowScriptObserver() {
                @Override
                public void connected(String transport) {
                    connected.incrementAndGet();
                }
            })
            .node("step", context -> {
                context.state().set("last", context.runtime().nodeId());
                return Edge.of("done", Map.of("grüße", "世界\n\"quoted\""));
            })
            .node("many", context -> {
                for (int i = 0; i < MANY; i++) {
                    context.runtime().emit("progress", Map.of("n", i));
                }
                return Edge.of("done");
            })
            .node("large", context -> {
                for (int i = 0; i < MANY; i++) {
                    context.runtime().emit("progress", Map.of("text", "x".repeat(8_000)));
                }
                return Edge.of("done");
            })
            .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("told")))
            .node("huge", context -> {
                for (int i = 0; i < 400; i++) {
                    context.runtime().emit("progress", Map.of("text", "x".repeat(50_000)));
                }
                return Edge.of("done");
            })
            .workflow(workflow("quick", "step"))
            .workflow(workflow("asking", "step", "ask", "step"))
            .workflow(workflow("busy", "step", "many"))
            .workflow(workflow("large", "large"))
            .workflow(workflow("huge", "huge"))
            .build();
    private FlowScriptBridge bridge;
    private FlowScriptWebSocketServer server;
    private Http http;

    private static WorkflowDefinition workflow(String id, Object... nodes) {
        return WorkflowDefinition.of(Map.of("id", id, "nodes", List.of(nodes)));
    }

    @BeforeEach
    void start() {
        serve(rules -> rules, settings -> settings);
    }

    @AfterEach
    void stop() {
        server.close();
        bridge.close();
        flows.close();
    }

    private void serve(
            UnaryOperator<EventBridgeBuilder> rules, UnaryOperator<FlowScriptWebSocketServer.Builder> settings) {
        if (server != null) {
            server.close();
            bridge.close();
        }
        bridge = CheckedBridge.of(rules.apply(FlowScriptBridge.builder(flows)).build());
        server = settings.apply(FlowScriptWebSocketServer.builder(bridge).requestsPerSecond(100_000))
                .start();
        http = new Http(server.uri());
    }

    private Execution ended(String workflowId) throws Exception {
        Execution run = flows.start(workflowId, Map.of());
        run.result().get(20, TimeUnit.SECONDS);
        return run;
    }

    private Execution paused(String workflowId) {
        Execution run = flows.start(workflowId, Map.of());
        await().until(() -> !run.interactions().isEmpty());
        return run;
    }

    private void answer(Execution run) {
        flows.interactions().answer(run.interactions().get(0).token(), Map.of(), AnswerOptions.NONE);
    }

    private static String path(Execution run, String query) {
        return "/executions/" + run.id() + "/events" + query;
    }

    private EventSource stream(Execution run, String query, String... headers) {
        return EventSource.open(client, URI.create(server.uri() + path(run, query)), headers);
    }

    private static String at(Execution run, long seq) {
        return run.events().epoch() + ":" + seq;
    }

    @SuppressWarnings("unchecked") // events are JSON objects
    private static List<Map<String, Object>> events(Http.Reply reply) {
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
        return (List<Map<String, Object>>) reply.get("events");
    }

    private static List<Object> numbers(Http.Reply reply) {
        return events(reply).stream().map(event -> event.get("seq")).toList();
    }

    private static List<Integer> upTo(long last) {
        return IntStream.rangeClosed(1, (int) last).boxed().toList();
    }

    private static void assertProblem(Http.Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.get("code")).isEqualTo(code);
    }

    @Test
    @DisplayName("a poll answers at once what there is, page by page, and says when nothing can follow")
    void pollsPageByPage() throws Exception {
        Execution run = ended("busy");
        List<Object> seen = new ArrayList<>();
        String next = "";
        boolean terminal = false;
        while (!terminal) {
            Http.Reply reply = http.get(path(run, "?limit=250&wait=30&after=" + next));
            assertThat(reply.get("executionId")).isEqualTo(run.id());
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(events(reply))
                    .hasSizeBetween(1, 250)
                    .allSatisfy(event -> assertThat(event).containsKeys("type", "timestamp", "seq", "data"));
            seen.addAll(numbers(reply));
            next = (String) reply.get("next");
            terminal = (Boolean) reply.get("terminal");
        }
        assertThat(seen).isEqualTo(upTo(run.events().latest()));
        Http.Reply after = http.get(path(run, "?wait=30&after=" + next));
        assertThat(events(after)).isEmpty();
        assertThat(after.get("terminal")).isEqualTo(true);
        assertThat(after.get("next")).isEqualTo(next);
        assertThat(numbers(http.get(path(run, "?limit=3")))).isEqualTo(upTo(3));
    }

    @Test
    @DisplayName("a poll waits for an event, is answered as soon as it comes, and holds no thread meanwhile")
    void waitsForAnEvent() throws Exception {
        Execution run = paused("asking");
        String here = at(run, run.events().latest());
        Http.Reply now = http.get(path(run, "?after=" + here));
        assertThat(events(now)).isEmpty();
        assertThat(now.get("next")).isEqualTo(here);
        assertThat(now.get("terminal")).isEqualTo(false);
        Http.Reply soon = http.get(path(run, "?wait=1&after=" + here));
        assertThat(events(soon)).isEmpty();
        assertThat(soon.get("next")).isEqualTo(here);

        List<CompletableFuture<Http.Reply>> waiting = IntStream.range(0, 60)
                .mapToObj(i -> http.getAsync(path(run, "?wait=30&after=" + here)))
                .toList();
        await().until(() -> server.clients() == waiting.size());
        assertThat(http.get("/health").status()).isEqualTo(200);
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("flowscript-http"))
                        .count())
                .as("threads of the server while %s polls wait", waiting.size())
                .isLessThan(33);
        answer(run);
        for (CompletableFuture<Http.Reply> reply : waiting) {
            assertThat(numbers(reply.get(20, TimeUnit.SECONDS)))
                    .first()
                    .isEqualTo(Integer.parseInt(here.substring(here.lastIndexOf(':') + 1)) + 1);
        }
        await().until(() -> server.clients() == 0);
    }

    @Test
    @DisplayName("server-sent events: id is the position, event the type, data the message as over WebSocket")
    void streams() throws Exception {
        Execution run = paused("asking");
        try (EventSource source = stream(run, "");
                SocketClient socket = SocketClient.v2(server.uri())) {
            socket.subscribe(run.id(), 0, null);
            source.awaitEvent("human_interaction_required");
            answer(run);
            assertThat(source.response().statusCode()).isEqualTo(200);
            assertThat(source.response().headers().map())
                    .containsEntry("content-type", List.of("text/event-stream"))
                    .containsEntry("cache-control", List.of("no-store"))
                    .containsEntry("x-accel-buffering", List.of("no"));
            socket.awaitMessage("workflow_completed");
            assertThat(source.events()).isEqualTo(socket.events());
            assertThat(source.numbers()).isEqualTo(upTo(run.events().latest()));
            assertThat(source.received.get(0).event()).isEqualTo("subscribed");
            assertThat(source.received.get(0).id()).isEqualTo(at(run, 0));
            assertThat(source.received.get(1).event()).isEqualTo("execution_status");
            for (EventSource.Message message : source.received) {
                assertThat(message.event()).isEqualTo(message.data().get("type"));
                if (message.data().get("seq") instanceof Integer seq) {
                    assertThat(message.id()).isEqualTo(at(run, seq));
                }
            }
            assertThat(Integer.parseInt(source.retry)).isBetween(1_000, 2_000);
        }
    }

    @Test
    @DisplayName("what a redactor hides is in no stream, no poll and no message over a WebSocket of either version")
    void hidesData() throws Exception {
        String said = "quoted";
        Execution run = ended("quick");
        assertThat(http.get(path(run, "")).response().body()).contains(said);
        serve(
                rules -> rules.redactor((who, workflowId, executionId) -> Redaction.NONE.mask("data", "**.last")),
                s -> s);

        assertThat(http.get(path(run, "")).response().body()).doesNotContain(said);
        try (EventSource source = stream(run, "");
                SocketClient first = SocketClient.v1(server.uri());
                SocketClient second = SocketClient.v2(server.uri())) {
            first.subscribe(run.id(), 0, null);
            second.subscribe(run.id(), 0, null);
            first.awaitMessage("workflow_completed");
            second.awaitMessage("workflow_completed");
            source.awaitEvent("workflow_completed");
            assertThat(source.numbers()).isEqualTo(upTo(run.events().latest()));
            assertThat(source.received.toString() + first.events() + second.events())
                    .contains(Redaction.MASK, "workflow_completed")
                    .doesNotContain(said);
        }
    }

    @Test
    @DisplayName("a stream ends after the last event, and who comes back is told by 204 not to come again")
    void endsForGood() throws Exception {
        Execution run = ended("quick");
        try (EventSource source = stream(run, "?types=node_started")) {
            assertThat(source.response().statusCode()).isEqualTo(200);
            assertThat(source.numbers()).hasSize(1);
            assertThat(source.lastEventId).isEqualTo(at(run, run.events().latest()));
            try (EventSource again = stream(run, "", "Last-Event-ID", source.lastEventId)) {
                assertThat(again.response().statusCode()).isEqualTo(204);
            }
        }
    }

    @Test
    @DisplayName("Last-Event-ID counts more than after, which stays in the address of an EventSource")
    void takesAStreamUpAgain() throws Exception {
        Execution run = ended("busy");
        try (EventSource source = stream(run, "?after=" + at(run, 5), "Last-Event-ID", at(run, 2_990))) {
            source.response();
            assertThat(source.numbers()).first().isEqualTo(2_991);
        }
        try (EventSource source = stream(run, "?after=" + at(run, 3_000))) {
            source.response();
            assertThat(source.numbers()).first().isEqualTo(3_001);
        }
        try (EventSource source = stream(run, "?after=latest")) {
            assertThat(source.response().statusCode()).isEqualTo(204);
        }
    }

    @Test
    void filters() throws Exception {
        Execution run = paused("asking");
        Http.Reply started = http.get(path(run, "?types=node_started&types=node_completed"));
        assertThat(events(started).stream().map(event -> event.get("type")))
                .containsExactly("node_started", "node_completed", "node_started");
        assertThat(started.get("next")).isEqualTo(at(run, run.events().latest()));
        assertThat(events(http.get(path(run, "?types=node_started,node_completed&nodes=ask"))))
                .hasSize(1);
        Http.Reply none = http.get(path(run, "?types=workflow_failed"));
        assertThat(events(none)).isEmpty();
        assertThat(none.get("next"))
                .as("what was looked at needs not be looked at again")
                .isEqualTo(started.get("next"));
        assertProblem(http.get(path(run, "?types=no_such_type")), 400, "invalid_message");
        assertProblem(
                http.get(path(run, "?types=no_such_type"), "Accept", "text/event-stream"), 400, "invalid_message");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "after=5",
                "after=-1",
                "after=:5",
                "after=x:",
                "after=x:-1",
                "after=x:05",
                "after=x:%2B5",
                "after=x:99999999999999999999",
                "after=x%20y:1",
                "after=x%0Ay:1",
                "after=%C3%BC:1",
                "after=x:1&after=x:2",
                "limit=0",
                "limit=1001",
                "limit=x",
                "wait=-1",
                "wait=31",
                "wait=x"
            })
    void refusesWhatItDidNotGive(String query) throws Exception {
        Execution run = paused("asking");
        assertProblem(http.get(path(run, "?" + query)), 400, "invalid_message");
        if (query.startsWith("after")) {
            assertProblem(http.get(path(run, "?" + query), "Accept", "text/event-stream"), 400, "invalid_message");
        }
    }

    @Test
    @DisplayName("a hole is told first, and where one stands after it, over each transport")
    void tellsOfAHole() throws Exception {
        Execution run = paused("asking");
        long latest = run.events().latest();
        for (String wrong : List.of("another-epoch:7", at(run, latest + 3))) {
            Http.Reply reply = http.get(path(run, "?wait=30&after=" + wrong));
            assertThat(events(reply).get(0).get("type")).isEqualTo("events_missed");
            assertThat(events(reply).get(1).get("type")).isEqualTo("execution_status");
            assertThat(events(reply)).hasSize(wrong.startsWith("another") ? (int) latest + 2 : 2);
            assertThat(reply.get("next")).isEqualTo(at(run, latest));
            try (EventSource source = stream(run, "?after=" + wrong)) {
                EventSource.Message missed = source.awaitEvent("events_missed");
                assertThat(source.received.indexOf(missed)).isEqualTo(2);
                assertThat(source.received.get(1).event()).isEqualTo("execution_status");
                source.awaitMessage(message -> message.id().equals(at(run, latest)));
                assertThat(source.received.get(3).event()).isEqualTo("execution_status");
            }
        }
    }

    @Test
    @DisplayName("I2: from WebSocket to a stream to a poll and back, by nothing but positions")
    void changesTransports() throws Exception {
        Execution run = ended("busy");
        List<Integer> seen = new ArrayList<>();
        try (SocketClient socket = SocketClient.v2(server.uri())) {
            socket.subscribe(run.id(), 0, null);
            socket.awaitMessage(message -> Integer.valueOf(1_000).equals(message.get("seq")));
            seen.addAll(socket.numbers().subList(0, 1_000));
        }
        String position;
        try (EventSource source = stream(run, "", "Last-Event-ID", at(run, 1_000))) {
            source.awaitMessage(
                    message -> Integer.valueOf(2_000).equals(message.data().get("seq")));
            seen.addAll(source.numbers().subList(0, 1_000));
            position = source.received.stream()
                    .filter(message ->
                            Integer.valueOf(2_000).equals(message.data().get("seq")))
                    .findFirst()
                    .orElseThrow()
                    .id();
        }
        Http.Reply reply = http.get(path(run, "?after=" + position));
        numbers(reply).forEach(number -> seen.add((Integer) number));
        try (SocketClient socket = SocketClient.v2(server.uri())) {
            socket.send("subscribe", Map.of("executionId", run.id(), "after", reply.get("next")));
            socket.awaitMessage("workflow_completed");
            seen.addAll(socket.numbers());
        }
        assertThat(seen).isEqualTo(upTo(run.events().latest()));
    }

    @Test
    @DisplayName("a sign of life goes out while nothing happens")
    void showsThatItLives() throws Exception {
        serve(rules -> rules.heartbeat(Duration.ofMillis(100)), settings -> settings);
        Execution run = paused("asking");
        try (EventSource source = stream(run, "")) {
            await().until(() -> source.comments.get() > 3);
            answer(run);
            source.awaitEvent("workflow_completed");
            assertThat(source.response().statusCode()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("I5: there are no more streams and waiting polls than allowed in all; seats are given back")
    void boundsWhatIsOpen() throws Exception {
        serve(rules -> rules, settings -> settings.maxEventRequests(3).authenticator(EventsOverHttpTest::named));
        Execution run = paused("asking");
        List<EventSource> open = new ArrayList<>();
        for (String name : List.of("ann", "ann", "bob")) {
            EventSource source = stream(run, "", "X-Name", name);
            source.awaitEvent("human_interaction_required");
            open.add(source);
        }
        Http.Reply refused = http.get(path(run, ""), "X-Name", "eve");
        assertProblem(refused, 503, "too_many_connections");
        assertThat(refused.header("Retry-After")).isNotNull();
        assertComesBack(stream(run, "", "X-Name", "eve"), "too_many_connections");
        assertThat(server.clients()).isEqualTo(3);
        answer(run);
        for (EventSource source : open) {
            source.response();
        }
        await().until(() -> server.clients() == 0);
        assertThat(http.get(path(run, ""), "X-Name", "ann").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("I5: beyond a client's own limit, its newest stream or poll takes the place of its oldest")
    void theNewestReplacesTheOldest() throws Exception {
        serve(
                rules -> rules,
                settings -> settings.maxEventRequests(3)
                        .maxEventRequestsPerClient(2)
                        .authenticator(EventsOverHttpTest::named));
        Execution run = paused("asking");
        try (EventSource first = stream(run, "", "X-Name", "ann");
                EventSource bob = stream(run, "", "X-Name", "bob")) {
            first.awaitEvent("human_interaction_required");
            bob.awaitEvent("human_interaction_required");
            String latest = first.lastEventId;
            CompletableFuture<Http.Reply> poll = http.getAsync(path(run, "?wait=15&after=" + latest), "X-Name", "ann");
            await().until(() -> server.clients() == 3);

            try (EventSource third = stream(run, "", "X-Name", "ann")) {
                third.awaitEvent("human_interaction_required");
                assertComesBack(first, "too_many_subscriptions");
                assertThat(first.lastEventId).as("goes on there").isEqualTo(latest);

                try (EventSource fourth = stream(run, "", "X-Name", "ann")) {
                    fourth.awaitEvent("human_interaction_required");
                    Http.Reply replaced = poll.get(20, TimeUnit.SECONDS);
                    assertThat(events(replaced)).as("as if its wait was over").isEmpty();
                    assertThat(replaced.get("next")).isEqualTo(latest);
                    await().until(() -> server.clients() == 3);

                    answer(run);
                    assertThat(third.response().statusCode()).isEqualTo(200);
                    assertThat(fourth.response().statusCode()).isEqualTo(200);
                    assertThat(fourth.numbers()).isEqualTo(third.numbers());
                    assertThat(bob.response().statusCode()).isEqualTo(200);
                }
            }
        }
        await().until(() -> server.clients() == 0);
    }

    @Test
    @DisplayName(
            "Clients that have gone give their seats back at once: 100 streams are closed, and 100 new ones are let in")
    void noticesAtOnceWhoHasGone() {
        serve(
                rules -> rules.heartbeat(Duration.ofHours(1)),
                settings -> settings.maxEventRequests(100).maxEventRequestsPerAddress(100));
        Execution run = paused("asking");
        for (int round = 0; round < 2; round++) {
            List<EventSource> open = IntStream.range(0, 100)
                    .mapToObj(
                            i -> EventSource.open(HttpClient.newHttpClient(), URI.create(server.uri() + path(run, ""))))
                    .toList();
            open.forEach(source -> source.awaitEvent("human_interaction_required"));
            assertThat(server.clients()).isEqualTo(100);
            assertThat(bridge.stats().connections()).isEqualTo(100);
            open.forEach(EventSource::close);
            await().atMost(Duration.ofSeconds(20)).until(() -> server.clients() == 0);
            assertThat(bridge.stats().connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("The end of a waiting poll is noticed at once, whether it is closed or reset, and nothing is logged")
    void noticesAtOnceThatAPollHasGone(boolean reset) throws Exception {
        serve(rules -> rules.heartbeat(Duration.ofHours(1)), settings -> settings);
        Execution run = paused("asking");
        String before = logged();
        try (RawClient raw = RawClient.to(server.port())) {
            raw.send(poll(run));
            await().until(() -> server.clients() == 1);
            if (reset) {
                raw.reset();
            } else {
                raw.socket.close();
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> server.clients() == 0);
            server.close(); // waits for the request
        }
        assertThat(logged().substring(before.length())).doesNotContain("WARN");
    }

    /** {@return what was logged by Jetty so far; empty where the log is not in a file} */
    private static String logged() throws IOException {
        String file = System.getProperty("org.slf4j.simpleLogger.logFile");
        return file == null || !Files.exists(Path.of(file)) ? "" : Files.readString(Path.of(file));
    }

    @Test
    @DisplayName("A connection is used again after a poll, and a request that comes early is answered after it")
    void keepsTheConnection() throws Exception {
        Execution run = paused("asking");
        Execution other = paused("asking");
        try (RawClient raw = RawClient.to(server.port())) {
            assertThat(raw.request("GET", path(run, ""), null).status()).isEqualTo(200);
            for (Execution waiting : List.of(run, other)) {
                raw.send(poll(waiting));
                await().until(() -> server.clients() == 1);
                raw.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                answer(waiting);
                assertThat(raw.readAnswer().body()).contains("human_interaction_received");
                assertThat(raw.readAnswer().body()).startsWith("{\"status\":\"ok\",\"timestamp\":\"");
            }
        }
    }

    @Test
    @DisplayName("A stream that is refused for a while answers so that an EventSource comes back")
    void aRefusedStreamComesBack() throws Exception {
        Execution run = paused("asking");
        server.close();
        server = FlowScriptWebSocketServer.builder(bridge).requestsPerSecond(1).start();
        http = new Http(server.uri());
        List<EventSource> sources =
                IntStream.range(0, 5).mapToObj(i -> stream(run, "")).toList();
        await().until(() -> sources.stream().filter(EventSource::isOver).count() >= 1);
        EventSource refused =
                sources.stream().filter(EventSource::isOver).findFirst().orElseThrow();
        assertComesBack(refused, "rate_limited");
        assertThat(refused.response().headers().firstValue("Retry-After")).isPresent();
        sources.forEach(EventSource::close);
    }

    private byte[] poll(Execution run) {
        String after = at(run, run.events().latest());
        return ("GET " + path(run, "?wait=30&after=" + after) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static Optional<Login> named(ClientRequest request) {
        return request.header("X-Name").map(Login::of);
    }

    /** As the HTML standard says: status 200 and the type of a stream, a time, and an end. */
    private static void assertComesBack(EventSource source, String code) throws Exception {
        assertThat(source.response().statusCode()).isEqualTo(200);
        assertThat(source.response().headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(Integer.parseInt(source.retry)).isBetween(1_000, 10_000);
        EventSource.Message last = source.received.get(source.received.size() - 1);
        assertThat(last.event()).isEqualTo("error");
        assertThat(SocketClient.data(last.data())).containsEntry("code", code);
    }

    @Test
    @DisplayName("the bridge's own limit is told as 503, to a stream so that it comes back")
    void keepsToTheBridgesLimit() throws Exception {
        serve(rules -> rules.limits(BridgeLimits.defaults().maxConnections(1)), settings -> settings);
        Execution run = paused("asking");
        try (EventSource source = stream(run, "")) {
            source.awaitEvent("human_interaction_required");
            assertProblem(http.get(path(run, "")), 503, "too_many_connections");
            assertComesBack(stream(run, ""), "too_many_connections");
        }
    }

    @Test
    @DisplayName("what one may not see looks like what is not there; the policy is asked again at each request")
    void showsOnlyWhatMayBeSeen() throws Exception {
        boolean[] hidden = {false};
        AccessPolicy policy = (who, action, workflowId, executionId) ->
                !hidden[0] || !who.name().equals("eve");
        serve(
                rules -> rules.accessPolicy(policy),
                settings -> settings.authenticator(
                        request -> request.header("X-Name").map(Login::of)));
        Execution run = paused("asking");
        assertThat(http.get(path(run, ""), "X-Name", "eve").status()).isEqualTo(200);
        assertProblem(http.get(path(run, "")), 401, "unauthorized");
        hidden[0] = true;
        Http.Reply unseen = http.get(path(run, ""), "X-Name", "eve");
        Http.Reply none = http.get("/executions/none/events", "X-Name", "eve");
        assertProblem(unseen, 404, "execution_not_found");
        assertThat(unseen.body()).isEqualTo(none.body());
        assertProblem(
                http.get(path(run, ""), "X-Name", "eve", "Accept", "text/event-stream"), 404, "execution_not_found");
        assertThat(http.get(path(run, ""), "X-Name", "ann").status()).isEqualTo(200);
    }

    @Test
    void keepsPagesOfOtherOriginsOut() throws Exception {
        serve(rules -> rules, settings -> settings.allowedOrigins("https://app.example.com"));
        Execution run = paused("asking");
        assertProblem(http.get(path(run, ""), "Origin", "https://evil.example.com"), 403, "forbidden");
        Http.Reply listed = http.get(path(run, ""), "Origin", "https://app.example.com");
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.com");
        assertThat(listed.response().headers().allValues("Vary")).anyMatch(value -> value.contains("Accept"));
        assertThat(http.get(path(run, ""), "Origin", server.uri().toString()).status())
                .isEqualTo(200);
        Http.Reply preflight = http.send("OPTIONS", path(run, ""), null, "Origin", "https://app.example.com");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Last-Event-ID");
    }

    @Test
    void knowsItsMethods() throws Exception {
        Execution run = paused("asking");
        Http.Reply head = http.send("HEAD", path(run, "?wait=30"), null, "Accept", "text/event-stream");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(http.send("HEAD", path(run, "?wait=30&after=latest"), null).header("Content-Type"))
                .isEqualTo("application/json");
        assertThat(http.send("HEAD", "/executions/none/events", null).status()).isEqualTo(404);
        Http.Reply post = http.post(path(run, ""), Map.of());
        assertThat(post.status()).isEqualTo(405);
        assertThat(post.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
        assertThat(server.clients()).isZero();
        assertThat(http.get(path(run, ""), "Accept", "application/json, text/event-stream;q=0.5")
                        .header("Content-Type"))
                .isEqualTo("application/json");
    }

    @Test
    @DisplayName("when the server closes, streams end, waiting polls are told so, and closing takes no time")
    void closes() throws Exception {
        Execution run = paused("asking");
        try (EventSource source = stream(run, "")) {
            source.awaitEvent("human_interaction_required");
            CompletableFuture<Http.Reply> waiting = http.getAsync(path(run, "?wait=30&after=latest"));
            await().until(() -> server.clients() == 2);
            server.close();
            assertProblem(waiting.get(5, TimeUnit.SECONDS), 503, "server_closing");
            assertThat(source.response().statusCode()).isEqualTo(200);
            assertThat(server.clients()).isZero();
        }
    }

    @Test
    @DisplayName("when the bridge closes, streams end and waiting polls are told so")
    void closesWithTheBridge() throws Exception {
        Execution run = paused("asking");
        try (EventSource source = stream(run, "")) {
            source.awaitEvent("human_interaction_required");
            CompletableFuture<Http.Reply> waiting = http.getAsync(path(run, "?wait=30&after=latest"));
            await().until(() -> server.clients() == 2);
            bridge.close();
            assertProblem(waiting.get(5, TimeUnit.SECONDS), 503, "server_closing");
            assertThat(source.response().statusCode()).isEqualTo(200);
            assertProblem(http.get(path(run, "")), 503, "server_closing");
        }
    }

    @Test
    @DisplayName("F2: a stream that is not read slows nobody, is cut as too slow, and its seat is given back")
    @Tag("slow")
    void cutsAStreamThatIsTooSlow() throws Exception {
        serve(rules -> rules.stallTimeout(Duration.ofSeconds(3)), settings -> settings);
        Execution large = ended("large"); // more than the buffers of the sockets take
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                RawClient raw = RawClient.withSmallWindow(server.port());
                slow.add(raw);
                raw.send(
                        ("GET " + path(large, "") + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            await().until(() -> connected.get() == 3);
            assertThat(ended("busy").events().latest()).isGreaterThan(MANY);
            await().atMost(Duration.ofSeconds(20)).until(() -> server.clients() == 0);
        } finally {
            for (RawClient raw : slow) {
                raw.close();
            }
        }
    }

    @Test
    @DisplayName("F2: a poll whose answer is not read is cut as too slow, and its seat is given back")
    void cutsAPollThatIsTooSlow() throws Exception {
        serve(
                rules -> rules.stallTimeout(Duration.ofSeconds(1))
                        .limits(BridgeLimits.defaults().batchBytes(16 << 20)),
                settings -> settings);
        Execution huge = ended("huge");
        try (RawClient raw = RawClient.withSmallWindow(server.port())) {
            raw.send(("GET " + path(huge, "?limit=1000") + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> raw.socket.getInputStream().available() > 0);
            await().atMost(Duration.ofSeconds(20)).until(() -> server.clients() == 0);
            assertThat(raw.readHead().length())
                    .as("more than the buffers of the sockets take")
                    .isGreaterThan(8 << 20);
            assertThat(raw.isEnded()).isTrue();
        }
    }

    @Test
    void isSwitchedOff() throws Exception {
        serve(rules -> rules, settings -> settings.maxEventRequests(0));
        Execution run = paused("asking");
        assertProblem(http.get(path(run, "")), 503, "too_many_connections");
        assertProblem(http.get(path(run, ""), "Accept", "text/event-stream"), 503, "too_many_connections");
    }
}
