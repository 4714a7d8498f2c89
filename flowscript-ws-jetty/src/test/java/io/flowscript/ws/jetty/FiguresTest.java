package io.flowscript.ws.jetty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.Http;
import io.flowscript.testsupport.server.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@DisplayName("What an overview of executions and of the server needs, over REST")
class FiguresTest {

    /** The boss sees all; others see the executions of "ask", and what is meant for them. */
    private static final AccessPolicy POLICY = new AccessPolicy() {
        @Override
        public boolean permits(Identity who, Action action, String workflowId, String executionId) {
            return who.name().equals("boss") || (action != Action.OBSERVE && "ask".equals(workflowId));
        }

        @Override
        public boolean permits(Identity who, Action action, Interaction asked) {
            return who.name().equals("boss") || asked.assignment().includes(who);
        }
    };

    private static final Authenticator BY_HEADER =
            request -> Optional.of(request.header("X-User").map(Login::of).orElse(Login.ANONYMOUS));

    private final ManualClock clock = new ManualClock();
    private final FlowScript flows = FlowScript.builder()
            .clock(clock)
            .node("note", context -> Edge.of("done"))
            .node("fail", context -> {
                throw new IllegalStateException("no");
            })
            .node(Node.named("review")
                    .ask(context -> Question.open().assignedTo("ann").candidates("managers"))
                    .answered((context, answer) -> Edge.of("done")))
            .workflow(workflow("short", "note"))
            .workflow(workflow("broken", "fail"))
            .workflow(workflow("ask", "review"))
            .build();
    private FlowScriptBridge bridge;
    private FlowScriptWebSocketServer server;
    private Http http;

    private static WorkflowDefinition workflow(String id, Object... nodes) {
        return WorkflowDefinition.of(Map.of("id", id, "nodes", List.of(nodes)));
    }

