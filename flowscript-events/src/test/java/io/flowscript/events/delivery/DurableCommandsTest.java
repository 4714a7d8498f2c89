package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.store.Commit;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I10: clients of an engine with a store. */
@Timeout(60)
class DurableCommandsTest {

    private final SlowStore store = new SlowStore();

    /** A store whose commits wait until the test lets them through. */
    private static final class SlowStore extends ForwardingStore {

        private CompletableFuture<@Nullable Void> gate = CompletableFuture.completedFuture(null);

        SlowStore() {
            super(new MemoryStore());
        }

        synchronized void hold() {
            gate = new CompletableFuture<>();
        }

        /** Whether a commit waits. */
        synchronized boolean isWaitedFor() {
            return !gate.isDone() && gate.getNumberOfDependents() > 0;
        }

        void letThrough() {
            CompletableFuture<@Nullable Void> held;
            synchronized (this) {
                held = gate;
            }
            held.complete(null);
        }

        @Override
        public synchronized CompletionStage<@Nullable Void> commit(Commit commit) {
            return gate.thenCompose(open -> super.commit(commit));
        }
    }

    private FlowScript engine() {
        return engine(FlowScript.builder());
    }

    private FlowScript engine(FlowScriptBuilder builder) {
        return builder.store(store)
                .forms(schema -> answer -> List.of())
                .node(Node.named("ask")
                        .ask(context -> Question.form(Map.of("type", "string")))
                        .answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "ask", "nodes", List.of("ask"))))
                .build();
    }

    @Test
    @DisplayName("while the commands of many clients wait for the store, others are served")
    void aSlowStoreHoldsUpNobody() {
        try (FlowScript flows = engine();
                EventBridge bridge = FlowScriptBridge.builder(flows).build();
                MemoryTransport transport = MemoryTransport.on(bridge)) {
            Execution asking = flows.start("ask", Map.of());
            await().until(() -> !asking.interactions().isEmpty());
            store.hold();
            int many = 4 * (Runtime.getRuntime().availableProcessors() + 2);
            for (int i = 0; i < many; i++) {
                transport.connect().execute("ask", Map.of());
            }
            MemoryClient other = transport.connect();
            assertThat(other.awaitReply(other.ping())).containsEntry("type", "pong");
            other.subscribe(asking.id());
            other.await("human_interaction_required");
            assertThat(flows.executions().list(null, null, null, 100)).hasSize(1);
            store.letThrough();
            await().until(() -> flows.executions().list(null, null, null, 100).size() == many + 1);
        }
    }

    @Test
    @DisplayName(
            "a client whose command waits for the store is not taken for dead: its sign of life stands behind the command")
    void theHeartbeatWaits() {
        ManualClock clock = new ManualClock();
        try (FlowScript flows = engine(FlowScript.builder().clock(clock));
                EventBridge bridge = FlowScriptBridge.builder(flows)
                        .heartbeat(Duration.ofSeconds(1))
                        .build();
                MemoryTransport transport = MemoryTransport.on(bridge)) {
            MemoryClient client = transport.connect();
            client.playDead();
            store.hold();
            String request = client.execute("ask", Map.of());
            await().until(store::isWaitedFor);
            int timers = clock.pending();
            for (int i = 0; i < 5; i++) {
                clock.advance(Duration.ofSeconds(1));
                await().until(() -> !client.isConnected() || clock.pending() == timers);
                assertThat(client.isConnected()).isTrue();
            }
            store.letThrough();
            assertThat(client.awaitReply(request)).containsEntry("type", "execution_status");
            await().until(() -> {
                clock.advance(Duration.ofSeconds(1));
                return !client.isConnected();
            });
            assertThat(client.closeCode()).isEqualTo(CloseCode.HEARTBEAT_MISSED);
        }
    }

    @Test
    @DisplayName("the reply to a command comes before the events that it causes, however slow the store is")
    void theReplyComesFirst() {
        try (FlowScript flows = engine();
                EventBridge bridge = FlowScriptBridge.builder(flows).build();
                MemoryTransport transport = MemoryTransport.on(bridge)) {
            for (int i = 0; i < 50; i++) {
                Execution asking = flows.start("ask", Map.of());
                await().until(() -> !asking.interactions().isEmpty());
                MemoryClient client = transport.connect();
                client.subscribe(asking.id());
                client.await("human_interaction_required");
                store.hold();
                String nodeId = asking.interactions().get(0).token().nodeId();
                client.resume(asking.id(), nodeId, "yes");
                store.letThrough();
                client.await("workflow_completed");
                List<Object> types = client.received().stream()
                        .map(message -> message.get("type"))
                        .toList();
                assertThat(types.indexOf("resume_success"))
                        .isPositive()
                        .isLessThan(types.indexOf("human_interaction_received"));
            }
        }
    }
}
