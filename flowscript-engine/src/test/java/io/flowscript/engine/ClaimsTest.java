package io.flowscript.engine;

import static io.flowscript.engine.QuestionFixture.ADA;
import static io.flowscript.engine.QuestionFixture.BOB;
import static io.flowscript.engine.QuestionFixture.EVE;
import static io.flowscript.engine.QuestionFixture.LEASE;
import static io.flowscript.engine.QuestionFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Change;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking a question on, and giving it back. */
@ParameterizedClass(name = "in another engine each time: {0}")
@ValueSource(booleans = {false, true})
class ClaimsTest {

    private static final Duration A_MOMENT = Duration.ofNanos(1);

    private final boolean moves;

    ClaimsTest(boolean moves) {
        this.moves = moves;
    }

    private QuestionFixture asked(Question question) {
        return new QuestionFixture(moves, question);
    }

    @Test
    void aClaimIsShownAndIsAnEvent() {
        try (QuestionFixture asked = asked(Question.open())) {
            Interaction claimed = asked.claim(ADA);
            assertThat(claimed.claim()).isEqualTo(new Claim("ada", asked.start.plus(LEASE)));
            assertThat(claimed.status()).isEqualTo(Status.CLAIMED);
            assertThat(claimed.isOpen()).isTrue();
            assertThat(claimed.history())
                    .containsExactly(new Change(EventType.HUMAN_INPUT_CLAIMED, asked.start, "ada"));
            assertThat(asked.now()).isEqualTo(claimed);
            assertThat(asked.story()).containsExactly("claimed review-1 by ada");
        }
    }

    @Test
    void whileSomebodyHasItNobodyElseCanAnswerOrTakeIt() {
        try (QuestionFixture asked = asked(Question.open())) {
            asked.claim(ADA);
            asked.advance(LEASE.minus(A_MOMENT));
            assertThat(asked.answer("mine", BOB)).isInstanceOfSatisfying(Receipt.Forbidden.class, refusal -> {
                assertThat(refusal.code()).isEqualTo("already_claimed");
                assertThat(refusal.message())
                        .isEqualTo("ada has claimed this interaction until " + asked.start.plus(LEASE));
            });
            assertThat(asked.answer("nobody's", (Identity) null)).isInstanceOf(Receipt.Forbidden.class);
            refused("already_claimed", () -> asked.claim(BOB));
            refused("already_claimed", () -> asked.release(BOB));
            assertThat(asked.answer("mine", ADA)).isInstanceOf(Receipt.Accepted.class);
            assertThat(asked.now().claim()).isNull();
            assertThat(asked.story())
                    .startsWith("claimed review-1 by ada", "received review-1 by ada", "resumed review-1 mine");
        }
    }

    @Test
    void aClaimLapsesWhenItsLeaseIsOver() {
        try (QuestionFixture asked = asked(Question.open())) {
            asked.claim(ADA);
            asked.advance(LEASE);
            assertThat(asked.now().claim()).isNull();
            assertThat(asked.now().status()).isEqualTo(Status.OPEN);
            assertThat(asked.now().history())
                    .endsWith(new Change(EventType.HUMAN_INPUT_RELEASED, asked.start.plus(LEASE), "ada"));
            assertThat(asked.answer("mine", BOB)).isInstanceOf(Receipt.Accepted.class);
            assertThat(asked.story())
                    .startsWith(
                            "claimed review-1 by ada", "released review-1 by ada, lapsed", "received review-1 by bob");
        }
    }

    @Test
    @DisplayName(
            "A claim that is past its time has lapsed before anything else happens, also when no timer has come round yet")
    void theClockDecidesNotTheTimer() {
        List<String> lapsed = List.of("claimed review-1 by ada", "released review-1 by ada, lapsed");
        try (QuestionFixture asked = asked(Question.open())) {
            asked.claim(ADA);
            asked.advanceUnheard(LEASE);
            assertThat(asked.answer("mine", BOB)).isInstanceOf(Receipt.Accepted.class);
            assertThat(asked.story()).startsWith(lapsed.get(0), lapsed.get(1), "received review-1 by bob");
        }
        try (QuestionFixture asked = asked(Question.open())) {
            asked.claim(ADA);
            asked.advanceUnheard(LEASE);
            assertThat(asked.claim(BOB).claim()).isEqualTo(new Claim("bob", asked.start.plus(LEASE.multipliedBy(2))));
            asked.settle();
            assertThat(asked.story()).containsExactly(lapsed.get(0), lapsed.get(1), "claimed review-1 by bob");
        }
        try (QuestionFixture asked = asked(Question.open())) {
            asked.claim(ADA);
            asked.advanceUnheard(LEASE);
            assertThat(asked.release(BOB).claim()).isNull();
            asked.settle();
            assertThat(asked.story()).isEqualTo(lapsed);
        }
        try (QuestionFixture asked = asked(Question.open().showing(Map.of("a", 1)))) {
            asked.claim(ADA);
            asked.advanceUnheard(LEASE);
            assertThat(asked.revise(Map.of("a", 2), BOB).claim()).isNull();
            assertThat(asked.story()).containsExactly(lapsed.get(0), lapsed.get(1), "revised review-1 {a=2} by bob");
        }
        try (QuestionFixture asked = asked(Question.open().decidedBy(new Quorum("d", Map.of("yes", 2))))) {
            asked.claim(ADA);
            asked.advanceUnheard(LEASE);
            assertThat(asked.answer(Map.of("d", "yes"), BOB)).isInstanceOf(Receipt.Accepted.class);
            assertThat(asked.now().status()).isEqualTo(Status.OPEN);
            assertThat(asked.story()).containsExactly(lapsed.get(0), lapsed.get(1), "voted review-1 by bob, 1");
        }
    }

