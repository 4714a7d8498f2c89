package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.Http;
import io.flowscript.testsupport.server.SocketClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("A command that was sent over one transport can be repeated over another")
class IdempotencyOverTransportsTest {

    private static final Identity ANN = Identity.of("ann");

    private FlowScript flows;
    private FlowScriptBridge bridge;
    private FlowScriptWebSocketServer server;
    private MemoryTransport memory;
    private Http http;

    @BeforeEach
    void start() {
        flows = FlowScript.builder()
                .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "asks", "nodes", List.of("ask"))))
                .build();
        bridge = CheckedBridge.of(FlowScriptBridge.builder(flows).build());
        server = FlowScriptWebSocketServer.builder(bridge)
                .authenticator(request ->
                        Optional.of(request.header("X-User").map(Login::of).orElse(Login.ANONYMOUS)))
                .start();
        memory = MemoryTransport.on(bridge);
        http = new Http(server.uri());
    }

    @AfterEach
    void stop() {
        memory.close();
        server.close();
        bridge.close();
        flows.close();
    }

    @Test
    void executeIsRepeatedOverRest() throws Exception {
        MemoryClient client = memory.connect(ANN, Framing.LINES);
        String request = client.execute("asks", Map.of("amount", 1));
        Object id = MemoryClient.data(client.awaitReply(request)).get("executionId");
        client.disconnect();

        for (String field : List.of("input", "initialInput")) {
            Http.Reply again = execute(Map.of(field, Map.of("amount", 1)), "ann", request);
            assertThat(again.status()).isEqualTo(201);
            assertThat(again.body()).containsEntry("executionId", id).containsEntry("status", "started");
        }
        Http.Reply conflict = execute(Map.of("input", Map.of("amount", 2)), "ann", request);
        assertThat(conflict.status()).isEqualTo(409);
        assertThat(conflict.get("code")).isEqualTo("idempotency_conflict");
        assertThat(execute(Map.of("input", Map.of("amount", 1)), "bob", request).get("executionId"))
                .isNotEqualTo(id);
        assertThat(flows.executions().size()).isEqualTo(2);
    }

    @Test
    void executeOverRestIsRepeatedOverWebSocket() throws Exception {
        Object id = execute(Map.of(), null, "key").get("executionId");
        assertThat(execute(Map.of(), null, "key").get("executionId")).isEqualTo(id);
        assertThat(execute(Map.of(), "ann", "key").get("executionId")).isNotEqualTo(id);

        MemoryClient client = memory.connect(ANN, Framing.LINES);
        client.send(Map.of("type", "execute", "id", "key", "data", Map.of("workflowId", "asks")));
        assertThat(MemoryClient.data(client.awaitReply("key")).get("executionId"))
                .isEqualTo(execute(Map.of(), "ann", "key").get("executionId"));
        assertThat(flows.executions().size()).isEqualTo(2);
    }

    @Test
    @DisplayName("Over WebSocket, two clients without names that send the same id get executions of their own")
    void clientsWithoutNamesOverWebSocket() throws Exception {
        String command = "{\"type\":\"execute\",\"id\":\"1\",\"data\":{\"workflowId\":\"asks\"}}";
        try (SocketClient one = SocketClient.v2(server.uri());
                SocketClient two = SocketClient.v2(server.uri())) {
            one.send(command);
            two.send(command);
            Object first =
                    SocketClient.data(one.awaitMessage("execution_status")).get("executionId");
            Object second =
                    SocketClient.data(two.awaitMessage("execution_status")).get("executionId");
            assertThat(first).isNotEqualTo(second);
            assertThat(execute(Map.of(), null, "1").get("executionId")).isNotIn(first, second);
        }
    }

    @Test
    void claimsAndReleasesAreRepeated() throws Exception {
        Execution execution = flows.start("asks", Map.of(), "run");
        await().until(() -> execution.status() == ExecutionStatus.PAUSED);
        Interaction asked = execution.interactions().get(0);
        MemoryClient client = memory.connect(ANN, Framing.LINES);
        String claim = client.claim("run", asked.token().nodeId());
        Map<String, Object> claimed = MemoryClient.data(client.awaitReply(claim));
        String release = client.release("run", asked.token().nodeId());
        client.awaitReply(release);
        client.disconnect();

        Http.Reply late = post("claim", Map.of("nodeId", asked.token().nodeId()), claim);
        assertThat(late.body())
                .containsEntry("tokenId", claimed.get("tokenId"))
                .containsEntry("status", "claimed")
                .extractingByKey("claim")
                .asString()
                .contains("by=ann");
        assertThat(execution.interactions().get(0).claim())
                .as("the release came after it")
                .isNull();
        Http.Reply released = post("release", Map.of("nodeId", asked.token().nodeId()), release);
        assertThat(released.body()).containsEntry("status", "open").containsEntry("tokenId", claimed.get("tokenId"));
    }

    @Test
    void cancelIsRepeated() throws Exception {
        flows.start("asks", Map.of(), "run");
        MemoryClient client = memory.connect(ANN, Framing.LINES);
        String cancel = client.cancel("run");
        client.awaitReply(cancel);

        assertThat(post("cancel", Map.of(), cancel).body()).containsEntry("status", "cancelled");
        assertThat(post("cancel", Map.of("reason", "another"), cancel).get("code"))
                .isEqualTo("idempotency_conflict");
        assertThat(post("cancel", Map.of(), "k".repeat(257)).status()).isEqualTo(400);
    }

    private Http.Reply execute(Map<String, ?> body, String who, String key) throws Exception {
        return post("/workflows/asks/execute", body, who, key);
    }

    private Http.Reply post(String what, Map<String, ?> body, String key) throws Exception {
        return post("/executions/run/" + what, body, "ann", key);
    }

    private Http.Reply post(String path, Map<String, ?> body, String who, String key) throws Exception {
        Map<String, String> headers = new HashMap<>(Map.of("Idempotency-Key", key));
        if (who != null) {
            headers.put("X-User", who);
        }
        return http.post(
                path,
                body,
                headers.entrySet().stream()
                        .flatMap(header -> List.of(header.getKey(), header.getValue()).stream())
                        .toArray(String[]::new));
    }
}
