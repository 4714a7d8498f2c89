package io.flowscript.engine;

import static io.flowscript.engine.QuestionFixture.ADA;
import static io.flowscript.engine.QuestionFixture.BOB;
import static io.flowscript.engine.QuestionFixture.EVE;
import static io.flowscript.engine.QuestionFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.runtime.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Several people decide. */
@ParameterizedClass(name = "in another engine each time: {0}")
@ValueSource(booleans = {false, true})
class VotesTest {

    private static final Map<String, Object> YES = Map.of("decision", "approved");
    private static final Map<String, Object> NO = Map.of("decision", "rejected");
    private static final Map<String, Object> HOW = Map.of("decision", "needsInfo", "comment", "how?");
    private static final Question QUESTION = Question.open()
            .within(Duration.ofDays(3))
            .cancellable()
            .decidedBy(new Quorum("decision", Map.of("approved", 3, "rejected", 2, "needsInfo", 1)));

    private final boolean moves;

    VotesTest(boolean moves) {
        this.moves = moves;
    }

    private QuestionFixture asked(Question question) {
        return new QuestionFixture(moves, question);
    }

    @Test
    void theVoteThatIsNeededClosesTheQuestionAndTheNodeIsGivenAllOfThem() {
        try (QuestionFixture asked = asked(QUESTION)) {
            Instant at = asked.start;
            assertThat(asked.answer(YES, ADA)).isEqualTo(new Receipt.Accepted(asked.token, at, false));
            asked.advance(Duration.ofHours(1));
            assertThat(asked.answer(NO, BOB))
                    .isEqualTo(new Receipt.Accepted(asked.token, at.plus(Duration.ofHours(1)), false));
            assertThat(asked.answer(YES, EVE)).isInstanceOf(Receipt.Accepted.class);
            assertThat(asked.now().status()).isEqualTo(Status.OPEN);
            assertThat(asked.now().replies()).extracting(Reply::by).containsExactly(ADA, BOB, EVE);
            Map<String, Object> last = Map.of("decision", "approved", "comment", "fine");
            assertThat(asked.answer(last, Identity.of("zoe", "bosses")))
                    .isEqualTo(new Receipt.Accepted(asked.token, at.plus(Duration.ofHours(1)), true));
            String later = "2026-01-01T01:00:00Z";
            assertThat(asked.outcome().raw())
                    .isEqualTo(Map.of(
                            "decision",
                            "approved",
                            "votes",
                            List.of(
                                    Map.of("by", "ada", "at", "2026-01-01T00:00:00Z", "answer", YES),
                                    Map.of("by", "bob", "at", later, "answer", NO),
                                    Map.of("by", "eve", "at", later, "answer", YES),
                                    Map.of("by", "zoe", "at", later, "answer", last))));
            assertThat(asked.story())
                    .startsWith(
                            "voted review-1 by ada, 1",
                            "voted review-1 by bob, 2",
                            "voted review-1 by eve, 3",
                            "received review-1 by zoe");
            assertThat(asked.now().status()).isEqualTo(Status.ANSWERED);
            assertThat(asked.answer(NO, Identity.of("late")))
                    .isEqualTo(new Receipt.AlreadyResolved(
                            asked.token, Identity.of("zoe", "bosses"), at.plus(Duration.ofHours(1))));
        }
    }

    @Test
    void eachValueNeedsItsOwnNumberOfVotes() {
        try (QuestionFixture asked = asked(QUESTION)) {
            asked.answer(NO, ADA);
            asked.answer(YES, BOB);
            asked.answer(NO, EVE);
            assertThat(asked.outcome().get("decision").asString()).isEqualTo("rejected");
        }
        try (QuestionFixture asked = asked(QUESTION)) {
            asked.answer(YES, ADA);
            assertThat(asked.answer(HOW, BOB)).isEqualTo(new Receipt.Accepted(asked.token, asked.start, true));
            assertThat(asked.outcome().get("votes[1].answer.comment").asString())
                    .isEqualTo("how?");
        }
    }

