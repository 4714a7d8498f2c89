package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.runtime.State;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Timeouts, cancelling, and whose time counts. */
class TimeTest {

    private static final EngineLimits TEN_SECONDS = EngineLimits.defaults().executionTimeout(Duration.ofSeconds(10));

    private static Node never(List<CompletableFuture<Outcome>> begun) {
        return Node.async(context -> {
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            begun.add(outcome);
            return outcome;
        });
    }

    @Test
    @DisplayName("F19: a pending asynchronous node counts as work, and the execution ends when its time is over")
    void executionTimeout() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        try (TestEngine engine = TestEngine.of(
                workflow("slow"), b -> b.node("slow", never(begun)).limits(TEN_SECONDS))) {
            Execution run = engine.start();
            engine.advance(Duration.ofMillis(9_999));
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            engine.advance(Duration.ofMillis(1));
            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing slow-1",
                            "failed slow-1 execution_timeout",
                            "FAILED execution_timeout");
            assertThat(begun.get(0)).isCancelled();
            assertThat(run.snapshot().worked()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    @DisplayName("F19: the time that people take, sleeps and the pauses between attempts do not count")
    void whatDoesNotCount() {
        Node node = Node.named("node")
                .retry(RetryPolicy.fixed(2, Duration.ofDays(1)))
                .run(context -> {
                    if (context.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                    if (context.memo().isMissing()) {
                        return new Sleep(Duration.ofDays(1), "slept");
                    }
                    return context.answer() == null ? Question.open().ask("asked") : Edge.of("ok");
                });
        Node waits = Node.async(context ->
                context.runtime().waitForResume(context.runtime().pause()).thenApply(value -> Edge.of("ok")));
        try (TestEngine engine = TestEngine.of(
                workflow("node", "waits"),
                b -> b.node("node", node).node("waits", waits).limits(TEN_SECONDS))) {
            Execution run = engine.start();
            engine.advance(Duration.ofDays(1));
            engine.advance(Duration.ofDays(1));
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(engine.clock.pending()).isZero();
            engine.advance(Duration.ofDays(1));
            engine.answer(run, 1);
            engine.advance(Duration.ofDays(1));
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            engine.answer(run, 2);
            assertThat(run.result().join().isCompleted()).isTrue();
            assertThat(run.snapshot().worked()).isZero();
        }
    }

    @Test
    @DisplayName("F19: work before and after an interaction adds up")
    void workAddsUp() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        Node asks = context -> context.answer() == null ? Question.open().ask() : Edge.of("ok");
        try (TestEngine engine = TestEngine.of(
                workflow("slow", "asks", "slow"),
                b -> b.node("slow", never(begun)).node("asks", asks).limits(TEN_SECONDS))) {
            Execution run = engine.start();
            engine.advance(Duration.ofSeconds(6));
            begun.get(0).complete(Edge.of("ok"));
            engine.executor.runAll();
            engine.advance(Duration.ofDays(9));
            engine.answer(run, 1);
            assertThat(run.snapshot().worked()).isEqualTo(Duration.ofSeconds(6));
            engine.advance(Duration.ofMillis(3_999));
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            engine.advance(Duration.ofMillis(1));
            assertThat(run.result().join().code()).isEqualTo("execution_timeout");
        }
    }

    /** Counts what is scheduled. */
    private static final class CountingClock implements EngineClock {

        final ManualClock clock = new ManualClock();
        int scheduled;

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public long nanoTime() {
            return clock.nanoTime();
        }

        @Override
        public Timer schedule(Instant at, Runnable task) {
            scheduled++;
            return clock.schedule(at, task);
        }

        @Override
        public Timer schedule(Duration after, Runnable task) {
            scheduled++;
            return clock.schedule(after, task);
        }
    }

    @Test
    @DisplayName("F19: setting the system's clock forward is no work of a node")
    void aJumpOfTheClockIsNoWork() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        CountingClock clock = new CountingClock();
        try (TestEngine engine = TestEngine.of(
                workflow("slow", "slow"),
                b -> b.clock(clock)
                        .node("slow", never(begun))
                        .limits(TEN_SECONDS.nodeTimeout(Duration.ofSeconds(8))))) {
            Execution run = engine.start();
            clock.clock.advance(Duration.ofSeconds(7));
            clock.clock.jump(Duration.ofHours(1));
            engine.executor.runAll();
            begun.get(0).complete(Edge.of("ok"));
            engine.executor.runAll();
            assertThat(run.snapshot().worked()).isEqualTo(Duration.ofSeconds(7));
            clock.clock.jump(Duration.ofHours(1));
            engine.executor.runAll();
            clock.clock.advance(Duration.ofMillis(2_999));
            engine.executor.runAll();
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            clock.clock.advance(Duration.ofMillis(1));
            engine.executor.runAll();
            assertThat(run.result().join().code()).isEqualTo("execution_timeout");
            assertThat(run.snapshot().worked()).isEqualTo(Duration.ofSeconds(10));
        }
    }

