package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of answers. */
class AnswersTest {

    private static final AnswerOptions ADA = AnswerOptions.by(Identity.of("ada"));
    private static final AnswerOptions BOB = AnswerOptions.by(Identity.of("bob"));

    private static Node asking(Question question) {
        return Node.named("review")
                .ask(context -> question)
                .answered((context, answer) -> Edge.of(
                        answer.timedOut() ? "timeout" : "answered",
                        answer.data().raw()));
    }

    private static TestEngine engine(Question question) {
        return TestEngine.of(
                workflow(List.of("review", Map.of("answered", "after", "timeout", "after"))),
                b -> b.node("review", asking(question))
                        .node("after", context -> new io.flowscript.core.runtime.Sleep(Duration.ofDays(400), 1))
                        .forms(TestEngine.numbers()));
    }

    @Test
    @DisplayName("F5: the form, what is shown with it, its token and its deadline are in the event")
    void theWholeFormIsInTheEvent() {
        Question question = Question.form(Map.of("type", "number"))
                .showing(Map.of("amount", 250))
                .hints(Map.of("widget", "slider"))
                .defaults(7)
                .within(Duration.ofDays(2))
                .assignedTo("managers");
        try (TestEngine engine = engine(question)) {
            Execution run = engine.start();
            HumanEvent.InputRequired asked = TestEngine.events(run).stream()
                    .map(event -> event.event())
                    .filter(HumanEvent.InputRequired.class::isInstance)
                    .map(HumanEvent.InputRequired.class::cast)
                    .findFirst()
                    .orElseThrow();
            Instant now = engine.clock.instant();
            assertThat(asked.tokenId())
                    .isEqualTo(run.interactions().get(0).token().tokenId());
            assertThat(asked.info())
                    .isEqualTo(new HumanEvent.Info(
                            "review",
                            Map.of("type", "number"),
                            Map.of("widget", "slider"),
                            Map.of("amount", 250),
                            7,
                            now,
                            now.plus(Duration.ofDays(2)),
                            new Assignment(List.of("managers"), List.of()),
                            null));
        }
    }

    @Test
    @DisplayName(
            "F9, F10: an answer that breaks the schema is refused with its violations and leaves the interaction open")
    void invalidLeavesItOpen() {
        try (TestEngine engine = engine(Question.form(Map.of("type", "number", "minimum", 10)))) {
            Execution run = engine.start();
            Receipt refused = engine.answer(run, 9);
            assertThat(refused).isInstanceOf(Receipt.Invalid.class);
            assertThat(((Receipt.Invalid) refused).violations())
                    .singleElement()
                    .satisfies(v -> assertThat(v.keyword()).isEqualTo("minimum"));
            assertThat(run.interactions()).hasSize(1);
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(engine.answer(run, 10)).isInstanceOf(Receipt.Accepted.class);
            assertThat(run.interactions()).isEmpty();
        }
    }

    @Test
    void aSchemaThatCannotBeReadFailsTheAttemptThatAsks() {
        try (TestEngine engine = engine(Question.form(Map.of("type", "broken")))) {
            assertThat(story(engine.start()))
                    .containsExactly(
                            "workflow:started",
                            "executing review-1",
                            "failed review-1 invalid_schema",
                            "FAILED invalid_schema");
        }
    }

    @Test
    void aSchemaWithoutAValidatorFailsTheAttemptThatAsks() {
        try (TestEngine engine = TestEngine.of(
                workflow("review"), b -> b.node("review", asking(Question.form(Map.of("type", "number")))))) {
            assertThat(engine.start().result().join().code()).isEqualTo("no_form_validator");
        }
    }

    @Test
    @DisplayName("F11: after the deadline an answer is too late, and the flow does not hear it")
    void lateAnswers() {
        try (TestEngine engine = engine(Question.open().within(Duration.ofMinutes(5)))) {
            Execution run = engine.start();
            PauseToken token = run.interactions().get(0).token();
            Instant deadline = engine.clock.instant().plus(Duration.ofMinutes(5));
            engine.advance(Duration.ofMinutes(5));
            List<String> before = story(run);
            engine.advance(Duration.ofMinutes(5));
            assertThat(engine.flows.interactions().answer(token, "late", ADA))
                    .isEqualTo(new Receipt.Expired(token, deadline));
            engine.executor.runAll();
            assertThat(story(run)).isEqualTo(before).contains("closed review-1 deadline", "completed review-1 timeout");
        }
    }

    @Test
    @DisplayName("F11: the deadline counts by the clock, also while its timer has yet to come round")
    void theClockDecides() {
        try (TestEngine engine = engine(Question.open().within(Duration.ofMinutes(5)))) {
            Execution run = engine.start();
            PauseToken token = run.interactions().get(0).token();
            engine.clock.advance(Duration.ofMinutes(5)); // the timer rang, but the executor has not run yet
            assertThat(engine.flows.interactions().answer(token, "late", ADA)).isInstanceOf(Receipt.Expired.class);
            engine.executor.runAll();
            assertThat(story(run)).contains("completed review-1 timeout").doesNotContain("received review-1 by ada");
        }
    }

