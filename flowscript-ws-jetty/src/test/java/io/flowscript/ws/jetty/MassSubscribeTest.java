package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.SocketClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A client that comes back with many subscriptions, over WebSocket")
@Tag("slow")
class MassSubscribeTest {

    private static final int MANY = 1_000;

    private final FlowScript flows = FlowScript.builder()
            .node("done", context -> Edge.of("done"))
            .workflow(WorkflowDefinition.of(Map.of("id", "quick", "nodes", List.of("done"))))
            .build();
    // Twice the default rate, so that a thousand take four seconds.
    private final FlowScriptBridge bridge = CheckedBridge.of(FlowScriptBridge.builder(flows)
            .limits(BridgeLimits.defaults().messagesPerSecond(200))
            .build());
    private final FlowScriptWebSocketServer server =
            FlowScriptWebSocketServer.builder(bridge).start();
    private final List<String> ids =
            IntStream.range(0, MANY).mapToObj(i -> "run-" + i).toList();

    @AfterEach
    void close() {
        server.close();
        bridge.close();
        flows.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {250, 500, MANY})
    @DisplayName("Sent one by one without a pause: all are confirmed, none is lost, and the connection stays")
    void oneByOne(int count) throws Exception {
        start();
        try (SocketClient client = SocketClient.v2(server.uri())) {
            ids.subList(0, count)
                    .forEach(id -> client.send("{\"type\":\"subscribe\",\"id\":\"" + id
                            + "\",\"data\":{\"executionId\":\"" + id + "\"}}"));
            awaitEnds(client, count);
            assertThat(of(client, "subscribed"))
                    .extracting(message -> message.get("replyTo"))
                    .containsExactlyElementsOf(ids.subList(0, count));
            assertThat(of(client, "error")).isEmpty();
            assertThat(client.closeCode).isZero();
        }
    }

    @Test
    @DisplayName("Sent in one message, with the positions: all are confirmed, and each goes on where it was")
    void inOneMessage() throws Exception {
        start();
        try (SocketClient client = SocketClient.v2(server.uri())) {
            client.send("subscribe", Map.of("executions", positions(1)));
            awaitEnds(client, MANY);
            assertThat(of(client, "subscribed")).hasSize(MANY);
            assertThat(of(client, "workflow_started")).isEmpty();
            assertThat(of(client, "node_started")).hasSize(MANY);
            assertThat(of(client, "error")).isEmpty();
        }
    }

    private void start() throws Exception {
        List<CompletableFuture<ExecutionResult>> results = ids.stream()
                .map(id -> flows.start("quick", Map.of(), id).result())
                .toList();
        for (CompletableFuture<ExecutionResult> result : results) {
            result.get(20, TimeUnit.SECONDS);
        }
    }

    private List<Map<String, Object>> positions(int after) {
        return ids.stream()
                .map(id -> Map.<String, Object>of(
                        "executionId",
                        id,
                        "after",
                        after,
                        "epoch",
                        flows.executions().find(id).orElseThrow().events().epoch()))
                .toList();
    }

    private static void awaitEnds(SocketClient client, int count) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> of(client, "workflow_completed").size() == count || client.closeCode != 0);
        assertThat(of(client, "workflow_completed")).hasSize(count);
    }

    private static List<Map<String, Object>> of(SocketClient client, String type) {
        return client.received.stream()
                .filter(message -> message.get("type").equals(type))
                .toList();
    }
}
