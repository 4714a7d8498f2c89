package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The events of every kind of visit, in their order (protocol, section 1). */
class EventOrderTest {

    @Test
    void aStepThatWritesAndEmits() {
        try (TestEngine engine = TestEngine.of(
                workflow("work"),
                b -> b.node("work", context -> {
                    context.state().set("user.name", "Ada").set("$.count", 1).remove("old");
                    context.runtime().emit("app:seen", 7);
                    return Edge.of("done", Map.of("x", 1));
                }))) {
            Execution run = engine.start(Map.of("old", true));

            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing work-1",
                            "app:seen 7",
                            "state $.user.name = Ada",
                            "state $.count = 1",
                            "state $.old = null",
                            "completed work-1 done {x=1}",
                            "COMPLETED");
            assertThat(run.snapshot().state()).isEqualTo(Map.of("user", Map.of("name", "Ada"), "count", 1));
            assertThat(run.result().join().isCompleted()).isTrue();
        }
    }

    @Test
    void aQuestionThatIsAnswered() {
        try (TestEngine engine = TestEngine.of(
                workflow("review"),
                b -> b.node(Node.named("review")
                        .ask(context -> Question.open().because("Please look"))
                        .answered((context, answer) -> Edge.of("answered", answer.data()))))) {
            Execution run = engine.start();
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);

            engine.flows.interactions().answer(run.id(), "review-1", "yes", AnswerOptions.by(Identity.of("ada")));
            engine.executor.runAll();

            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing review-1",
                            "paused review-1 Please look",
                            "asked review-1",
                            "received review-1 by ada",
                            "resumed review-1 yes",
                            "completed review-1 answered yes",
                            "COMPLETED");
        }
    }

    @Test
    void aQuestionWhoseDeadlinePasses() {
        try (TestEngine engine = TestEngine.of(
                workflow("review"),
                b -> b.node(Node.named("review")
                        .ask(context -> Question.open().within(Duration.ofDays(2)))
                        .answered((context, answer) -> Edge.of(answer.timedOut() ? "late" : "answered"))))) {
            Execution run = engine.start();
            engine.advance(Duration.ofDays(2));

            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing review-1",
                            "paused review-1",
                            "asked review-1",
                            "closed review-1 deadline",
                            "resumed review-1",
                            "completed review-1 late",
                            "COMPLETED");
        }
    }

    @Test
    void aSleepIsNotAPause() {
        Node sleeper = context -> context.memo().isMissing()
                ? new Sleep(Duration.ofHours(1), "slept")
                : Edge.of(context.memo().asString());
        try (TestEngine engine = TestEngine.of(workflow("nap"), b -> b.node("nap", sleeper))) {
            Execution run = engine.start();
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(engine.clock.pending()).isEqualTo(1);
            engine.advance(Duration.ofHours(1));

            assertThat(story(run))
                    .containsExactly("workflow:started", "executing nap-1", "completed nap-1 slept", "COMPLETED");
        }
    }

    @Test
    @DisplayName(
            "F27: a failing node is tried again after the pauses of its policy, and its failed attempts leave no trace")
    void aRetry() {
        Node flaky = context -> {
            context.state().set("attempt" + context.attempt(), true);
            if (context.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
            return Edge.of("done");
        };
        try (TestEngine engine = TestEngine.of(
                workflow("flaky"),
                b -> b.node(Node.named("flaky")
                        .retry(new RetryPolicy(3, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0))
                        .run(flaky)))) {
            Execution run = engine.start();
            engine.advance(Duration.ofSeconds(1));
            engine.advance(Duration.ofMillis(1_999));
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            engine.advance(Duration.ofMillis(1));

            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing flaky-1",
                            "failed flaky-1 node_failed will retry",
                            "executing flaky-1 #2",
                            "failed flaky-1 node_failed will retry",
                            "executing flaky-1 #3",
                            "state $.attempt3 = true",
                            "completed flaky-1 done",
                            "COMPLETED");
            assertThat(run.snapshot().state()).isEqualTo(Map.of("attempt3", true));
        }
    }

    @Test
    void aWaitInTheMiddleOfANode() {
        Node waits = Node.async(context -> {
            PauseToken token = context.runtime().pause(Question.open());
            return context.runtime().waitForResume(token).thenApply(v -> Edge.of("resumed", v));
        });
        try (TestEngine engine = TestEngine.of(workflow("waits"), b -> b.node("waits", waits))) {
            Execution run = engine.start();
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            engine.answer(run, 5);

            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing waits-1",
                            "paused waits-1",
                            "asked waits-1",
                            "received waits-1",
                            "resumed waits-1 5",
                            "completed waits-1 resumed 5",
                            "COMPLETED");
        }
    }

    @Test
    void severalPausesOfOneAttemptAndOneThatIsLeftOpen() {
        Node waits = Node.async(context -> {
            PauseToken first = context.runtime().pause();
            PauseToken second = context.runtime().pause(Question.open());
            PauseToken third = context.runtime().pause();
            CompletableFuture<Value> a = context.runtime().waitForResume(first);
            CompletableFuture<Value> c = context.runtime().waitForResume(third);
            return a.thenCombine(c, (x, y) -> Edge.of("both", List.of(x.raw(), y.raw(), second != null)));
        });
        try (TestEngine engine = TestEngine.of(workflow("waits"), b -> b.node("waits", waits))) {
            Execution run = engine.start();
            List<Interaction> open = run.interactions();
            engine.flows.interactions().answer(open.get(2).token(), 3, AnswerOptions.NONE);
            engine.flows.interactions().answer(open.get(0).token(), 1, AnswerOptions.NONE);
            engine.executor.runAll();

            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing waits-1",
                            "paused waits-1",
                            "paused waits-1",
                            "asked waits-1",
                            "paused waits-1",
                            "resumed waits-1 3",
                            "resumed waits-1 1",
                            "closed waits-1 cancelled",
                            "resumed waits-1",
                            "completed waits-1 both [1, 3, true]",
                            "COMPLETED");
            assertThat(engine.flows.interactions().answer(open.get(1).token(), 2, AnswerOptions.NONE))
                    .isInstanceOf(Receipt.Cancelled.class);
        }
    }

    @Test
    void aLoopMergesWhatItsControllerGives() {
        Node twice = context -> {
            int round = context.memo().isMissing() ? 0 : context.memo().asInt();
            return round == 2
                    ? Edge.exitLoop()
                    : Edge.of(Edge.NEXT_ITERATION, Map.of("round", round))
                            .keeping(round + 1)
                            .binding(Map.of("item", "i" + round));
        };
        Node body = context -> Edge.of("ok", context.state().get("item"));
        try (TestEngine engine = TestEngine.of(
                workflow(List.of("twice", List.of("body"))),
                b -> b.node("twice", twice).node("body", body))) {
            Execution run = engine.start();

            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing twice-1",
                            "state $.round = 0",
                            "completed twice-1 next_iteration {round=0}",
                            "executing body-2",
                            "completed body-2 ok i0",
                            "executing twice-3",
                            "state $.round = 1",
                            "completed twice-3 next_iteration {round=1}",
                            "executing body-4",
                            "completed body-4 ok i1",
                            "executing twice-5",
                            "completed twice-5 exit_loop",
                            "COMPLETED");
        }
    }

    @Test
    void anAsynchronousNode() {
        CompletableFuture<Outcome> later = new CompletableFuture<>();
        try (TestEngine engine = TestEngine.of(workflow("slow"), b -> b.node("slow", Node.async(c -> later)))) {
            Execution run = engine.start();
            assertThat(story(run)).containsExactly("workflow:started", "executing slow-1");
            later.complete(Edge.of("ok"));
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            engine.executor.runAll();
            assertThat(story(run))
                    .containsExactly("workflow:started", "executing slow-1", "completed slow-1 ok", "COMPLETED");
        }
    }
}
