package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients are served while nodes that block hold all the threads that nodes have. */
@Timeout(60)
class BlockedNodesTest {

    private static final int THREADS = 4;

    private final CountDownLatch entered = new CountDownLatch(THREADS);
    private final CountDownLatch release = new CountDownLatch(1);
    private final CompletableFuture<ExecutionContext> live = new CompletableFuture<>();

    private final FlowScript flows = FlowScript.builder()
            .limits(EngineLimits.defaults().maxNodeThreads(THREADS))
            .node("block", context -> {
                entered.countDown();
                release.await();
                return Edge.of("done");
            })
            .node("live", Node.async(context -> {
                live.complete(context);
                return new CompletableFuture<Outcome>();
            }))
            .node("ask", context -> context.answer() == null ? Question.open().ask(null) : Edge.of("done"))
            .workflow(WorkflowDefinition.of(Map.of("id", "block", "nodes", List.of("block"))))
            .workflow(WorkflowDefinition.of(Map.of("id", "live", "nodes", List.of("live"))))
            .workflow(WorkflowDefinition.of(Map.of("id", "ask", "nodes", List.of("ask"))))
            .build();
    private final EventBridge bridge = FlowScriptBridge.builder(flows).build();
    private final MemoryTransport transport = MemoryTransport.on(bridge);
    private Execution running;
    private Execution asking;

    @BeforeEach
    void fill() throws InterruptedException {
        running = flows.start("live", Map.of());
        asking = flows.start("ask", Map.of());
        live.join();
        Awaitility.await().until(() -> !asking.interactions().isEmpty());
        for (int i = 0; i < 3 * THREADS; i++) {
            flows.start("block", Map.of());
        }
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void close() {
        release.countDown();
        transport.close();
        bridge.close();
        flows.close();
    }

    @Test
    void connectsAndAnswersAPing() {
        MemoryClient client = transport.connect();
        client.await("connected");
        assertThat(client.awaitReply(client.ping())).containsEntry("type", "pong");
    }

    @Test
    void replaysAndGoesOnLive() {
        MemoryClient client = transport.connect();
        client.subscribe(running.id());
        client.await("workflow_started");
        live.join().runtime().emit("test:live", 1);
        client.await("workflow_event");
    }

    @Test
    void carriesOutCommands() {
        MemoryClient client = transport.connect(Identity.of("ada"));
        String started = client.execute("ask", Map.of());
        assertThat(client.awaitReply(started)).containsEntry("type", "execution_status");
        String nodeId = asking.interactions().get(0).token().nodeId();
        assertThat(client.awaitReply(client.resume(asking.id(), nodeId, "yes")))
                .containsEntry("type", "resume_success");
        assertThat(client.awaitReply(client.cancel(running.id()))).doesNotContainEntry("type", "error");
        Awaitility.await().until(() -> running.status().isEnded());
    }

    @Test
    void tellsListenersOfTheInbox() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        try (Inbox inbox = Inbox.of(flows)) {
            inbox.subscribe(InboxQuery.OPEN, change -> told.countDown());
            asking.cancel(null, null);
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