    @Test
    void whoHasItCanKeepItForLongerOnceHalfOfTheLeaseIsOver() {
        try (QuestionFixture asked = asked(Question.open())) {
            Interaction first = asked.claim(ADA);
            asked.advance(Duration.ofMinutes(5).minus(A_MOMENT));
            assertThat(asked.claim(ADA)).isEqualTo(first);
            assertThat(asked.story()).hasSize(1);

            asked.advance(A_MOMENT);
            assertThat(asked.claim(ADA).claim()).isEqualTo(new Claim("ada", asked.start.plus(Duration.ofMinutes(15))));
            assertThat(asked.story()).containsExactly("claimed review-1 by ada", "claimed review-1 by ada");

            asked.advance(Duration.ofMinutes(6)); // the first lease would be over by now
            assertThat(asked.answer("mine", BOB)).isInstanceOf(Receipt.Forbidden.class);
            asked.advance(Duration.ofMinutes(4));
            assertThat(asked.now().claim()).isNull();
            assertThat(asked.story()).hasSize(3).endsWith("released review-1 by ada, lapsed");
        }
    }

    @Test
    void aShorterLeaseNeverShortensAClaim() {
        try (QuestionFixture asked = asked(Question.open())) {
            asked.claim(ADA, Duration.ofDays(7));
            assertThat(asked.claim(ADA, Duration.ofMinutes(1)).claim())
                    .isEqualTo(new Claim("ada", asked.start.plus(Duration.ofDays(7))));
        }
    }

    @Test
    void whoHasItGivesItBack() {
        try (QuestionFixture asked = asked(Question.open())) {
            Interaction unclaimed = asked.release(BOB);
            assertThat(unclaimed).isEqualTo(asked.now());
            assertThat(asked.story()).isEmpty();
            asked.claim(ADA);
            assertThat(asked.release(ADA).status()).isEqualTo(Status.OPEN);
            assertThat(asked.claim(BOB).claim()).isEqualTo(new Claim("bob", asked.start.plus(LEASE)));
            asked.advance(LEASE);
            assertThat(asked.story())
                    .containsExactly(
                            "claimed review-1 by ada",
                            "released review-1 by ada",
                            "claimed review-1 by bob",
                            "released review-1 by bob, lapsed");
        }
    }

    @Test
    void tenChangesAMinuteAndNoMore() {
        try (QuestionFixture asked = asked(Question.open())) {
            for (int i = 0; i < 5; i++) {
                asked.claim(i % 2 == 0 ? ADA : BOB);
                asked.claim(i % 2 == 0 ? ADA : BOB); // changes nothing, and does not count
                asked.advance(Duration.ofSeconds(1));
                asked.release(i % 2 == 0 ? ADA : BOB);
            }
            refused("rate_limited", () -> asked.claim(EVE));
            assertThat(asked.story()).hasSize(10);
            asked.advance(Duration.ofSeconds(55).minus(A_MOMENT));
            refused("rate_limited", () -> asked.claim(EVE));
            asked.advance(A_MOMENT); // the first one was a minute ago
            asked.claim(EVE);
            refused("rate_limited", () -> asked.release(EVE));
            assertThat(asked.answer(1, EVE)).isInstanceOf(Receipt.Accepted.class);
            assertThat(asked.story()).hasSizeGreaterThan(11);
        }
    }

    @Test
    void aClaimThatIsRefusedChangesNothing() {
        try (QuestionFixture asked = asked(Question.open().notBy("eve"))) {
            Interaction before = asked.now();
            refused("forbidden", () -> asked.claim(EVE));
            refused("forbidden", () -> asked.claim(Identity.ANONYMOUS));
            refused("invalid_duration", () -> asked.claim(ADA, Duration.ZERO));
            refused("invalid_duration", () -> asked.claim(ADA, Duration.ofNanos(-1)));
            refused("invalid_duration", () -> asked.claim(ADA, Interactions.MAX_LEASE.plus(A_MOMENT)));
            assertThat(asked.now()).isEqualTo(before);
            assertThat(asked.story()).isEmpty();
            assertThat(asked.claim(ADA, Interactions.MAX_LEASE).claim())
                    .isEqualTo(new Claim("ada", asked.start.plus(Interactions.MAX_LEASE)));
        }
    }

