package io.flowscript.engine;

import static io.flowscript.engine.QuestionFixture.ADA;
import static io.flowscript.engine.QuestionFixture.BOB;
import static io.flowscript.engine.QuestionFixture.EVE;
import static io.flowscript.engine.QuestionFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Change;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What one saw is what one answers. */
@ParameterizedClass(name = "in another engine each time: {0}")
@ValueSource(booleans = {false, true})
class RevisionsTest {

    private final boolean moves;

    RevisionsTest(boolean moves) {
        this.moves = moves;
    }

    private QuestionFixture asked(Question question) {
        return new QuestionFixture(moves, question);
    }

    private static Map<String, Object> amount(int amount) {
        return Map.of("amount", amount);
    }

    private static AnswerOptions seeing(Map<String, Object> shown) {
        return AnswerOptions.by(ADA).seen(Objects.requireNonNull(Question.contextHash(shown)));
    }

    @Test
    void whoSawSomethingElseIsToldWhatChanged() {
        try (QuestionFixture asked = asked(Question.open().showing(amount(100)))) {
            Interaction revised = asked.revise(amount(900), BOB);
            assertThat(Objects.requireNonNull(revised.info()).contextData()).isEqualTo(amount(900));
            assertThat(revised.shownBefore()).containsExactly(amount(100));
            assertThat(revised.history())
                    .containsExactly(new Change(EventType.HUMAN_INPUT_REVISED, asked.start, "bob"));
            assertThat(asked.now().shownBefore()).isEqualTo(revised.shownBefore());

            assertThat(asked.answer("yes", seeing(amount(100))))
                    .isEqualTo(new Receipt.Stale(
                            asked.token, amount(100), amount(900), Question.contextHash(amount(900))));
            assertThat(asked.now().isOpen()).isTrue();
            assertThat(asked.answer("yes", seeing(amount(900)))).isInstanceOf(Receipt.Accepted.class);
            assertThat(asked.story()).startsWith("revised review-1 {amount=900} by bob", "received review-1 by ada");
        }
    }

    @Test
    void withoutSayingWhatOneSawOneAnswersWhatIsShown() {
        try (QuestionFixture asked = asked(Question.open().showing(amount(100)))) {
            asked.revise(amount(900), null);
            assertThat(asked.answer("yes", ADA)).isInstanceOf(Receipt.Accepted.class);
            assertThat(asked.story()).startsWith("revised review-1 {amount=900}");
        }
    }

    @Test
    void whatNobodyRemembersIsStaleToo() {
        try (QuestionFixture asked = asked(Question.open().showing(amount(100)))) {
            assertThat(asked.answer("yes", AnswerOptions.by(ADA).seen("something")))
                    .isEqualTo(new Receipt.Stale(asked.token, null, amount(100), Question.contextHash(amount(100))));
        }
        try (QuestionFixture asked = asked(Question.open())) {
            assertThat(asked.answer("yes", AnswerOptions.by(ADA).seen("something")))
                    .isEqualTo(new Receipt.Stale(asked.token, null, null, null));
            asked.revise(amount(1), null);
            assertThat(asked.now().shownBefore()).isEmpty();
            assertThat(asked.answer("yes", seeing(amount(1)))).isInstanceOf(Receipt.Accepted.class);
        }
    }

    @Test
    void theSameAgainChangesNothing() {
        try (QuestionFixture asked = asked(Question.open().showing(Map.of("amount", 100, "for", List.of("a", "b"))))) {
            Interaction before = asked.now();
            assertThat(asked.revise(Map.of("for", List.of("a", "b"), "amount", 100), BOB))
                    .isEqualTo(before);
            assertThat(asked.now()).isEqualTo(before);
            assertThat(asked.story()).isEmpty();
        }
    }

    @Test
    void fourEarlierOnesAreRemembered() {
        try (QuestionFixture asked = asked(Question.open().showing(amount(0)))) {
            for (int i = 1; i <= 6; i++) {
                asked.revise(amount(i), BOB);
            }
            assertThat(asked.now().shownBefore())
                    .isEqualTo(List.of(amount(2), amount(3), amount(4), amount(5)))
                    .hasSize(Interaction.MAX_SHOWN_BEFORE);
            assertThat(((Receipt.Stale) asked.answer(1, seeing(amount(1)))).seen())
                    .isNull();
            assertThat(((Receipt.Stale) asked.answer(1, seeing(amount(2)))).seen())
                    .isEqualTo(amount(2));
        }
    }