    @Test
    @DisplayName("F12: a deadline in 400 days comes in 400 days")
    void farDeadlines() {
        try (TestEngine engine = engine(Question.open().within(Duration.ofDays(400)))) {
            Execution run = engine.start();
            engine.advance(Duration.ofDays(400).minusMillis(1));
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            engine.advance(Duration.ofMillis(1));
            assertThat(story(run)).contains("closed review-1 deadline");
        }
    }

    @Test
    @DisplayName("F13: an answer given synchronously within an event listener counts")
    void answerWithinAListener() {
        try (TestEngine engine = engine(Question.open())) {
            AtomicReference<Receipt> receipt = new AtomicReference<>();
            Execution run = engine.flows.start("w", Map.of());
            run.listen(event -> {
                if (event.event() instanceof HumanEvent.InputRequired asked) {
                    receipt.set(engine.flows.interactions().answer(run.id(), asked.nodeId(), "now", ADA));
                }
            });
            engine.executor.runAll();
            assertThat(receipt.get()).isInstanceOf(Receipt.Accepted.class);
            assertThat(story(run)).contains("completed review-1 answered now");
        }
    }

    @Test
    @DisplayName("F14, I6: the second answer learns who was first, and when")
    void theSecondLearnsWhoWasFirst() {
        try (TestEngine engine = engine(Question.open())) {
            Execution run = engine.start();
            PauseToken token = run.interactions().get(0).token();
            Instant at = engine.clock.instant();
            assertThat(engine.flows.interactions().answer(token, 1, ADA))
                    .isEqualTo(new Receipt.Accepted(token, at, true));
            engine.advance(Duration.ofHours(1));
            assertThat(engine.flows.interactions().answer(token, 2, BOB))
                    .isEqualTo(new Receipt.AlreadyResolved(token, Identity.of("ada"), at));
            assertThat(engine.flows.interactions().answer(run.id(), "review-1", 2, BOB))
                    .isEqualTo(new Receipt.AlreadyResolved(token, Identity.of("ada"), at));
        }
    }