    @Test
    void whoHasVotedCannotKeepOthersFromVoting() {
        try (QuestionFixture asked = asked(Question.open().decidedBy(new Quorum("d", Map.of("yes", 2))))) {
            asked.claim(ADA);
            asked.answer(Map.of("d", "yes"), ADA);
            assertThat(asked.now().claim()).isNull(); // it was there for voting
            refused("forbidden", () -> asked.claim(ADA));
            asked.claim(BOB);
            assertThat(asked.answer(Map.of("d", "yes"), BOB)).isInstanceOf(Receipt.Accepted.class);
        }
    }

    @Test
    void aQuestionThatIsNotOpenCannotBeTaken() {
        try (QuestionFixture asked = asked(Question.open())) {
            asked.answer(1, ADA);
            refused("already_resolved", () -> asked.claim(BOB));
            refused("already_resolved", () -> asked.release(BOB));
            refused("already_resolved", () -> asked.revise(Map.of(), BOB));
        }
        try (QuestionFixture asked = asked(Question.open())) {
            asked.run().cancel(null, null);
            refused("execution_finished", () -> asked.claim(BOB));
        }
        try (QuestionFixture asked = asked(Question.open().within(Duration.ofHours(1)))) {
            asked.advance(Duration.ofHours(1));
            refused("expired", () -> asked.claim(BOB));
        }
        try (QuestionFixture asked = asked(Question.open().within(Duration.ofHours(1)))) {
            asked.advanceUnheard(Duration.ofHours(1));
            refused("expired", () -> asked.claim(BOB));
            refused("expired", () -> asked.release(BOB));
            refused("expired", () -> asked.revise(Map.of(), BOB));
        }
        try (QuestionFixture asked = asked(Question.open())) {
            PauseToken other = new PauseToken(asked.token.executionId(), "review-1", "other");
            refused("interaction_not_found", () -> asked.people().claim(other, BOB, LEASE));
            refused(
                    "interaction_not_found",
                    () -> asked.people().release(new PauseToken("other", "review-1", asked.token.tokenId()), BOB));
            assertThat(asked.people().find(other)).isEmpty();
        }
    }

    @Test
    void aClaimEndsWithWhatClosesTheQuestionOrSendsItOn() {
        try (QuestionFixture asked = asked(Question.open().within(Duration.ofMinutes(5)))) {
            asked.claim(ADA);
            asked.advance(Duration.ofMinutes(5));
            asked.advance(Duration.ofDays(1));
            assertThat(asked.now().claim()).isNull();
            assertThat(asked.now().status()).isEqualTo(Status.EXPIRED);
            assertThat(asked.story())
                    .startsWith("claimed review-1 by ada", "closed review-1 deadline")
                    .doesNotContain("released review-1 by ada, lapsed");
        }
        Assignment bosses = new Assignment(List.of(), List.of("bosses"));
        try (QuestionFixture asked = asked(Question.open().escalate(Duration.ofMinutes(5), bosses))) {
            asked.claim(ADA);
            asked.advance(Duration.ofMinutes(5));
            assertThat(asked.now().claim()).isNull();
            assertThat(asked.now().status()).isEqualTo(Status.OPEN);
            assertThat(asked.claim(BOB).claim()).isNotNull();
            asked.advance(Duration.ofMinutes(6)); // when ada's would have lapsed
            assertThat(asked.now().claim()).isNotNull();
            assertThat(asked.story())
                    .containsExactly(
                            "claimed review-1 by ada", "escalated review-1 to [] [bosses]", "claimed review-1 by bob");
        }
    }

    @Test
    void theHistoryKeepsTheLastHundredChanges() {
        try (QuestionFixture asked = asked(Question.open())) {
            for (int i = 0; i < 60; i++) {
                asked.claim(ADA);
                asked.release(ADA);
                asked.advance(Duration.ofSeconds(15));
            }
            List<Change> history = asked.now().history();
            assertThat(history).hasSize(Interaction.MAX_HISTORY);
            assertThat(history.get(0))
                    .isEqualTo(new Change(
                            EventType.HUMAN_INPUT_CLAIMED, asked.start.plus(Duration.ofSeconds(15 * 10)), "ada"));
            assertThat(history.get(99).what()).isEqualTo(EventType.HUMAN_INPUT_RELEASED);
            assertThat(asked.story()).hasSize(120);
        }
    }
}
