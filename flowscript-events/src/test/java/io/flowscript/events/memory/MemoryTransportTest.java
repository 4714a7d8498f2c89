package io.flowscript.events.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryTransportTest {

    private final FlowScript flows = FlowScript.builder()
            .node(Node.named("review").ask(context -> Question.open()).answered((context, answer) -> Edge.of("done")))
            .node("count", context -> {
                for (int i = 0; i < 1_000; i++) {
                    context.runtime().emit("test:tick", i);
                }
                return Edge.of("done");
            })
            .workflow(WorkflowDefinition.of(Map.of("id", "expense", "nodes", List.of("review"))))
            .workflow(WorkflowDefinition.of(Map.of("id", "counting", "nodes", List.of("count", "review"))))
            .build();
    private final EventBridge bridge = FlowScriptBridge.builder(flows).build();
    private final MemoryTransport transport = MemoryTransport.on(bridge);

    @AfterEach
    void close() {
        transport.close();
        bridge.close();
        flows.close();
    }

    @Test
    void aClientStartsWatchesAndAnswers() {
        MemoryClient client = transport.connect(Identity.of("alice"));
        String started = client.execute("expense", Map.of("amount", 250));
        String id = (String) MemoryClient.data(client.awaitReply(started)).get("executionId");

        client.subscribe(id);
        Map<String, Object> question = client.await("human_interaction_required");
        String answered = client.resume(id, (String) MemoryClient.data(question).get("nodeId"), "approved");

        assertThat(client.awaitReply(answered)).containsEntry("type", "resume_success");
        client.await("workflow_completed");
        assertThat(client.events(id)).extracting(message -> message.get("type")).startsWith("workflow_started");
        assertThat(client.position(id).seq()).isEqualTo(client.events(id).size());
        assertThat(client.position(id).epoch()).isNotNull();
    }

    @Test
    void goesOnWhereItWasAfterAReconnect() {
        MemoryClient client = transport.connect();
        client.stall();
        client.subscribe("run");
        flows.start("counting", Map.of(), "run");
        for (int i = 0; i < 5; i++) {
            client.resumeReading();
            client.await(message -> message.containsKey("seq"), Duration.ofSeconds(10));
            client.reconnect();
        }
        client.await("human_interaction_required");

        assertThat(client.events("run")).hasSize(1_006);
        for (int i = 0; i < 1_006; i++) {
            assertThat(client.events("run").get(i)).containsEntry("seq", i + 1);
        }
    }

    @Test
    void aClientOfTheFirstVersionKeepsNoPosition() {
        MemoryClient client = transport.connect(Identity.ANONYMOUS, Framing.SINGLE);
        client.subscribe("run");
        flows.start("expense", Map.of(), "run");
        client.await("human_interaction_required");
        client.clear();

        client.reconnect();

        client.await("workflow_started");
        client.await("human_interaction_required");
    }

    @Test
    void readsNothingWhileItIsStalled() {
        MemoryClient client = transport.connect();
        client.await("connected");
        client.stall();
        String ping = client.ping();
        Awaitility.await().until(() -> transport.connections() == 1);
        assertThat(client.received()).hasSize(1);

        client.resumeReading();

        assertThat(client.awaitReply(ping)).containsEntry("type", "pong");
    }

    @Test
    void forgetsASubscriptionThatWasGivenUp() {
        MemoryClient client = transport.connect();
        client.subscribe("run", Position.START);
        client.unsubscribe("run");
        client.reconnect();
        String ping = client.ping();

        client.awaitReply(ping);
        assertThat(client.received()).extracting(message -> message.get("type")).endsWith("connected", "pong");
    }

    @Test
    void saysWhatCameInsteadOfWhatIsAwaited() {
        MemoryClient client = transport.connect();
        client.send("nonsense");
        client.await("error");

        assertThatThrownBy(() -> client.await(message -> false, Duration.ofMillis(1)))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("received 2 messages")
                .hasMessageContaining("error (invalid_json)");
    }

    @Test
    void isNotConnectedAfterTheEnd() {
        MemoryClient gone = transport.connect();
        gone.disconnect();
        assertThatThrownBy(gone::ping).extracting("code").isEqualTo("not_connected");
        assertThat(gone.closeCode()).isZero();

        MemoryClient told = transport.connect();
        bridge.close();
        assertThat(told.awaitClose()).isEqualTo(CloseCode.GOING_AWAY);
        assertThat(told.closeReason()).isEqualTo("server closing");
        assertThat(told.isConnected()).isFalse();
        assertThat(transport.connections()).isZero();
        assertThatThrownBy(told::reconnect).extracting("code").isEqualTo("server_closing");
    }

    @Test
    void isStartedBeforeAnybodyConnectsAndNotUsedAfterItIsClosed() {
        MemoryTransport other = new MemoryTransport();
        assertThatThrownBy(other::connect).extracting("code").isEqualTo("transport_not_started");
        other.start(bridge);
        MemoryClient client = other.connect();
        other.close();
        assertThat(client.isConnected()).isFalse();
        assertThatThrownBy(other::connect).extracting("code").isEqualTo("server_closing");
    }
}