    @Test
    void eachPersonHasOneVoteAndNobodyWithoutAName() {
        try (QuestionFixture asked = asked(QUESTION)) {
            asked.answer(YES, ADA);
            for (Identity again : List.of(ADA, Identity.of("ada", "other"))) {
                assertThat(asked.answer(NO, again)).isInstanceOfSatisfying(Receipt.Forbidden.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("forbidden");
                    assertThat(refusal.message())
                            .isEqualTo("ada has voted already, at 2026-01-01T00:00:00Z; each person has one vote");
                });
            }
            assertThat(asked.answer(YES, Identity.ANONYMOUS)).isInstanceOf(Receipt.Forbidden.class);
            assertThat(asked.answer(YES, (Identity) null)).isInstanceOf(Receipt.Forbidden.class);
            refused("forbidden", () -> asked.claim(Identity.ANONYMOUS));
            assertThat(asked.now().replies()).hasSize(1);
            assertThat(asked.story()).containsExactly("voted review-1 by ada, 1");
        }
    }

    @Test
    void aVoteForSomethingElseIsInvalid() {
        Map<String, Object> nothing = new HashMap<>();
        nothing.put("decision", null);
        try (QuestionFixture asked = asked(QUESTION)) {
            for (Object answer : List.of(
                    Map.of("decision", "maybe"),
                    Map.of("decision", 3),
                    Map.of("other", "approved"),
                    nothing,
                    "approved",
                    List.of())) {
                assertThat(asked.answer(answer, ADA))
                        .isEqualTo(new Receipt.Invalid(
                                asked.token,
                                List.of(new Violation(
                                        "$.decision", "enum", "must be one of: approved, needsInfo, rejected"))));
            }
            assertThat(asked.answer(YES, ADA)).isInstanceOf(Receipt.Accepted.class);
        }
    }

    @Test
    void theSameVoteUnderTheSameKeyGetsTheSameReceiptWhateverCameBetween() {
        AnswerOptions ada = AnswerOptions.by(ADA).idempotencyKey("k");
        try (QuestionFixture asked = asked(QUESTION)) {
            Receipt first = asked.answer(YES, ada);
            asked.advance(Duration.ofHours(1));
            assertThat(asked.answer(YES, ada)).isEqualTo(first);
            assertThat(asked.answer(
                            YES, AnswerOptions.by(Identity.of("ada", "night")).idempotencyKey("k")))
                    .isEqualTo(first);
            assertThat(asked.answer(NO, ada)).isEqualTo(new Receipt.Conflict(asked.token));
            assertThat(asked.story()).hasSize(1);
            asked.claim(EVE);
            assertThat(asked.answer(YES, ada)).isEqualTo(first);
            asked.answer(HOW, EVE);
            assertThat(asked.now().status()).isEqualTo(Status.ANSWERED);
            assertThat(asked.answer(YES, ada)).isEqualTo(first);
            assertThat(asked.answer(NO, ada)).isEqualTo(new Receipt.Conflict(asked.token));
            assertThat(asked.answer(YES, AnswerOptions.by(BOB).idempotencyKey("k")))
                    .isInstanceOf(Receipt.AlreadyResolved.class);
        }
    }

    @Test
    @DisplayName("A vote that counted has its receipt also after the deadline, and after the execution was cancelled")
    void theReceiptOutlivesTheQuestion() {
        AnswerOptions ada = AnswerOptions.by(ADA).idempotencyKey("k");
        try (QuestionFixture asked = asked(QUESTION)) {
            Receipt first = asked.answer(YES, ada);
            asked.advanceUnheard(Duration.ofDays(3));
            assertThat(asked.answer(YES, ada)).isEqualTo(first);
            assertThat(asked.answer(YES, BOB)).isInstanceOf(Receipt.Expired.class);
            assertThat(asked.answer(YES, ada)).isEqualTo(first);
            assertThat(asked.now().status()).isEqualTo(Status.EXPIRED);
        }
        try (QuestionFixture asked = asked(QUESTION)) {
            Receipt first = asked.answer(YES, ada);
            asked.run().cancel(null, null);
            assertThat(asked.answer(YES, ada)).isEqualTo(first);
            assertThat(asked.answer(YES, BOB)).isInstanceOf(Receipt.Cancelled.class);
        }
    }

    @Test
    void whoIsExcludedHasNoVote() {
        try (QuestionFixture asked = asked(QUESTION.notBy("ada", "eve"))) {
            assertThat(asked.answer(YES, ADA))
                    .isInstanceOfSatisfying(
                            Receipt.Forbidden.class,
                            refusal -> assertThat(refusal.message())
                                    .isEqualTo("ada may not answer this interaction, others may"));
            assertThat(asked.answer(YES, BOB)).isInstanceOf(Receipt.Accepted.class);
        }
        try (QuestionFixture asked = asked(Question.open().notBy("ada"))) {
            assertThat(asked.answer(YES, Identity.ANONYMOUS)).isInstanceOf(Receipt.Forbidden.class);
            assertThat(asked.answer(YES, (Identity) null)).isInstanceOf(Receipt.Forbidden.class);
            assertThat(asked.answer(YES, EVE)).isInstanceOf(Receipt.Accepted.class);
        }
    }

    @Test
    void oneOfThemCanTurnItDown() {
        try (QuestionFixture asked = asked(QUESTION)) {
            asked.answer(YES, ADA);
            assertThat(asked.answer(Map.of("_cancelled", true), BOB))
                    .isEqualTo(new Receipt.Accepted(asked.token, asked.start, true));
            assertThat(asked.outcome().raw()).isEqualTo(Map.of("_cancelled", true));
        }
    }

    @Test
    void theDeadlineEndsAVoteThatIsNotDecided() {
        try (QuestionFixture asked = asked(QUESTION)) {
            asked.answer(YES, ADA);
            asked.advance(Duration.ofDays(3));
            assertThat(asked.story()).containsSubsequence("voted review-1 by ada, 1", "closed review-1 deadline");
            assertThat(asked.now().replies()).hasSize(1);
        }
    }

    @Test
    @DisplayName("An answer is bounded; votes that are kept together hold no more than one answer may")
    void answersAreBounded() {
        String large = "x".repeat(100_000);
        EngineLimits limits = EngineLimits.defaults().maxStateBytes(250_000);
        try (QuestionFixture asked = new QuestionFixture(moves, Question.open(), builder -> builder.limits(limits))) {
            assertThat(asked.answer(large + large + large, ADA))
                    .isEqualTo(new Receipt.Invalid(
                            asked.token, List.of(new Violation("$", "limit", "must hold at most 250000 bytes"))));
            assertThat(asked.answer(large + large, ADA)).isInstanceOf(Receipt.Accepted.class);
        }
        try (QuestionFixture asked = new QuestionFixture(moves, QUESTION, builder -> builder.limits(limits))) {
            // Two for approved, one for rejected, and the one that decides: four answers are kept at the most.
            Map<String, Object> vote = Map.of("decision", "approved", "comment", large);
            assertThat(asked.answer(vote, ADA))
                    .isEqualTo(new Receipt.Invalid(
                            asked.token, List.of(new Violation("$", "limit", "must hold at most 62500 bytes"))));
            assertThat(asked.answer(Map.of("decision", "approved", "comment", large.substring(50_000)), ADA))
                    .isInstanceOf(Receipt.Accepted.class);
        }
    }
}