    @Test
    @DisplayName(
            "A thousand steps set one alarm, which rings in vain and is set anew; one that is too late is replaced")
    void theAlarmIsLeftAlone() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        CountingClock clock = new CountingClock();
        Node loops = context -> {
            int round = context.state().get("round").orElse(0).asInt() + 1;
            context.state().set("round", round);
            clock.clock.advance(Duration.ofMillis(1));
            return Edge.of(round < 1_000 ? "loopTo:loops" : "ok");
        };
        try (TestEngine engine = TestEngine.of(
                workflow("loops", "naps", "slow"),
                b -> b.clock(clock)
                        .node("loops", loops)
                        .node(
                                "naps",
                                context -> context.memo().isMissing()
                                        ? new Sleep(Duration.ofHours(1), "slept")
                                        : Edge.of("ok"))
                        .node(Node.named("slow").timeout(Duration.ofSeconds(2)).run(never(begun)))
                        .limits(TEN_SECONDS))) {
            Execution run = engine.start();
            assertThat(run.state("round").asInt()).isEqualTo(1_000);
            assertThat(clock.scheduled).isEqualTo(1);
            assertThat(clock.clock.pending()).isEqualTo(1);
            clock.clock.advance(Duration.ofHours(1));
            engine.executor.runAll();
            assertThat(run.snapshot().worked()).isEqualTo(Duration.ofSeconds(1));
            assertThat(begun).hasSize(1);
            clock.clock.advance(Duration.ofSeconds(2));
            engine.executor.runAll();
            assertThat(run.result().join().code()).isEqualTo("node_timeout");
            assertThat(clock.scheduled).isLessThan(10);
        }
    }

    @Test
    @DisplayName("F19: the timeout of an execution can be switched off")
    void noExecutionTimeout() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        try (TestEngine engine = TestEngine.of(
                workflow("slow"),
                b -> b.node("slow", never(begun)).limits(EngineLimits.defaults().executionTimeout(null)))) {
            Execution run = engine.start();
            assertThat(engine.clock.pending()).isZero();
            engine.advance(Duration.ofDays(10_000));
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
        }
    }

    @Test
    @DisplayName("F19, F27: a node that works for too long goes by its timeout edge")
    void nodeTimeout() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        try (TestEngine engine = TestEngine.of(
                workflow(List.of("slow", Map.of("timeout", "late", "error", "never"))),
                b -> b.node(Node.named("slow").timeout(Duration.ofSeconds(2)).run(never(begun)))
                        .node(
                                "late",
                                context -> Edge.of("ok", context.previous().get("code")))
                        .node("never", TestEngine.returning("ok")))) {
            Execution run = engine.start();
            engine.advance(Duration.ofSeconds(2));
            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing slow-1",
                            "failed slow-1 node_timeout",
                            "executing late-2",
                            "completed late-2 ok node_timeout",
                            "COMPLETED");
        }
    }

    @Test
    void theDefaultNodeTimeoutHoldsForNodesThatSayNothing() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        try (TestEngine engine = TestEngine.of(
                workflow("slow"),
                b -> b.node("slow", never(begun)).limits(EngineLimits.defaults().nodeTimeout(Duration.ofSeconds(3))))) {
            Execution run = engine.start();
            engine.advance(Duration.ofSeconds(3));
            assertThat(run.result().join().code()).isEqualTo("node_timeout");
        }
    }

    @Test
    @DisplayName("F27: each attempt has its own time, and what a late one says is not heard")
    void retryAfterTimeout() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        try (TestEngine engine = TestEngine.of(
                workflow("slow"),
                b -> b.node(Node.named("slow")
                        .timeout(Duration.ofSeconds(2))
                        .retry(RetryPolicy.fixed(2, Duration.ofSeconds(1)))
                        .run(never(begun))))) {
            Execution run = engine.start();
            engine.advance(Duration.ofSeconds(2));
            engine.advance(Duration.ofSeconds(1));
            begun.get(0).complete(Edge.of("too late"));
            engine.executor.runAll();
            engine.advance(Duration.ofMillis(1_999));
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            begun.get(1).complete(Edge.of("ok"));
            engine.executor.runAll();
            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing slow-1",
                            "failed slow-1 node_timeout will retry",
                            "executing slow-1 #2",
                            "completed slow-1 ok",
                            "COMPLETED");
        }
    }

    @Test
    @DisplayName("F19: a node that hangs on its thread is interrupted and abandoned, and what it does later is refused")
    void hungNode() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicReference<State> kept = new AtomicReference<>();
        Node hung = context -> {
            kept.set(context.state());
            hangs.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            goOn.await();
            context.state().set("x", 1);
            return Edge.of("ok");
        };
        try (TestEngine engine = TestEngine.of(
                workflow(List.of("hung", Map.of("timeout", "next"))),
                b -> b.node(Node.named("hung").timeout(Duration.ofSeconds(5)).run(hung))
                        .node("next", TestEngine.returning("ok")))) {
            Execution run = engine.flows.start("w", Map.of());
            Thread thread = new Thread(engine.executor::runAll, "runs-the-node");
            thread.start();
            hangs.await();
            engine.advance(Duration.ofSeconds(5));
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            List<String> told = story(run);
            goOn.countDown();
            thread.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(thread.isAlive()).isFalse();
            assertThat(interrupted).isTrue();
            assertThat(story(run)).isEqualTo(told).contains("failed hung-1 node_timeout", "completed next-2 ok");
            assertThat(run.snapshot().state()).isEmpty();
        }
    }

    @Test
    void theInterruptionIsForTheNodeAndNotForWhatItsThreadDoesNext() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        AtomicBoolean stop = new AtomicBoolean();
        Node spins = context -> {
            busy.countDown();
            while (!stop.get()) {
                Thread.onSpinWait();
            }
            return Edge.of("ok");
        };
        try (TestEngine engine = TestEngine.of(workflow("spins"), b -> b.node("spins", spins))) {
            Execution run = engine.flows.start("w", Map.of());
            AtomicBoolean flag = new AtomicBoolean(true);
            Thread thread = new Thread(() -> {
                engine.executor.runAll();
                flag.set(Thread.currentThread().isInterrupted());
            });
            thread.start();
            busy.await();
            run.cancel(null, null);
            Awaitility.await().until(thread::isInterrupted);
            stop.set(true);
            thread.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(flag).isFalse();
        }
    }

    @Test
    @DisplayName("F17: cancelling ends it as cancelled, whatever flow the node has for errors")
    void cancelling() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        try (TestEngine engine = TestEngine.of(
                workflow(List.of("slow", Map.of("error", "never", "timeout", "never"))),
                b -> b.node("slow", never(begun)).node("never", TestEngine.returning("ok")))) {
            Execution run = engine.start();
            assertThat(run.cancel("changed my mind", Identity.of("ada"))).isTrue();
            assertThat(run.cancel("again", null)).isFalse();
            engine.executor.runAll();
            begun.get(0).complete(Edge.of("ok"));
            engine.executor.runAll();
            assertThat(story(run))
                    .containsExactly(
                            "workflow:started", "executing slow-1", "failed slow-1 cancelled", "CANCELLED by ada");
            ExecutionResult end = run.result().join();
            assertThat(end.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(end.error()).contains("changed my mind");
            assertThat(begun.get(0)).isCancelled();
            assertThat(engine.clock.pending()).isEqualTo(1); // to forget it
        }
    }

    @Test
    @DisplayName("F17: work that a node begins while its execution is being cancelled is cancelled too")
    void cancelledWhileItBegins() {
        CompletableFuture<Outcome> work = new CompletableFuture<>();
        AtomicReference<FlowScript> flows = new AtomicReference<>();
        try (TestEngine engine = TestEngine.of(
                workflow("slow"),
                b -> b.node("slow", Node.async(context -> {
                    String id = context.runtime().executionId();
                    flows.get().executions().find(id).orElseThrow().cancel(null, null);
                    return work;
                })))) {
            flows.set(engine.flows);
            Execution run = engine.start();
            assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(work).isCancelled();
        }
    }

    @Test
    @DisplayName("F17: it can be cancelled before it began, while it sleeps, and while it waits for its next attempt")
    void cancellingInEveryPhase() {
        Node sleeps = context -> new Sleep(Duration.ofDays(1), 1);
        Node fails = Node.named("fails")
                .retry(RetryPolicy.fixed(3, Duration.ofMinutes(30)))
                .run(context -> {
                    throw new IllegalStateException("no");
                });
        try (TestEngine engine = TestEngine.of(
                workflow("$choose"),
                b -> b.node(
                        "$choose",
                        context -> context.state().get("sleep").asBoolean() ? sleeps.run(context) : Edge.of("ok")))) {
            Execution unbegun = engine.flows.start("w", Map.of("sleep", true));
            assertThat(unbegun.status()).isEqualTo(ExecutionStatus.PENDING);
            assertThat(unbegun.cancel(null, null)).isTrue();
            engine.executor.runAll();
            assertThat(story(unbegun)).containsExactly("workflow:started", "CANCELLED");

            Execution sleeping = engine.start(Map.of("sleep", true));
            sleeping.cancel(null, null);
            assertThat(story(sleeping)).endsWith("failed $choose-1 cancelled", "CANCELLED");
        }
        try (TestEngine engine = TestEngine.of(workflow("fails"), b -> b.node("fails", fails))) {
            Execution retrying = engine.start();
            retrying.cancel(null, null);
            engine.advance(Duration.ofMinutes(40));
            assertThat(story(retrying))
                    .containsExactly(
                            "workflow:started",
                            "executing fails-1",
                            "failed fails-1 node_failed will retry",
                            "failed fails-1 cancelled",
                            "CANCELLED");
        }
    }
}
