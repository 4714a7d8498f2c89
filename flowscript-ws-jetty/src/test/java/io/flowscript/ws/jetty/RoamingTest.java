package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.events.delivery.EventBridges;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that change from WebSocket to server-sent events to polls in mid-stream, through a proxy that cuts their connections: none loses an event, has
 * one twice, or out of order, and every hole is told. What a client and the proxy do comes from the seed; {@code -Dflowscript.seed=} plays one again.
 */
class RoamingTest {

    private static final int EVENTS = 4_000;
    private static final int CLIENTS = 4;
    private static final List<Long> REPLAYED =
            Long.getLong("flowscript.seed") == null ? List.of() : List.of(Long.getLong("flowscript.seed"));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    @DisplayName(
            "I2: over any transport, across cuts and changes of transport, nothing is lost, doubled or out of order")
    void losesNothing(long seed) throws Exception {
        roam(REPLAYED.isEmpty() ? seed : REPLAYED.get(0), Retention.defaults());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    @DisplayName("I2: where events are gone before the client comes back, every hole is told")
    void tellsOfEveryHole(long seed) throws Exception {
        Retention few = new Retention(
                300, Retention.defaults().maxBytes(), Retention.defaults().afterEnd());
        roam(REPLAYED.isEmpty() ? seed : REPLAYED.get(0), few);
    }

    private static void roam(long seed, Retention retention) throws Exception {
        FlowScript flows = FlowScript.builder()
                .retention(retention)
                .node("busy", context -> {
                    Random pace = new Random(seed);
                    for (int i = 0; i < EVENTS; i++) {
                        context.runtime().emit("progress", Map.of("n", i, "text", "x".repeat(pace.nextInt(200))));
                        if (pace.nextInt(40) == 0) {
                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pace.nextInt(40)));
                        }
                    }
                    return Edge.of("done");
                })
                .workflow(WorkflowDefinition.of(Map.of("id", "busy", "nodes", List.of("busy"))))
                .build();
        FlowScriptBridge bridge = EventBridges.of(flows).build();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(flows, bridge)
                        .requestsPerSecond(100_000)
                        .maxEventRequestsPerClient(10_000)
                        .start();
                CuttingProxy proxy = new CuttingProxy(server.port(), seed, 500, 60_000)) {
            Execution run = flows.start("busy", Map.of());
            List<Future<Roamer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Roamer roamer = new Roamer(proxy.uri(), run.id(), new Random(seed * 100 + i));
                clients.add(threads.submit((Callable<Roamer>) roamer::follow));
            }
            for (Future<Roamer> client : clients) {
                Roamer roamer = client.get(100, TimeUnit.SECONDS);
                assertThat(roamer.problems).as("seed %s", seed).isEmpty();
                assertThat(roamer.covered)
                        .as("seed %s: the last event", seed)
                        .isEqualTo(run.events().latest());
                assertThat(roamer.turns).as("seed %s: connections", seed).isGreaterThan(3);
                if (retention.equals(Retention.defaults())) {
                    assertThat(roamer.missed)
                            .as("seed %s: events in holes", seed)
                            .isZero();
                }
            }
            assertThat(proxy.cuts).as("seed %s: cuts", seed).hasPositiveValue();
        } finally {
            threads.shutdownNow();
            bridge.close();
            flows.close();
        }
    }

    /** One client, which keeps nothing but its position. */
    private static final class Roamer {

        private final URI server;
        private final String executionId;
        private final Random random;
        private final List<String> problems = new ArrayList<>();
        private String position = "";
        private String epoch;
        private long covered;
        private long missed;
        private int turns;
        private boolean over;

        Roamer(URI server, String executionId, Random random) {
            this.server = server;
            this.executionId = executionId;
            this.random = random;
        }

        Roamer follow() throws Exception {
            while (!over && problems.isEmpty()) {
                turns++;
                HttpClient http = HttpClient.newHttpClient();
                try {
                    switch (random.nextInt(3)) {
                        case 0 -> poll(new Http(server));
                        case 1 -> stream(http);
                        default -> webSocket();
                    }
                } catch (IOException | ExecutionException | TimeoutException cut) {
                    // and again
                }
            }
            return this;
        }

        private void poll(Http http) throws Exception {
            for (int i = random.nextInt(1, 20); i > 0 && !over; i--) {
                Http.Reply reply = http.get("/executions/" + executionId + "/events?wait=1&limit="
                        + random.nextInt(1, 400) + "&after=" + position);
                if (reply.status() != 200) {
                    problems.add("status " + reply.status());
                    return;
                }
                @SuppressWarnings("unchecked") // events are JSON objects
                List<Map<String, Object>> events = (List<Map<String, Object>>) reply.get("events");
                events.forEach(this::take);
                position = (String) reply.get("next");
                epoch = position.substring(0, position.lastIndexOf(':'));
                over |= (Boolean) reply.get("terminal");
            }
        }

        private void stream(HttpClient http) throws Exception {
            URI uri = URI.create(server + "/executions/" + executionId + "/events");
            try (EventSource source = position.isEmpty()
                    ? EventSource.open(http, uri)
                    : EventSource.open(http, uri, "Last-Event-ID", position)) {
                linger(source::isOver);
                for (EventSource.Message message : List.copyOf(source.received)) {
                    take(message.data());
                    if (message.data().containsKey("seq") && !message.id().equals(position)) {
                        problems.add("id " + message.id() + " at " + position);
                    }
                }
                if (source.isOver() && source.response().statusCode() == 204) {
                    over = true;
                }
            }
        }

        private void webSocket() throws Exception {
            try (SocketClient socket = SocketClient.v2(server)) {
                socket.send(
                        "subscribe",
                        position.isEmpty()
                                ? Map.of("executionId", executionId, "after", 0)
                                : Map.of("executionId", executionId, "after", position));
                linger(() -> socket.closeCode != 0);
                for (Map<String, Object> message : List.copyOf(socket.received)) {
                    take(message);
                }
            } catch (java.util.concurrent.CompletionException cut) {
                // and again
            }
        }

        /** Stays for as long as the seed says, or until it is cut. */
        private void linger(java.util.function.BooleanSupplier cut) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(5, 300));
            while (System.nanoTime() < end && !cut.getAsBoolean()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }

        private void take(Map<String, Object> message) {
            Map<String, Object> data = SocketClient.data(message);
            switch ((String) message.get("type")) {
                case "subscribed" -> epoch = (String) data.get("epoch");
                case "position" -> position = data.get("epoch") + ":" + data.get("seq");
                case "events_missed" -> {
                    long from = ((Number) data.get("from")).longValue();
                    long to = ((Number) data.get("to")).longValue();
                    if (from != covered + 1) {
                        problems.add("a hole from " + from + " after " + covered);
                    }
                    missed += to - from + 1;
                    covered = to;
                    position = epoch + ":" + to;
                }
                default -> {
                    if (message.get("seq") instanceof Number seq) {
                        if (seq.longValue() != covered + 1) {
                            problems.add("event " + seq + " after " + covered);
                        }
                        covered = seq.longValue();
                        position = epoch + ":" + seq;
                        over |= message.get("type").equals("workflow_completed");
                    }
                }
            }
        }
    }
}
