package io.flowscript.engine;

import static io.flowscript.engine.QuestionFixture.ADA;
import static io.flowscript.engine.QuestionFixture.BOB;
import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction.Due;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What time does to a question: reminders, escalations, the deadline, and whose time it is. */
@ParameterizedClass(name = "in another engine each time: {0}")
@ValueSource(booleans = {false, true})
class PeoplesTimeTest {

    private static final Assignment LEADS = new Assignment(List.of("lea"), List.of("leads"));
    private static final Assignment BOSSES = new Assignment(List.of(), List.of("bosses"));
    private static final Question PATIENT = Question.open()
            .assignedTo("ada")
            .within(Duration.ofDays(10))
            .remind(Duration.ofDays(5), Duration.ofDays(1))
            .escalate(Duration.ofDays(7), BOSSES)
            .escalate(Duration.ofDays(3), LEADS);

    private final boolean moves;

    PeoplesTimeTest(boolean moves) {
        this.moves = moves;
    }

    private QuestionFixture asked(Question question) {
        return new QuestionFixture(moves, question);
    }

    @Test
    void remindersAndEscalationsComeEachAtItsTime() {
        try (QuestionFixture asked = asked(PATIENT)) {
            assertThat(asked.now().schedule())
                    .containsExactly(
                            new Due(asked.start.plus(Duration.ofDays(1)), null),
                            new Due(asked.start.plus(Duration.ofDays(3)), LEADS),
                            new Due(asked.start.plus(Duration.ofDays(5)), null),
                            new Due(asked.start.plus(Duration.ofDays(7)), BOSSES));
            String[] expected = {
                "reminded review-1",
                "escalated review-1 to [lea] [leads]",
                "reminded review-1",
                "escalated review-1 to [] [bosses]"
            };
            for (int i = 0; i < 4; i++) {
                asked.advance(Duration.ofDays(i == 0 ? 1 : 2).minusNanos(1));
                assertThat(asked.story()).hasSize(i);
                asked.advance(Duration.ofNanos(1));
                assertThat(asked.story()).hasSize(i + 1).endsWith(expected[i]);
                assertThat(asked.now().schedule()).hasSize(3 - i);
                assertThat(asked.now().assignment())
                        .isEqualTo(i == 0 ? new Assignment(List.of("ada"), List.of()) : i < 3 ? LEADS : BOSSES);
            }
            assertThat(asked.now().history())
                    .extracting(
                            change -> Duration.between(asked.start, change.at()).toDays())
                    .containsExactly(1L, 3L, 5L, 7L);
            asked.advance(Duration.ofDays(3));
            assertThat(asked.now().status()).isEqualTo(Status.EXPIRED);
            assertThat(asked.story()).element(4).isEqualTo("closed review-1 deadline");
        }
    }

    @Test
    @DisplayName("After a long sleep of the machine what is overdue comes at once, in its order")
    void severalOverdue() {
        try (QuestionFixture asked = asked(PATIENT)) {
            asked.advanceUnheard(Duration.ofDays(8));
            asked.settle();
            assertThat(asked.story())
                    .containsExactly(
                            "reminded review-1",
                            "escalated review-1 to [lea] [leads]",
                            "reminded review-1",
                            "escalated review-1 to [] [bosses]");
            assertThat(asked.now().assignment()).isEqualTo(BOSSES);
        }
    }

    @Test
    void whenTheDeadlineIsOverdueTooNobodyIsReminded() {
        try (QuestionFixture asked = asked(PATIENT)) {
            asked.advanceUnheard(Duration.ofDays(400));
            asked.settle();
            assertThat(asked.story()).startsWith("closed review-1 deadline").doesNotContain("reminded review-1");
            assertThat(asked.now().schedule()).isEmpty();
            assertThat(asked.now().deadline()).isEqualTo(asked.start.plus(Duration.ofDays(10)));
        }
        try (QuestionFixture asked = asked(PATIENT)) {
            asked.advanceUnheard(Duration.ofDays(400));
            assertThat(asked.answer("late", ADA)).isInstanceOf(Receipt.Expired.class);
            asked.settle();
            assertThat(asked.story()).startsWith("closed review-1 deadline").doesNotContain("reminded review-1");
        }
    }

