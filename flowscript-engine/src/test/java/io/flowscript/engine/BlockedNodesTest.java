package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the engine does while nodes that block hold all the threads that nodes have. */
@Timeout(60)
class BlockedNodesTest {

    private static final int THREADS = 4;
    private static final int BLOCKING = 3 * THREADS;

    private final ManualClock clock = new ManualClock();
    private final CountDownLatch entered = new CountDownLatch(THREADS);
    private final CountDownLatch release = new CountDownLatch(1);
    private final BlockingQueue<ExecutionContext> inAsync = new LinkedBlockingQueue<>();
    private final CompletableFuture<Outcome> asyncOutcome = new CompletableFuture<>();

    private final FlowScript flows = FlowScript.builder()
            .clock(clock)
            .limits(EngineLimits.defaults().maxNodeThreads(THREADS))
            .node("block", this::block)
            .node(
                    "limited",
                    Node.named("limited").timeout(Duration.ofSeconds(5)).run(this::block))
            .node("async", Node.async(context -> {
                inAsync.add(context);
                return asyncOutcome;
            }))
            .node(
                    "ask",
                    context -> context.answer() == null
                            ? Question.open().within(Duration.ofSeconds(5)).ask(null)
                            : Edge.of("answered"))
            .node("wait", context -> {
                PauseToken token = context.runtime().pause();
                entered.countDown();
                return Edge.of(
                        "answered", context.runtime().waitForResume(token).get());
            })
            .workflow(workflow("block"))
            .workflow(workflow("limited"))
            .workflow(workflow("async"))
            .workflow(workflow("ask"))
            .workflow(workflow("wait"))
            .build();

    private final List<Execution> blocked = new ArrayList<>();

    private static WorkflowDefinition workflow(String node) {
        return WorkflowDefinition.of(Map.of("id", node, "nodes", List.of(node)));
    }

    private Outcome block(ExecutionContext context) throws InterruptedException {
        entered.countDown();
        release.await();
        return Edge.of("done");
    }

    @AfterEach
    void close() {
        release.countDown();
        flows.close();
    }

    private void fillWith(String workflow) throws InterruptedException {
        for (int i = 0; i < BLOCKING; i++) {
            blocked.add(flows.start(workflow, Map.of()));
        }
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("the timeout of a node that blocks ends its attempt while every thread of the nodes is in use")
    void timeout() throws InterruptedException {
        fillWith("limited");
        clock.advance(Duration.ofSeconds(5));
        Execution first = blocked.get(0);
        assertThat(first.result()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(first.result().join().code()).isEqualTo("node_timeout");
    }

    @Test
    void theDeadlineOfAnInteractionClosesIt() throws InterruptedException {
        Execution asking = flows.start("ask", Map.of());
        Awaitility.await().until(() -> !asking.interactions().isEmpty());
        fillWith("block");
        clock.advance(Duration.ofSeconds(5));
        Awaitility.await().until(() -> asking.interactions().isEmpty());
    }

    @Test
    void aListenerIsToldOfEvents() throws InterruptedException {
        Execution live = flows.start("async", Map.of());
        ExecutionContext context = inAsync.take();
        fillWith("block");
        CountDownLatch told = new CountDownLatch(1);
        live.listen(event -> told.countDown(), EventType.of("test:live"));
        context.runtime().emit("test:live", null);
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName("the outcome of an asynchronous node is taken before its time is over, and its execution ends")
    void asynchronousOutcome() throws InterruptedException {
        Execution async = flows.start("async", Map.of());
        inAsync.take();
        fillWith("block");
        asyncOutcome.complete(Edge.of("done"));
        assertThat(async.result()).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("nodes that wait for answers in their middle, and hold every thread by that, get them")
    void answersToWaitingNodes() throws InterruptedException {
        fillWith("wait");
        int answered = 0;
        while (answered < BLOCKING) {
            Awaitility.await()
                    .until(() -> blocked.stream()
                            .anyMatch(execution -> !execution.interactions().isEmpty()));
            for (Execution execution : blocked) {
                for (var interaction : execution.interactions()) {
                    flows.interactions().answer(interaction.token(), "yes", AnswerOptions.NONE);
                    answered++;
                }
            }
        }
        for (Execution execution : blocked) {
            assertThat(execution.result()).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    @DisplayName("an execution that is restored is watched at once: its interaction falls due")
    void restored() throws InterruptedException {
        Execution asking = flows.start("ask", Map.of());
        Awaitility.await().until(() -> !asking.interactions().isEmpty());
        ExecutionSnapshot snapshot = asking.snapshot();
        try (FlowScript other = FlowScript.builder()
                .clock(clock)
                .limits(EngineLimits.defaults().maxNodeThreads(THREADS))
                .node("block", this::block)
                .node("ask", context -> Edge.of("answered"))
                .workflow(workflow("block"))
                .workflow(workflow("ask"))
                .build()) {
            for (int i = 0; i < BLOCKING; i++) {
                other.start("block", Map.of());
            }
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
            Execution restored = other.restore(snapshot);
            Awaitility.await().until(() -> {
                clock.advance(Duration.ofSeconds(5));
                return restored.interactions().isEmpty();
            });
            release.countDown();
        }
    }

    @Test
    @DisplayName("calls that wait for a thread are counted, and their waiting is not their time")
    void waitingNodes() throws InterruptedException {
        fillWith("limited");
        assertThat(flows.stats()).isEqualTo(new EngineStats(BLOCKING, BLOCKING - THREADS, 0, true));
        clock.advance(Duration.ofSeconds(5));
        Awaitility.await().until(() -> flows.stats().waitingNodes() == BLOCKING - 2 * THREADS);
        assertThat(blocked)
                .filteredOn(execution -> execution.status().isEnded())
                .hasSize(THREADS);
        release.countDown();
        Awaitility.await().until(() -> flows.stats().waitingNodes() == 0);
        assertThat(blocked.get(BLOCKING - 1).result()).succeedsWithin(Duration.ofSeconds(10));
    }
}