    private void serve(AccessPolicy policy, UnaryOperator<FlowScriptWebSocketServer.Builder> settings) {
        bridge = CheckedBridge.of(
                FlowScriptBridge.builder(flows).accessPolicy(policy).build());
        server = settings.apply(FlowScriptWebSocketServer.builder(bridge)).start();
        http = new Http(server.uri());
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
            bridge.close();
        }
        flows.close();
    }

    private void startAll() {
        flows.start("short", Map.of(), "short-1");
        clock.advance(Duration.ofMinutes(1));
        flows.start("broken", Map.of(), "broken-1");
        clock.advance(Duration.ofMinutes(1));
        flows.start("ask", Map.of(), "Ask-1");
        await().until(() -> flows.executions()
                        .find("short-1")
                        .orElseThrow()
                        .status()
                        .isEnded()
                && flows.executions().find("broken-1").orElseThrow().status().isEnded()
                && !interactions("Ask-1").isEmpty());
    }

    private List<Interaction> interactions(String id) {
        return flows.executions().find(id).orElseThrow().interactions();
    }

    @Test
    @DisplayName("executions are listed by several statuses, by a text in their ids and by when they started")
    void listsWhatIsLookedFor() throws Exception {
        serve(AccessPolicy.EVERYONE, builder -> builder);
        startAll();
        String second = http.get("/executions?text=broken")
                .response()
                .body()
                .replaceAll(".*\"startTime\":\"([^\"]*)\".*", "$1");
        assertThat(ids("?status=paused,failed")).containsExactly("Ask-1", "broken-1");
        assertThat(ids("?status=completed")).containsExactly("short-1");
        assertThat(ids("?text=ASK-")).containsExactly("Ask-1");
        assertThat(ids("?text=r&status=failed,completed")).containsExactly("broken-1", "short-1");
        assertThat(ids("?from=" + second)).containsExactly("Ask-1", "broken-1");
        assertThat(ids("?to=" + second)).containsExactly("short-1");
        assertThat(ids("?workflowId=ask&to=" + second)).isEmpty();
    }

    @Test
    @DisplayName("an entry tells whom the execution waits for, at most three of them, and nobody of what is hidden")
    void tellsWhomItWaitsFor() throws Exception {
        serve(POLICY, builder -> builder.authenticator(BY_HEADER));
        startAll();
        Interaction asked = interactions("Ask-1").get(0);
        assertThat(rows(http.get("/executions?text=ask", "X-User", "ann")).get(0))
                .containsEntry(
                        "waitsFor",
                        List.of(Map.of(
                                "tokenId",
                                asked.token().tokenId(),
                                "nodeName",
                                "review",
                                "assignees",
                                List.of("ann"),
                                "groups",
                                List.of("managers"))));
        assertThat(rows(http.get("/executions?text=ask", "X-User", "eve")).get(0))
                .containsEntry("executionId", "Ask-1")
                .doesNotContainKey("waitsFor");
        assertThat(rows(http.get("/executions?text=short", "X-User", "boss")).get(0))
                .doesNotContainKey("waitsFor");
    }

    @Test
    @DisplayName("executions are counted with the same filters; nobody counts what they may not see")
    void counts() throws Exception {
        serve(POLICY, builder -> builder.authenticator(BY_HEADER));
        startAll();
        Map<String, Object> byStatus =
                Map.of("pending", 0, "running", 0, "paused", 1, "completed", 1, "failed", 1, "cancelled", 0);
        assertThat(http.get("/executions/count", "X-User", "boss").body())
                .isEqualTo(Map.of("count", 3, "exact", true, "byStatus", byStatus));
        assertThat(http.get("/executions/count?status=paused,failed&text=BROKEN", "X-User", "boss")
                        .get("count"))
                .isEqualTo(1);
        assertThat(http.get("/executions/count", "X-User", "eve").get("count")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=paused,nonsense",
                "status=paused,",
                "from=yesterday",
                "to=2026-01-01T00:00:00",
                "from=1&from=2",
                "text=01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
            })
    void refusesAFilterThatMakesNoSense(String query) throws Exception {
        serve(AccessPolicy.EVERYONE, builder -> builder);
        for (String path : List.of("/executions?", "/executions/count?")) {
            Http.Reply reply = http.get(path + query);
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.get("code")).isEqualTo("invalid_message");
        }
    }

    @Test
    @DisplayName("a client can ask who it is taken for")
    void tellsWhoAsks() throws Exception {
        serve(AccessPolicy.EVERYONE, builder -> builder.authenticator(Authenticator.development()));
        assertThat(http.get("/whoami").body()).isEqualTo(Map.of("development", true));
        Http.Reply ann = http.get("/whoami?user=ann&groups=people,managers");
        assertThat(ann.body())
                .isEqualTo(Map.of(
                        "identity",
                        Map.of("name", "ann", "groups", List.of("managers", "people")),
                        "development",
                        true));
        assertThat(ann.response().headers().allValues("Set-Cookie")).hasSize(2);
        server.close();
        bridge.close();
        serve(AccessPolicy.EVERYONE, builder -> builder.authenticator(BY_HEADER));
        assertThat(http.get("/whoami").body()).isEqualTo(Map.of("development", false));
        assertThat(http.get("/whoami", "X-User", "bob").get("identity"))
                .isEqualTo(Map.of("name", "bob", "groups", List.of()));
    }

    @Test
    @DisplayName("the figures of the server are there when it is told to show them, for those who may observe")
    void figuresAreForObservers() throws Exception {
        serve(POLICY, builder -> builder.authenticator(BY_HEADER));
        assertThat(http.get("/stats", "X-User", "boss").status()).isEqualTo(404);
        server.close();
        bridge.close();
        serve(POLICY, builder -> builder.authenticator(BY_HEADER).stats());
        assertThat(http.get("/stats", "X-User", "boss").status()).isEqualTo(200);
        Http.Reply refused = http.get("/stats", "X-User", "eve");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.get("code")).isEqualTo("forbidden");
    }

    @Test
    @DisplayName("Metrics are for those who may observe, are made once a second, and are switched on by their source")
    void metrics() throws Exception {
        serve(AccessPolicy.EVERYONE, builder -> builder);
        assertThat(http.get("/metrics").status()).isEqualTo(404);
        server.close();
        bridge.close();

        AtomicInteger scrapes = new AtomicInteger();
        serve(
                POLICY,
                builder -> builder.authenticator(BY_HEADER)
                        .metrics(() -> "steps_total " + scrapes.incrementAndGet() + "\n"));
        assertThat(http.get("/metrics", "X-User", "eve").status()).isEqualTo(403);
        Http.Reply reply = http.get("/metrics", "X-User", "boss");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("steps_total 1\n");
        assertThat(reply.header("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(http.get("/metrics", "X-User", "boss").text()).isEqualTo("steps_total 1\n");
        clock.advance(Duration.ofSeconds(1));
        assertThat(http.get("/metrics", "X-User", "boss").text()).isEqualTo("steps_total 2\n");
    }

    @Test
    @DisplayName("the figures count executions, questions by age, connections, and what has happened so far")
    void figures() throws Exception {
        serve(AccessPolicy.EVERYONE, builder -> builder.stats());
        startAll();
        clock.advance(Duration.ofMinutes(2));
        Execution younger = flows.start("ask", Map.of());
        await().until(() -> !younger.interactions().isEmpty());
        flows.start("short", Map.of());
        await().until(() -> flows.counts().ended() == 3);
        Map<String, Object> stats = http.get("/stats").body();
        assertThat(stats.get("executions"))
                .isEqualTo(
                        Map.of("pending", 0, "running", 0, "paused", 2, "completed", 2, "failed", 1, "cancelled", 0));
        assertThat(object(stats, "interactions"))
                .containsEntry("open", 2)
                .containsEntry("exact", true)
                .containsEntry("claimed", 0)
                .containsEntry("unseen", 2)
                .containsEntry(
                        "byAge",
                        List.of(
                                Map.of("upTo", 60, "count", 1),
                                Map.of("upTo", 3_600, "count", 1),
                                Map.of("upTo", 86_400, "count", 0),
                                Map.of("upTo", 604_800, "count", 0),
                                Map.of("count", 0)))
                .containsKey("oldest");
        assertThat(object(stats, "counters"))
                .containsEntry("started", 5)
                .containsEntry("ended", 3)
                .containsEntry("asked", 2)
                .containsEntry("answered", 0)
                .containsEntry("delivered", 0)
                .hasEntrySatisfying("appended", count -> assertThat((int) count).isGreaterThan(15));
        assertThat(stats)
                .containsEntry("lag", Map.of("max", 0, "p99", 0, "slow", 0))
                .containsEntry("slowClients", List.of())
                .containsEntry("store", "none")
                .containsEntry("waitingNodes", 0)
                .containsKeys("timestamp", "startedAt", "memory", "threads");
        assertThat(stats.get("connections")).isEqualTo(Map.of("webSocket", 0, "stream", 0, "poll", 0, "memory", 0));
    }

    @Test
    @DisplayName("the figures are made once a second, whoever asks how often")
    void figuresAreKept() throws Exception {
        serve(AccessPolicy.EVERYONE, builder -> builder.stats());
        Map<String, Object> first = http.get("/stats").body();
        flows.start("ask", Map.of(), "run");
        await().until(() -> !interactions("run").isEmpty());
        assertThat(http.get("/stats").body()).isEqualTo(first);
        clock.advance(Duration.ofSeconds(1));
        assertThat(object(http.get("/stats").body(), "interactions")).containsEntry("open", 1);
    }

    @Test
    @DisplayName("connections are counted by their kind")
    void connections() throws Exception {
        serve(AccessPolicy.EVERYONE, builder -> builder.stats());
        flows.start("ask", Map.of(), "run");
        await().until(() -> !interactions("run").isEmpty());
        try (RawClient socket = RawClient.to(server.port())) {
            CompletableFuture<Http.Reply> poll =
                    http.getAsync("/executions/run/events?types=workflow_completed&wait=30");
            assertThat(socket.upgrade().status()).isEqualTo(101);
            await().until(() -> {
                clock.advance(Duration.ofSeconds(1));
                return http.get("/stats")
                        .get("connections")
                        .equals(Map.of("webSocket", 1, "stream", 0, "poll", 1, "memory", 0));
            });
            flows.executions().find("run").orElseThrow().cancel("enough", Identity.of("boss"));
            assertThat(poll.get(20, SECONDS).status()).isEqualTo(200);
        }
    }

    @SuppressWarnings("unchecked") // the members of an answer
    private static Map<String, Object> object(Map<String, Object> in, String name) {
        return (Map<String, Object>) in.get(name);
    }

    private List<Object> ids(String query) throws Exception {
        return rows(http.get("/executions" + query)).stream()
                .map(row -> row.get("executionId"))
                .toList();
    }

    @SuppressWarnings("unchecked") // each row is a JSON object
    private static List<Map<String, Object>> rows(Http.Reply reply) {
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
        return (List<Map<String, Object>>) reply.get("executions");
    }
}