    @Test
    void whatWasAnsweredRemindsNobody() {
        try (QuestionFixture asked = asked(PATIENT)) {
            asked.answer("yes", ADA);
            asked.advance(Duration.ofDays(400));
            assertThat(asked.story())
                    .doesNotContain("reminded review-1")
                    .noneMatch(line -> line.startsWith("escalated") || line.startsWith("closed"));
        }
    }

    @Test
    @DisplayName("Of several interactions the one whose time was first comes first")
    void amongSeveralQuestions() {
        Node node = Node.async(context -> {
            context.runtime().pause(Question.open().remind(Duration.ofDays(3)).because("slow"));
            PauseToken quick = context.runtime().pause(Question.open().remind(Duration.ofDays(1), Duration.ofDays(4)));
            return context.runtime().waitForResume(quick).thenApply(v -> Edge.of("ok", v));
        });
        try (TestEngine engine = TestEngine.of(workflow("node"), b -> b.node("node", node))) {
            Execution run = engine.start();
            String slow = run.interactions().get(0).token().tokenId();
            String quick = run.interactions().get(1).token().tokenId();
            engine.clock.advance(Duration.ofDays(10));
            do {
                engine.clock.advance(Duration.ZERO);
            } while (engine.executor.runOne());
            assertThat(TestEngine.events(run).stream()
                            .map(RecordedEvent::event)
                            .filter(io.flowscript.core.event.HumanEvent.InputReminded.class::isInstance)
                            .map(event -> ((io.flowscript.core.event.HumanEvent.InputReminded) event).tokenId()))
                    .containsExactly(quick, slow, quick);
        }
    }

    @Test
    @DisplayName(
            "People's time is not the execution's: neither waiting, nor claims, votes, reminders, or the node's future")
    void peoplesTimeNeverCountsAsWork() {
        try (QuestionFixture asked = new QuestionFixture(
                moves,
                PATIENT.within(Duration.ofDays(400)),
                builder -> builder.limits(EngineLimits.defaults()
                        .executionTimeout(Duration.ofMinutes(1))
                        .nodeTimeout(Duration.ofSeconds(30))))) {
            asked.advance(Duration.ofDays(2));
            asked.claim(ADA);
            asked.advance(Duration.ofDays(2));
            asked.claim(BOB);
            asked.advance(Duration.ofDays(2));
            asked.revise(Map.of("a", 1), BOB);
            asked.advance(Duration.ofDays(300));
            assertThat(asked.answer("yes", BOB)).isInstanceOf(Receipt.Accepted.class);
            assertThat(asked.run().snapshot().worked()).isZero();
            assertThat(asked.story()).contains("completed review-1 answered yes");
        }
        Node waits = Node.async(context -> context.runtime()
                .waitForResume(context.runtime().pause(PATIENT))
                .thenApply(v -> Edge.of("ok", v)));
        try (TestEngine engine = TestEngine.of(
                workflow("waits"),
                b -> b.node("waits", waits).limits(EngineLimits.defaults().executionTimeout(Duration.ofMinutes(1))))) {
            Execution run = engine.start();
            PauseToken token = run.interactions().get(0).token();
            for (int day = 0; day < 9; day++) {
                engine.flows.interactions().claim(token, ADA, Duration.ofHours(1));
                engine.advance(Duration.ofDays(1));
            }
            assertThat(run.snapshot().worked()).isZero();
            engine.answer(run, "yes");
            assertThat(story(run)).contains("completed waits-1 ok yes", "released waits-1 by ada, lapsed");
        }
    }

    @Test
    @DisplayName("A node that works while it asks works: what happens to its interaction is no pause for it")
    void workWhileAskingCounts() {
        CompletableFuture<Edge> work = new CompletableFuture<>();
        Node busy = Node.async(context -> {
            context.runtime().pause(Question.open());
            return work;
        });
        try (TestEngine engine = TestEngine.of(workflow("busy"), b -> b.node("busy", busy))) {
            Execution run = engine.start();
            PauseToken token = run.interactions().get(0).token();
            engine.advance(Duration.ofSeconds(10));
            engine.flows.interactions().claim(token, ADA, Duration.ofSeconds(5));
            engine.advance(Duration.ofSeconds(20));
            engine.flows.interactions().answer(token, "yes", AnswerOptions.NONE);
            engine.advance(Duration.ofSeconds(30));
            work.complete(Edge.of("ok"));
            engine.executor.runAll();
            assertThat(run.snapshot().worked()).isEqualTo(Duration.ofMinutes(1));
        }
    }