    @Test
    @DisplayName("F14: the same answer under the same key gets the same receipt; another answer is a conflict")
    void idempotency() {
        try (TestEngine engine = engine(Question.open())) {
            Execution run = engine.start();
            PauseToken token = run.interactions().get(0).token();
            Interactions answers = engine.flows.interactions();
            Receipt first = answers.answer(token, Map.of("a", 1), ADA.idempotencyKey("k1"));
            engine.advance(Duration.ofHours(1));
            List<String> before = story(run);
            assertThat(answers.answer(token, Map.of("a", 1), ADA.idempotencyKey("k1")))
                    .isEqualTo(first);
            assertThat(answers.answer(token, Map.of("a", 2), ADA.idempotencyKey("k1")))
                    .isEqualTo(new Receipt.Conflict(token));
            assertThat(answers.answer(token, Map.of("a", 1), BOB.idempotencyKey("k1")))
                    .isInstanceOf(Receipt.AlreadyResolved.class);
            assertThat(answers.answer(token, Map.of("a", 1), ADA.idempotencyKey("k2")))
                    .isInstanceOf(Receipt.AlreadyResolved.class);
            engine.executor.runAll();
            assertThat(story(run)).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("F15: false, 0, the empty string and null are answers")
    void falsyAnswers() {
        for (Object answer : Arrays.asList(false, 0, "", null)) {
            try (TestEngine engine = engine(Question.open())) {
                Execution run = engine.start();
                assertThat(engine.answer(run, answer)).isInstanceOf(Receipt.Accepted.class);
                assertThat(story(run)).contains("completed review-1 answered" + (answer == null ? "" : " " + answer));
            }
        }
    }

    @Test
    void anAnswerThatIsNotJsonIsRefused() {
        try (TestEngine engine = engine(Question.open())) {
            Execution run = engine.start();
            PauseToken token = run.interactions().get(0).token();
            assertThatThrownBy(() -> engine.flows.interactions().answer(token, new Object(), ADA))
                    .isInstanceOf(JsonException.class);
            assertThat(run.interactions()).hasSize(1);
        }
    }

    @Test
    void whatIsNotKnownIsNotFound() {
        try (TestEngine engine = engine(Question.open())) {
            Execution run = engine.start();
            Interactions answers = engine.flows.interactions();
            assertThat(answers.answer(new PauseToken("nobody", "review-1", "x"), 1, ADA))
                    .isEqualTo(new Receipt.NotFound());
            assertThat(answers.answer(new PauseToken(run.id(), "review-1", "x"), 1, ADA))
                    .isEqualTo(new Receipt.NotFound());
            assertThat(answers.answer(run.id(), "after-9", 1, ADA)).isEqualTo(new Receipt.NotFound());
        }
    }

    @Test
    void anAnswerAfterCancellingIsToldSo() {
        try (TestEngine engine = engine(Question.open())) {
            Execution run = engine.start();
            PauseToken token = run.interactions().get(0).token();
            run.cancel("enough", Identity.of("ada"));
            assertThat(engine.flows.interactions().answer(token, 1, BOB))
                    .isEqualTo(new Receipt.Cancelled(token, engine.clock.instant()));
            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing review-1",
                            "paused review-1",
                            "asked review-1",
                            "closed review-1 cancelled",
                            "resumed review-1",
                            "failed review-1 cancelled",
                            "CANCELLED by ada");
        }
    }

    @Test
    void closedQuestionsAreRememberedUpToALimit() {
        try (TestEngine engine = TestEngine.of(
                workflow("review", "loopTo:review"),
                b -> b.node("review", asking(Question.open()))
                        .limits(EngineLimits.defaults().rememberedInteractions(2)))) {
            Execution run = engine.start();
            PauseToken first = run.interactions().get(0).token();
            engine.answer(run, 1);
            engine.answer(run, 2);
            assertThat(engine.flows.interactions().answer(first, 1, ADA)).isInstanceOf(Receipt.AlreadyResolved.class);
            engine.answer(run, 3);
            assertThat(engine.flows.interactions().answer(first, 1, ADA)).isInstanceOf(Receipt.NotFound.class);
            assertThat(run.snapshot().closed()).hasSize(2);
        }
    }

    @Test
    void anAnswerMayComeBeforeTheNodeWaits() {
        AtomicReference<TestEngine> running = new AtomicReference<>();
        Node node = Node.async(context -> {
            PauseToken token = context.runtime().pause();
            running.get().flows.interactions().answer(token, "early", ADA);
            return context.runtime().waitForResume(token).thenApply(v -> Edge.of("ok", v));
        });
        try (TestEngine engine = TestEngine.of(workflow("node"), b -> b.node("node", node))) {
            running.set(engine);
            assertThat(story(engine.start())).contains("completed node-1 ok early", "COMPLETED");
        }
    }

    @Test
    void thereIsALimitForOpenPauses() {
        Node node = context -> {
            for (int i = 0; i < 4; i++) {
                context.runtime().pause();
            }
            return Edge.of("never");
        };
        try (TestEngine engine = TestEngine.of(
                workflow("node"),
                b -> b.node("node", node).limits(EngineLimits.defaults().maxOpenInteractions(3)))) {
            Execution run = engine.start();
            assertThat(run.result().join().code()).isEqualTo("too_many_pauses");
            assertThat(run.snapshot().closed()).hasSize(3);
        }
    }

    @Test
    void onlyOnesOwnPausesCanBeWaitedFor() {
        Node node = Node.async(context -> context.runtime()
                .waitForResume(new PauseToken(context.runtime().executionId(), "node-1", "foreign"))
                .thenApply(v -> Edge.of("never")));
        try (TestEngine engine = TestEngine.of(workflow("node"), b -> b.node("node", node))) {
            assertThat(engine.start().result().join().code()).isEqualTo("unknown_token");
        }
    }

    @Test
    void waitingPastTheDeadlineFailsTheFuture() {
        Node node = Node.async(context -> context.runtime()
                .waitForResume(context.runtime().pause(Question.open().within(Duration.ofHours(1))))
                .handle((value, thrown) -> Edge.of(thrown instanceof FlowScriptException e ? e.code() : "answered")));
        try (TestEngine engine = TestEngine.of(workflow("node"), b -> b.node("node", node))) {
            Execution run = engine.start();
            engine.advance(Duration.ofHours(1));
            assertThat(story(run))
                    .containsSubsequence("closed node-1 deadline", "resumed node-1", "completed node-1 expired");
        }
    }

    @Test
    void anAskCarriesTheMemoAndTheWritesOfItsAttempt() {
        Node node = context -> {
            if (context.answer() == null) {
                context.state().set("draft", 1);
                return Question.open().ask(Map.of("round", 1));
            }
            assertThat(context.state().get("draft").asInt()).isEqualTo(1);
            context.state().set("final", context.memo().get("round").asInt());
            return Edge.of("ok");
        };
        try (TestEngine engine = TestEngine.of(workflow("node"), b -> b.node("node", node))) {
            Execution run = engine.start();
            assertThat(run.snapshot().state()).isEmpty();
            engine.answer(run, true);
            assertThat(story(run))
                    .containsSubsequence(
                            "resumed node-1 true", "state $.draft = 1", "state $.final = 1", "completed node-1 ok");
        }
    }
}
