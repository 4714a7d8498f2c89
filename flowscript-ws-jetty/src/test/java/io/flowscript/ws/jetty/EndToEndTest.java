package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.EventBridgeBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.Http;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.SocketClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real engine, a real bridge, real sockets. */
class EndToEndTest {

    private static final int MANY = 3_000;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final FlowScript flows = FlowScript.builder()
            .node("step", context -> {
                context.state().set("last", context.runtime().nodeId());
                return Edge.of("done", Map.of("grüße", "世界"));
            })
            .node("many", context -> {
                for (int i = 0; i < MANY; i++) {
                    context.runtime().emit("progress", Map.of("n", i));
                }
                return Edge.of("done");
            })
            .node("wait", context -> {
                gate.await();
                return Edge.of("done");
            })
            .node(Node.named("ask")
                    .ask(context -> Question.open().showing(Map.of("why", "because")))
                    .answered((context, answer) -> {
                        context.state().set("answer", answer.data().raw());
                        return Edge.of("told");
                    }))
            .workflow(workflow("quick", "step", "step"))
            .workflow(workflow("asking", "step", "ask", "step"))
            .workflow(workflow("busy", "step", "many", "wait", "many"))
            .build();
    private FlowScriptBridge bridge =
            CheckedBridge.of(FlowScriptBridge.builder(flows).build());
    private FlowScriptWebSocketServer server =
            FlowScriptWebSocketServer.builder(bridge).start();

    private static WorkflowDefinition workflow(String id, Object... nodes) {
        return WorkflowDefinition.of(Map.of("id", id, "nodes", List.of(nodes)));
    }

    @AfterEach
    void stop() {
        gate.countDown();
        server.close();
        bridge.close();
        flows.close();
    }

    private static List<Object> told(List<Map<String, Object>> events) {
        return events.stream()
                .map(event -> (Object) List.of(event.get("seq"), event.get("type"), event.get("data")))
                .toList();
    }

    private static List<Map<String, Object>> ofExecution(MemoryClient client) {
        List<Map<String, Object>> events = new ArrayList<>();
        for (Map<String, ?> message : client.received()) {
            if (message.containsKey("seq")) {
                events.add(Map.copyOf(message));
            }
        }
        return events;
    }

    @Test
    @DisplayName(
            "F1: subscribed before, during or after the run, over a socket or in memory, it is the same complete sequence")
    void givesEveryClientTheSameSequence() throws Exception {
        MemoryTransport memory = new MemoryTransport();
        memory.start(bridge);
        MemoryClient inMemory = memory.connect();
        try (SocketClient before = SocketClient.v2(server.uri());
                SocketClient during = SocketClient.v2(server.uri());
                SocketClient after = SocketClient.v2(server.uri())) {
            before.subscribe("run", 0, null);
            before.awaitMessage("subscribed");
            Execution run = flows.start("asking", Map.of(), "run");
            inMemory.subscribe("run");
            during.subscribe("run", 0, null);
            Map<String, Object> question = before.awaitMessage("human_interaction_required");
            before.send(
                    "resume",
                    Map.of(
                            "executionId",
                            "run",
                            "nodeId",
                            SocketClient.data(question).get("nodeId"),
                            "data",
                            false));
            before.awaitMessage("resume_success");
            await().until(() -> run.status() == ExecutionStatus.COMPLETED);
            after.subscribe("run", 0, null);
            for (SocketClient client : List.of(before, during, after)) {
                client.awaitMessage("workflow_completed");
            }
            await().until(() -> ofExecution(inMemory).size() == run.events().latest());
            List<Object> expected = told(ofExecution(inMemory));
            assertThat(told(before.events())).isEqualTo(expected);
            assertThat(told(during.events())).isEqualTo(expected);
            assertThat(told(after.events())).isEqualTo(expected);
            assertThat(before.numbers())
                    .isEqualTo(IntStream.rangeClosed(1, expected.size()).boxed().toList());
        }
        memory.close();
    }