    /** Saturdays and Sundays do not count. */
    private static Instant workdays(Instant from, Duration time) {
        Instant at = from;
        for (Duration left = time; !left.isZero(); left = left.minusHours(1)) {
            DayOfWeek day;
            do {
                day = at.atZone(ZoneOffset.UTC).getDayOfWeek();
                at = at.plus(Duration.ofHours(1));
            } while (day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY);
        }
        return at;
    }

    @Test
    void businessTimeSkipsTheWeekend() {
        // The clock begins on a Thursday.
        Question question = Question.open()
                .remind(Duration.ofDays(1))
                .escalate(Duration.ofDays(3), BOSSES)
                .within(Duration.ofDays(4));
        try (QuestionFixture asked =
                new QuestionFixture(moves, question, builder -> builder.businessTime(PeoplesTimeTest::workdays))) {
            assertThat(asked.now().schedule())
                    .extracting(Due::at)
                    .containsExactly(Instant.parse("2026-01-02T00:00:00Z"), Instant.parse("2026-01-06T00:00:00Z"));
            assertThat(asked.now().deadline()).isEqualTo("2026-01-07T00:00:00Z");
            asked.advance(Duration.ofDays(4));
            assertThat(asked.story()).containsExactly("reminded review-1");
            asked.advance(Duration.ofDays(1));
            asked.advance(Duration.ofDays(1));
            assertThat(asked.story())
                    .containsSubsequence("escalated review-1 to [] [bosses]", "closed review-1 deadline");
        }
    }

    @Test
    @DisplayName(
            "A business time that cannot be used fails the attempt that asks, with its code, and nothing is half asked")
    void brokenBusinessTime() {
        BusinessTime throwing = (from, time) -> {
            throw new FlowScriptException("no_calendar", "The calendar is not there");
        };
        BusinessTime past = (from, time) -> from;
        BusinessTime never = (from, time) -> Instant.MAX;
        @SuppressWarnings("NullAway")
        BusinessTime none = (from, time) -> null;
        Stream.of(throwing, past, never, none).forEach(time -> {
            String code = time == throwing ? "no_calendar" : "invalid_business_time";
            Node asks = context -> {
                context.state().set("half", true);
                return Question.open().remind(Duration.ofDays(1)).ask();
            };
            AtomicReference<String> refused = new AtomicReference<>();
            Node pauses = context -> {
                try {
                    context.runtime().pause(Question.open().within(Duration.ofDays(1)));
                } catch (FlowScriptException e) {
                    refused.set(e.code());
                }
                return Edge.of("ok");
            };
            try (TestEngine engine = TestEngine.of(
                    workflow("pauses", "asks"),
                    b -> b.node("asks", asks).node("pauses", pauses).businessTime(time))) {
                Execution run = engine.start();
                assertThat(refused).hasValue(code);
                assertThat(story(run))
                        .containsExactly(
                                "workflow:started",
                                "executing pauses-1",
                                "completed pauses-1 ok",
                                "executing asks-2",
                                "failed asks-2 " + code,
                                "FAILED " + code);
                assertThat(run.snapshot().open()).isEmpty();
                assertThat(run.snapshot().closed()).isEmpty();
                assertThat(run.snapshot().state()).isEmpty();
                assertThat(engine.clock.pending()).isEqualTo(1); // when the execution is forgotten
            }
        });
    }

    @Test
    void businessTimeIsAskedWithNoLockHeld() {
        AtomicBoolean locked = new AtomicBoolean();
        AtomicReference<Execution> run = new AtomicReference<>();
        Node twice = context -> context.memo().isMissing() || context.memo().asInt() < 3
                ? Question.open()
                        .within(Duration.ofDays(1))
                        .ask(context.memo().orElse(0).asInt() + 1)
                : Edge.of("ok");
        try (TestEngine engine = TestEngine.of(
                workflow("twice"),
                b -> b.node("twice", twice).businessTime((from, time) -> {
                    locked.compareAndSet(false, run.get() != null && Thread.holdsLock(run.get()));
                    return from.plus(time);
                }))) {
            run.set(engine.start());
            engine.answer(run.get(), 1);
            engine.advance(Duration.ofDays(1));
            assertThat(run.get().interactions()).hasSize(1);
            assertThat(locked).isFalse();
        }
    }
}
