package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails around an answer, its receipt and the log agree. */
class AnswersAreNotLostTest {

    private static final AnswerOptions ADA =
            AnswerOptions.by(Identity.of("ada")).idempotencyKey("k");

    private static FlowScriptBuilder asking(Function<Object, Outcome> then) {
        return FlowScript.builder()
                .clock(new ManualClock())
                .workflow(workflow("ask"))
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.form("any").ask()
                                : then.apply(context.answer().data().raw()))
                .forms(schema -> answer -> List.of());
    }

    /** The answer counted, once, and the log says so, however the execution went on. */
    private static void checkCounted(FlowScript flows, Execution run, PauseToken token, Receipt receipt) {
        assertThat(receipt)
                .isInstanceOfSatisfying(
                        Receipt.Accepted.class,
                        accepted -> assertThat(accepted.at())
                                .isEqualTo(run.snapshot().closed().get(0).closedAt()));
        assertThat(story(run)).containsSubsequence("asked ask-1", "received ask-1 by ada", "resumed ask-1 yes");
        assertThat(story(run).stream().filter("received ask-1 by ada"::equals)).hasSize(1);
        assertThat(run.snapshot().closed().get(0).status()).isEqualTo(Status.ANSWERED);
        assertThat(run.interactions()).isEmpty();
        assertThat(flows.interactions().answer(token, "yes", ADA)).isEqualTo(receipt);
        assertThat(flows.interactions().answer(token, "other", AnswerOptions.by(Identity.of("bob"))))
                .isInstanceOf(Receipt.AlreadyResolved.class);
    }

    private static Thrown[] everything() {
        return Thrown.values();
    }

    /** Ways to fail. */
    private enum Thrown {
        EXCEPTION,
        ERROR,
        STACK_OVERFLOW,
        OUT_OF_MEMORY;

        void fall() {
            switch (this) {
                case EXCEPTION -> throw new IllegalStateException("thrown by a test");
                case ERROR -> throw new AssertionError("thrown by a test");
                case STACK_OVERFLOW -> throw new StackOverflowError("thrown by a test");
                case OUT_OF_MEMORY -> throw new OutOfMemoryError("thrown by a test");
            }
        }
    }

    @ParameterizedTest
    @DisplayName("I7: listeners and observers that throw on every event take nothing from an answer")
    @ValueSource(booleans = {false, true})
    void listenersThatThrow(boolean onTheCallersThread) {
        for (Thrown thrown : everything()) {
            List<Runnable> later = new ArrayList<>();
            try (LogCapture observers = new LogCapture(FlowScript.class);
                    LogCapture pump = new LogCapture(ListenerPump.class);
                    FlowScript flows = asking(answer -> Edge.of("ok", answer))
                            .executor(onTheCallersThread ? Runnable::run : later::add)
                            .engineExecutor(onTheCallersThread ? Runnable::run : later::add)
                            .build()) {
                flows.executions().listen(event -> thrown.fall());
                flows.executions().onInteraction(run -> thrown.fall());
                flows.executions().onCreated(run -> thrown.fall());
                Execution run = flows.start("w", Map.of());
                run.listen(event -> thrown.fall());
                runAll(later);
                PauseToken token = run.interactions().get(0).token();
                Receipt receipt = flows.interactions().answer(token, "yes", ADA);
                runAll(later);
                checkCounted(flows, run, token, receipt);
                assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(pump.records()).isNotEmpty();
                assertThat(observers.records()).isNotEmpty();
            }
        }
    }

    private static void runAll(List<Runnable> later) {
        while (!later.isEmpty()) {
            later.remove(0).run();
        }
    }

    @ParameterizedTest
    @DisplayName("A node that fails upon the answer fails with the answer in the log, and its sender has the receipt")
    @ValueSource(booleans = {false, true})
    void nodesThatThrow(boolean onTheCallersThread) {
        for (Thrown thrown : everything()) {
            List<Runnable> later = new ArrayList<>();
            try (LogCapture logged = new LogCapture(FlowScript.class);
                    FlowScript flows = asking(answer -> {
                                thrown.fall();
                                return Edge.of("never");
                            })
                            .executor(onTheCallersThread ? Runnable::run : later::add)
                            .engineExecutor(onTheCallersThread ? Runnable::run : later::add)
                            .build()) {
                Execution run = flows.start("w", Map.of());
                runAll(later);
                PauseToken token = run.interactions().get(0).token();
                Receipt receipt = flows.interactions().answer(token, "yes", ADA);
                try {
                    runAll(later);
                } catch (OutOfMemoryError e) {
                    // It is told further up, to whoever runs the executor.
                    assertThat(thrown).isEqualTo(Thrown.OUT_OF_MEMORY);
                }
                checkCounted(flows, run, token, receipt);
                assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(logged.records()).hasSize(1);
            }
        }
    }

    @Test
    @DisplayName("The code that goes on with a node's own wait may throw")
    void waitsThatThrow() {
        CompletableFuture<Outcome> never = new CompletableFuture<>();
        Node waits = Node.async(context -> {
            var unused = context.runtime()
                    .waitForResume(context.runtime().pause(Question.open()))
                    .thenAccept(value -> Thrown.ERROR.fall());
            return never;
        });
        try (FlowScript flows = FlowScript.builder()
                .clock(new ManualClock())
                .executor(Runnable::run)
                .engineExecutor(Runnable::run)
                .workflow(workflow("ask"))
                .node("ask", waits)
                .build()) {
            Execution run = flows.start("w", Map.of());
            PauseToken token = run.interactions().get(0).token();
            checkCounted(flows, run, token, flows.interactions().answer(token, "yes", ADA));
        }
    }

    @Test
    @DisplayName("An executor that takes no more work fails the execution, with the answer in its log")
    void executorsThatRefuse() {
        AtomicBoolean full = new AtomicBoolean();
        try (LogCapture logged = new LogCapture(FlowScript.class);
                FlowScript flows = asking(answer -> Edge.of("ok"))
                        .executor(task -> {
                            if (full.get()) {
                                throw new RejectedExecutionException("thrown by a test");
                            }
                            task.run();
                        })
                        .build()) {
            Execution run = flows.start("w", Map.of());
            PauseToken token = run.interactions().get(0).token();
            full.set(true);
            checkCounted(flows, run, token, flows.interactions().answer(token, "yes", ADA));
            assertThat(run.result().join().code()).isEqualTo("executor_rejected");
            assertThat(logged.records()).hasSize(1);
        }
    }

    @Test
    @DisplayName("A validator that throws lets its failure out to whoever answers, and the interaction stays open")
    void validatorsThatThrow() {
        AtomicBoolean broken = new AtomicBoolean(true);
        for (Thrown thrown : everything()) {
            broken.set(true);
            try (FlowScript flows = asking(answer -> Edge.of("ok"))
                    .forms(schema -> answer -> {
                        if (broken.get()) {
                            thrown.fall();
                        }
                        return List.of();
                    })
                    .executor(Runnable::run)
                    .engineExecutor(Runnable::run)
                    .build()) {
                Execution run = flows.start("w", Map.of());
                PauseToken token = run.interactions().get(0).token();
                assertThatThrownBy(() -> flows.interactions().answer(token, "yes", ADA))
                        .hasMessage("thrown by a test");
                assertThat(run.interactions()).hasSize(1);
                assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
                broken.set(false);
                checkCounted(flows, run, token, flows.interactions().answer(token, "yes", ADA));
            }
        }
    }

    @Test
    @DisplayName(
            "An engine that dies after the receipt and before the node: the node gets the answer elsewhere, and the receipt is the same there")
    void enginesThatDie() {
        List<Runnable> later = new ArrayList<>();
        FlowScript dies = asking(answer -> Edge.of("never"))
                .executor(later::add)
                .engineExecutor(later::add)
                .build();
        Execution before = dies.start("w", Map.of());
        runAll(later);
        PauseToken token = before.interactions().get(0).token();
        Receipt receipt = dies.interactions().answer(token, "yes", ADA);
        ExecutionSnapshot snapshot = before.snapshot();
        dies.close();
        try (FlowScript flows = asking(answer -> Edge.of("ok", answer))
                .executor(Runnable::run)
                .engineExecutor(Runnable::run)
                .build()) {
            Execution run = flows.restore(snapshot);
            assertThat(flows.interactions().answer(token, "yes", ADA)).isEqualTo(receipt);
            assertThat(run.events().read(new Position(null, snapshot.seq()), 100).stream()
                            .map(event -> TestEngine.inShort(event.event())))
                    .containsExactly(
                            "failed ask-1 interrupted will retry",
                            "executing ask-1 #2",
                            "completed ask-1 ok yes",
                            "COMPLETED");
        }
    }

    @Test
    @DisplayName(
            "An answer that comes when the engine is closed is not taken, and what was written down can be answered elsewhere")
    void enginesThatClose() {
        FlowScript closed = asking(answer -> Edge.of("ok"))
                .executor(Runnable::run)
                .engineExecutor(Runnable::run)
                .build();
        ExecutionSnapshot snapshot = closed.start("w", Map.of()).snapshot();
        PauseToken asked = snapshot.open().get(0).token();
        closed.close();
        QuestionFixture.refused("engine_closed", () -> closed.interactions().answer(asked, "yes", ADA));
        QuestionFixture.refused(
                "engine_closed", () -> closed.interactions().claim(asked, Identity.of("ada"), Duration.ofMinutes(1)));
        try (FlowScript flows = asking(answer -> Edge.of("ok"))
                .executor(Runnable::run)
                .engineExecutor(Runnable::run)
                .build()) {
            Execution run = flows.restore(snapshot);
            PauseToken token = run.interactions().get(0).token();
            assertThat(flows.interactions().answer(token, "yes", ADA)).isInstanceOf(Receipt.Accepted.class);
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
