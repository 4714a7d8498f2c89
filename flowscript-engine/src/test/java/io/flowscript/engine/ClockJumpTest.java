package io.flowscript.engine;

import static io.flowscript.engine.QuestionFixture.ADA;
import static io.flowscript.engine.QuestionFixture.BOB;
import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the time of day by some hours while executions run. */
@ParameterizedClass(name = "by {0} hours")
@ValueSource(longs = {-1, 1})
class ClockJumpTest {

    private static final Duration HALF = Duration.ofMinutes(5);
    private static final Duration NANO = Duration.ofNanos(1);
    private static final Duration WHOLE = HALF.plus(HALF);

    private final Duration jump;

    ClockJumpTest(long hours) {
        jump = Duration.ofHours(hours);
    }

    private static TestEngine engine(Node node, Consumer<FlowScriptBuilder> more) {
        return TestEngine.of(
                workflow(List.of("node", Map.of("timeout", "late")), "late"),
                b -> more.accept(b.node("node", node).node("late", TestEngine.returning("ok"))));
    }

    private static Node never() {
        return Node.async(context -> new CompletableFuture<Outcome>());
    }

    /** Half of the duration passes, the clock jumps, and what is due comes when the other half has passed, not before. */
    private void isOverAfterTheWhole(TestEngine engine, Execution run) {
        engine.advance(HALF);
        engine.clock.jump(jump);
        engine.advance(HALF.minus(NANO));
        List<String> before = story(run);
        engine.advance(NANO);
        assertThat(story(run)).hasSizeGreaterThan(before.size());
        assertThat(before).doesNotContain("COMPLETED", "executing late-2").hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void theTimeoutOfANode() {
        Node node = Node.named("node").timeout(WHOLE).run(never());
        try (TestEngine engine = engine(node, b -> {})) {
            Execution run = engine.start();
            isOverAfterTheWhole(engine, run);
            assertThat(story(run)).contains("failed node-1 node_timeout").endsWith("COMPLETED");
        }
    }

    @Test
    void theTimeoutOfAnExecution() {
        try (TestEngine engine =
                engine(never(), b -> b.limits(EngineLimits.defaults().executionTimeout(WHOLE)))) {
            Execution run = engine.start();
            isOverAfterTheWhole(engine, run);
            assertThat(run.result().join().code()).isEqualTo("execution_timeout");
        }
    }

    @Test
    void aSleepAndHowLongTheVisitLasted() {
        Node node = context -> context.memo().isMissing() ? new Sleep(WHOLE, "slept") : Edge.of("ok");
        try (TestEngine engine = engine(node, b -> {})) {
            Execution run = engine.start();
            isOverAfterTheWhole(engine, run);
            assertThat(TestEngine.events(run))
                    .filteredOn(event -> event.event() instanceof NodeEvent.Completed)
                    .extracting(event -> ((NodeEvent.Completed) event.event()).duration())
                    .containsExactly(WHOLE, Duration.ZERO);
        }
    }

    @Test
    void theDurationOfAVisitIsNeverNegativeNotEvenAfterARestore() {
        Node node = Node.named("node").ask(context -> Question.open()).answered((context, answer) -> Edge.of("ok"));
        ExecutionSnapshot asked;
        try (TestEngine engine = engine(node, b -> {})) {
            asked = engine.start().snapshot();
        }
        try (TestEngine engine = engine(node, b -> {})) {
            engine.clock.jump(jump);
            Execution run = engine.flows.restore(asked);
            engine.executor.runAll();
            engine.advance(HALF);
            engine.clock.jump(jump);
            engine.answer(run, "yes");
            assertThat(run.events().read(new Position(null, asked.seq()), 100))
                    .filteredOn(event -> event.event() instanceof NodeEvent.Completed)
                    .extracting(event -> ((NodeEvent.Completed) event.event()).duration())
                    .containsExactly(jump.isNegative() ? HALF : HALF.plus(jump), Duration.ZERO);
        }
    }

    @Test
    void thePauseBetweenTwoAttempts() {
        Node node = Node.named("node").retry(RetryPolicy.fixed(2, WHOLE)).run(context -> {
            if (context.attempt() == 1) {
                throw new IllegalStateException("once");
            }
            return Edge.of("ok");
        });
        try (TestEngine engine = engine(node, b -> {})) {
            Execution run = engine.start();
            isOverAfterTheWhole(engine, run);
            assertThat(story(run)).endsWith("COMPLETED");
        }
    }

    @Test
    void theDeadlineOfAQuestion() {
        try (QuestionFixture asked = new QuestionFixture(false, Question.open().within(WHOLE))) {
            asked.advance(HALF);
            asked.clock.jump(jump);
            asked.advance(HALF.minus(NANO));
            assertThat(asked.now().status()).isEqualTo(Status.OPEN);
            asked.advance(NANO);
            assertThat(asked.now().status()).isEqualTo(Status.EXPIRED);
        }
    }

    @Test
    void anAnswerBeforeTheDeadlineCountsAndOneAfterItDoesNotAlthoughItsAlarmHasNotRung() {
        try (QuestionFixture asked = new QuestionFixture(false, Question.open().within(WHOLE))) {
            asked.clock.jump(jump);
            asked.advance(WHOLE.minus(NANO));
            assertThat(asked.answer("in time", ADA)).isInstanceOf(Receipt.Accepted.class);
        }
        try (QuestionFixture asked = new QuestionFixture(false, Question.open().within(WHOLE))) {
            asked.clock.jump(jump);
            asked.advanceUnheard(WHOLE);
            assertThat(asked.answer("late", ADA)).isInstanceOf(Receipt.Expired.class);
        }
    }

    @Test
    void afterARestoreTheRestOfADeadlineRunsByTheClockOfTheNewProcess() {
        try (QuestionFixture asked = new QuestionFixture(true, Question.open().within(WHOLE))) {
            asked.advance(HALF);
            asked.clock.jump(jump);
            asked.advanceUnheard(HALF.minus(NANO));
            asked.settle();
            assertThat(asked.now().status()).isEqualTo(Status.OPEN);
            asked.advance(NANO);
            assertThat(asked.now().status()).isEqualTo(Status.EXPIRED);
        }
        Node node = Node.named("node")
                .ask(context -> Question.open().within(WHOLE))
                .answered((context, answer) -> Edge.of(answer.timedOut() ? "timeout" : "ok"));
        ExecutionSnapshot snapshot;
        try (TestEngine engine = engine(node, b -> {})) {
            snapshot = engine.start().snapshot();
        }
        try (TestEngine engine = engine(node, b -> {})) {
            engine.clock.jump(jump);
            Execution run = engine.flows.restore(snapshot);
            engine.executor.runAll();
            engine.advance(WHOLE.minus(NANO));
            assertThat(run.status().isEnded()).isEqualTo(!jump.isNegative());
            engine.advance(NANO);
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void remindersComeInTime() {
        Question question = Question.open().within(Duration.ofHours(3)).remind(HALF, WHOLE);
        try (QuestionFixture asked = new QuestionFixture(false, question)) {
            asked.advance(HALF.minus(NANO));
            asked.clock.jump(jump);
            asked.advance(Duration.ZERO);
            assertThat(asked.story()).isEmpty();
            asked.advance(NANO);
            assertThat(asked.story()).hasSize(1);
            asked.clock.jump(jump);
            asked.advance(HALF.minus(NANO));
            assertThat(asked.story()).hasSize(1);
            asked.advance(NANO);
            assertThat(asked.story()).hasSize(2);
        }
    }

    @Test
    void aClaimHoldsForItsLeaseAndIsExtendedInItsSecondHalf() {
        try (QuestionFixture asked = new QuestionFixture(false, Question.open())) {
            asked.claim(ADA, WHOLE);
            asked.advance(HALF);
            asked.clock.jump(jump);
            asked.claim(ADA, WHOLE);
            asked.advance(WHOLE.minus(NANO));
            assertThat(asked.now().claim()).isNotNull();
            assertThat(asked.answer("no", BOB)).isInstanceOf(Receipt.Forbidden.class);
            asked.advanceUnheard(NANO);
            assertThat(asked.answer("yes", BOB)).isInstanceOf(Receipt.Accepted.class);
        }
    }

    @Test
    void whoClaimedAndReleasedTooOftenMayDoSoAgainInAMinute() {
        try (QuestionFixture asked = new QuestionFixture(false, Question.open())) {
            for (int i = 0; i < 5; i++) {
                asked.claim(ADA, WHOLE);
                asked.release(ADA);
            }
            assertThatThrownBy(() -> asked.claim(ADA, WHOLE)).hasMessageContaining("try again in a minute");
            asked.clock.jump(jump);
            asked.advance(Duration.ofMinutes(1));
            asked.claim(ADA, WHOLE);
            assertThat(asked.now().claim()).isNotNull();
        }
    }

    @Test
    void aDeadlineInDaysIsAMomentOfTheTimeOfDay() {
        Duration days = Duration.ofDays(2);
        try (QuestionFixture asked =
                new QuestionFixture(false, Question.open().within(days).remind(HALF))) {
            asked.clock.jump(jump);
            asked.advance(days.minus(jump).minus(NANO));
            assertThat(asked.now().status()).isEqualTo(Status.OPEN);
            asked.advance(NANO);
            assertThat(asked.now().status()).isEqualTo(Status.EXPIRED);
            assertThat(asked.clock.instant()).isEqualTo(asked.start.plus(days));
        }
        try (QuestionFixture asked =
                new QuestionFixture(false, Question.open().within(days).remind(HALF))) {
            asked.clock.jump(days);
            asked.advance(Duration.ZERO);
            assertThat(asked.now().status()).isEqualTo(Status.EXPIRED);
        }
    }

    @Test
    void anExecutionThatHasEndedIsKeptForItsTime() {
        Retention retention = new Retention(100, 1 << 20, WHOLE);
        try (TestEngine engine = engine(TestEngine.returning("ok"), b -> b.retention(retention))) {
            engine.start();
            engine.advance(HALF);
            engine.clock.jump(jump);
            engine.advance(HALF.minus(NANO));
            assertThat(engine.flows.executions().size()).isEqualTo(1);
            engine.advance(NANO);
            assertThat(engine.flows.executions().size()).isZero();
        }
    }

    @Test
    void twoWaitsThatEndAtTheSameTimeOfDayAreTwo() {
        Question question = Question.open().within(Duration.ofHours(3)).remind(HALF);
        try (QuestionFixture asked = new QuestionFixture(false, question)) {
            asked.clock.jump(jump);
            asked.claim(ADA, HALF.plus(jump.abs()));
            asked.advance(HALF);
            assertThat(asked.story()).containsExactly("claimed review-1 by ada", "reminded review-1");
            assertThat(asked.now().claim()).isNotNull();
        }
    }
}