    @Test
    @DisplayName("Subscribed to all with a filter: each execution joins, and only what was asked for comes")
    void followsAllOfThem() throws Exception {
        try (SocketClient client = SocketClient.v2(server.uri())) {
            client.send("subscribe", Map.of("all", true, "types", List.of("workflow_completed", "state_updated")));
            client.awaitMessage("subscribed");
            List<String> ids = IntStream.range(0, 20).mapToObj(i -> "run-" + i).toList();
            ids.forEach(id -> flows.start("quick", Map.of(), id));
            await().until(() -> client.events().size() == 60);

            for (String id : ids) {
                assertThat(client.events().stream()
                                .filter(event ->
                                        id.equals(SocketClient.data(event).get("executionId")))
                                .map(event -> event.get("type")))
                        .containsExactly("state_updated", "state_updated", "workflow_completed");
            }
        }
    }

    @Test
    @DisplayName("I2: a client that loses its connection in mid-run goes on where it was, and misses nothing")
    void goesOnWhereItWas() throws Exception {
        Execution run = flows.start("busy", Map.of());
        List<Integer> seen = new ArrayList<>();
        String epoch = run.events().epoch();
        int connections = 0;
        boolean ended = false;
        while (!ended) {
            connections++;
            try (SocketClient client = SocketClient.v2(server.uri())) {
                int last = seen.isEmpty() ? 0 : seen.get(seen.size() - 1);
                client.subscribe(run.id(), last, epoch);
                int wanted = connections * 1_000;
                if (wanted > MANY) {
                    gate.countDown();
                }
                await().atMost(SocketClient.PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .until(() -> client.received.stream()
                                        .anyMatch(m -> m.get("type").equals("workflow_completed"))
                                || last + client.events().size() >= wanted);
                client.abort();
                seen.addAll(client.numbers());
                ended = client.received.stream().anyMatch(m -> m.get("type").equals("workflow_completed"));
            }
        }
        assertThat(connections).isGreaterThan(1);
        assertThat(seen)
                .isEqualTo(IntStream.rangeClosed(1, (int) run.events().latest())
                        .boxed()
                        .toList());
    }

    @Test
    void speaksWithAClientOfTheFirstVersion() throws Exception {
        try (SocketClient client = SocketClient.v1(server.uri())) {
            assertThat(client.awaitMessage("connected").get("data")).isInstanceOf(Map.class);
            Http http = new Http(server.uri());
            String id =
                    (String) http.post("/workflows/asking/execute", Map.of()).get("executionId");
            client.send("subscribe", Map.of("executionId", id));
            Map<String, Object> question = client.awaitMessage("human_interaction_required");
            client.send(
                    "resume",
                    Map.of(
                            "executionId",
                            id,
                            "nodeId",
                            SocketClient.data(question).get("nodeId"),
                            "data",
                            Map.of("ok", true)));
            client.awaitMessage("resume_success");
            Map<String, Object> end = client.awaitMessage("workflow_completed");
            assertThat(SocketClient.data(end).get("finalState").toString()).contains("ok=true");
            assertThat(client.received.stream().map(m -> m.get("type"))).doesNotContain("state_updated");
        }
    }

    @Test
    @DisplayName("a client that floods is told so and ended, and another never notices")
    @Tag("slow")
    void endsAFloodWithoutTroubleForOthers() throws Exception {
        try (RawClient flood = RawClient.open(server.port());
                SocketClient other = SocketClient.v2(server.uri())) {
            byte[] rubbish = RawClient.frame(
                    true, RawClient.TEXT, "{nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            AtomicBoolean cut = new AtomicBoolean();
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    while (!cut.get()) {
                        flood.send(rubbish);
                    }
                } catch (java.io.IOException e) {
                    cut.set(true);
                }
            });
            CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> {
                try {
                    return flood.readUntil(RawClient.CLOSE).closeCode();
                } catch (java.io.IOException e) {
                    return 0;
                }
            });
            for (int i = 0; i < 20; i++) {
                Execution run = flows.start("quick", Map.of());
                other.subscribe(run.id(), 0, null);
                String id = run.id();
                other.awaitMessage(m -> m.get("type").equals("workflow_completed")
                        && SocketClient.data(m).get("executionId").equals(id));
            }
            writing.get(20, TimeUnit.SECONDS);
            assertThat(cut).isTrue();
            assertThat(reading.get(20, TimeUnit.SECONDS)).isEqualTo(CloseCode.POLICY);
            assertThat(other.closeCode).isZero();
        }
    }

    @Test
    @DisplayName("F2: a client that stops to read slows nobody, and is ended as too slow")
    void endsAClientThatIsTooSlow() throws Exception {
        restart(FlowScriptBridge.builder(flows)
                .stallTimeout(Duration.ofSeconds(1))
                .limits(BridgeLimits.defaults().maxConnections(2)));
        gate.countDown();
        try (RawClient slow = RawClient.upgraded(
                        RawClient.withSmallWindow(server.port()), "Sec-WebSocket-Protocol: flowscript.v2");
                SocketClient quick = SocketClient.v2(server.uri())) {
            for (int i = 0; i < 10; i++) {
                slow.text("{\"type\":\"subscribe\",\"data\":{\"executionId\":\"run-" + i + "\",\"after\":0}}");
            }
            for (int i = 0; i < 10; i++) {
                Execution run = flows.start("busy", Map.of(), "run-" + i);
                assertThat(run.result().get(20, TimeUnit.SECONDS).isCompleted()).isTrue();
            }
            quick.subscribe("run-9", 0, null);
            quick.awaitMessage("workflow_completed");
            // When the slow one is gone, there is room for another.
            await().atMost(SocketClient.PATIENCE).until(() -> {
                try (RawClient next = RawClient.open(server.port())) {
                    return next.read().opcode() == RawClient.TEXT;
                }
            });
            assertThat(slow.isEnded()).isTrue();
            assertThat(quick.closeCode).isZero();
        }
    }

    @Test
    @DisplayName("a client that gives no sign of life is ended with 4408")
    void endsAClientThatIsDead() throws Exception {
        ManualClock clock = new ManualClock();
        Duration beat = Duration.ofMillis(300);
        try (FlowScript slow = FlowScript.builder().clock(clock).build()) {
            restart(FlowScriptBridge.builder(slow).heartbeat(beat));
            try (RawClient dead = RawClient.open(server.port());
                    SocketClient alive = SocketClient.v2(server.uri())) {
                CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> codeAfterAPing(dead));
                for (int beats = 0; !code.isDone(); beats++) {
                    clock.advance(beat);
                    // The ping of this beat is sent before the second answer, and its pong comes before the third
                    // message.
                    for (int i = 0; i < 3; i++) {
                        alive.awaitAnswer(beats + "-" + i);
                    }
                }
                assertThat(code).isCompletedWithValue(CloseCode.HEARTBEAT_MISSED);
                alive.awaitAnswer("last");
                assertThat(alive.closeCode).isZero();
            } finally {
                server.close();
                bridge.close();
            }
        }
    }

    private static int codeAfterAPing(RawClient client) {
        try {
            assertThat(client.readUntil(RawClient.PING)).isNotNull();
            return client.readUntil(RawClient.CLOSE).closeCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void closesFromTheBridgeToo() throws Exception {
        try (SocketClient client = SocketClient.v2(server.uri())) {
            client.awaitMessage("connected");
            bridge.close();
            await().until(() -> client.closeCode == CloseCode.GOING_AWAY);
        }
        try (RawClient late = RawClient.open(server.port())) {
            assertThat(late.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        }
    }

    @Test
    void takesNoMoreThanItIsTold() throws Exception {
        restart(FlowScriptBridge.builder(flows).limits(BridgeLimits.defaults().maxConnections(2)));
        try (SocketClient one = SocketClient.v2(server.uri());
                SocketClient two = SocketClient.v2(server.uri())) {
            one.awaitMessage("connected");
            two.awaitMessage("connected");
            try (RawClient three = RawClient.open(server.port())) {
                assertThat(three.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.OVERLOADED);
            }
            one.abort();
            await().until(() -> {
                try (RawClient next = RawClient.open(server.port())) {
                    return next.read().opcode() == RawClient.TEXT;
                }
            });
        }
    }

    private void restart(EventBridgeBuilder rules) {
        server.close();
        bridge.close();
        bridge = CheckedBridge.of(rules.build());
        server = FlowScriptWebSocketServer.builder(bridge).start();
    }
}