    @Test
    void whoMayNotAnswerIsNotToldWhatIsShown() {
        try (QuestionFixture asked = asked(Question.open().showing(amount(100)).notBy("ada"))) {
            asked.revise(amount(900), BOB);
            assertThat(asked.answer("yes", seeing(amount(100)))).isInstanceOf(Receipt.Forbidden.class);
        }
        try (QuestionFixture asked =
                asked(Question.form(Map.of("type", "number")).showing(amount(100)))) {
            asked.revise(amount(900), BOB);
            assertThat(asked.answer("no number", seeing(amount(100)))).isInstanceOf(Receipt.Stale.class);
            assertThat(asked.answer("no number", seeing(amount(900)))).isInstanceOf(Receipt.Invalid.class);
            asked.claim(EVE);
            assertThat(asked.answer("no number", seeing(amount(100)))).isInstanceOf(Receipt.Forbidden.class);
        }
    }

    @Test
    void whatIsShownIsBounded() {
        try (QuestionFixture asked = new QuestionFixture(
                moves,
                Question.open().showing(amount(1)),
                builder -> builder.limits(EngineLimits.defaults().maxStateBytes(1_000)))) {
            refused("value_too_large", () -> asked.revise(Map.of("text", "x".repeat(1_000)), BOB));
            assertThat(asked.now().shownBefore()).isEmpty();
        }
    }

    @Test
    void numbersAreComparedByTheirSizeAndKeysWithoutTheirOrder() {
        Map<String, Object> shown = new HashMap<>(Map.of("a", 1, "b", 2.50));
        assertThat(Question.contextHash(shown))
                .isEqualTo(Question.contextHash(Map.of("b", new java.math.BigDecimal("2.5"), "a", 1L)))
                .isNotEqualTo(Question.contextHash(Map.of("b", 2.51, "a", 1L)));
    }

    @Test
    @DisplayName("A node that asks anew tells who answers with what was shown before that it changed")
    void staleAfterTheNodeAskedAnew() {
        AtomicInteger asks = new AtomicInteger();
        try (TestEngine engine = TestEngine.of(
                TestEngine.workflow("review"),
                b -> b.node("review", context -> {
                    int round = asks.getAndIncrement();
                    return round == 2
                            ? Edge.of("ok")
                            : Question.open().showing(amount(round)).ask(round);
                }))) {
            Execution run = engine.start();
            PauseToken first = run.interactions().get(0).token();
            assertThat(engine.flows.interactions().answer(first, "more", seeing(amount(0))))
                    .isInstanceOf(Receipt.Accepted.class);
            engine.executor.runAll();
            // Named by its visit, the answer of somebody who saw the first one meets the second one.
            Receipt stale = engine.flows.interactions().answer(run.id(), "review-1", "yes", seeing(amount(0)));
            PauseToken second = run.interactions().get(0).token();
            assertThat(stale)
                    .isEqualTo(new Receipt.Stale(second, amount(0), amount(1), Question.contextHash(amount(1))));
            assertThat(engine.flows.interactions().answer(run.id(), "review-1", "yes", seeing(amount(1))))
                    .isInstanceOf(Receipt.Accepted.class);
        }
    }

    @Test
    @DisplayName("An interaction that is revised while the validator works is looked at again, with no lock held by it")
    void revisedWhileItIsChecked() {
        AtomicReference<QuestionFixture> running = new AtomicReference<>();
        AtomicBoolean revised = new AtomicBoolean();
        AtomicInteger checks = new AtomicInteger();
        AtomicBoolean locked = new AtomicBoolean();
        try (QuestionFixture asked = new QuestionFixture(
                moves,
                Question.form(Map.of("type", "number")).showing(amount(100)),
                builder -> builder.forms(schema -> answer -> {
                    checks.incrementAndGet();
                    locked.compareAndSet(
                            false,
                            running.get() != null
                                    && Thread.holdsLock(running.get().run()));
                    if (running.get() != null && revised.compareAndSet(false, true)) {
                        running.get().people().revise(running.get().token, amount(900), BOB);
                    }
                    return List.of();
                }))) {
            running.set(asked);
            assertThat(asked.answer(7, seeing(amount(100)))).isInstanceOf(Receipt.Stale.class);
            assertThat(checks).hasValue(1);
            assertThat(asked.answer(7, seeing(amount(900)))).isInstanceOf(Receipt.Accepted.class);
            assertThat(locked).isFalse();
        }
        revised.set(false);
        checks.set(0);
        try (QuestionFixture asked = new QuestionFixture(
                moves,
                Question.form(Map.of("type", "number")).showing(amount(100)),
                builder -> builder.forms(schema -> answer -> {
                    checks.incrementAndGet();
                    locked.compareAndSet(false, Thread.holdsLock(running.get().run()));
                    if (revised.compareAndSet(false, true)) {
                        running.get().people().revise(running.get().token, amount(900), BOB);
                    }
                    return List.of();
                }))) {
            running.set(asked);
            assertThat(asked.answer(7, ADA)).isInstanceOf(Receipt.Accepted.class);
            assertThat(checks).hasValue(2);
            assertThat(locked).isFalse();
        }
    }
}
