package io.flowscript.language.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Assignment;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Question;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code approve} in workflows that run. */
class ApproveNodeTest {

    private static final Map<String, ?> APPROVED = Map.of("decision", "approved");
    private static final Map<String, ?> REJECTED = Map.of("decision", "rejected");
    private static final Map<String, ?> NEEDS_INFO = Map.of("decision", "needsInfo", "comment", "what for?");
    private static final Map<String, ?> INPUT = Map.of("amount", 250, "requester", "rosa");

    private static HumanRun approve(boolean restarts, Map<String, ?> config) {
        Map<String, Object> all = new LinkedHashMap<>(config);
        all.put("stateKey", "review");
        return HumanRun.of(restarts, INPUT, Map.of("approve", all));
    }

    private static HumanRun approve(Map<String, ?> config) {
        return approve(false, config);
    }

    @ParameterizedTest
    @ValueSource(strings = {"approve", "approveExpense"})
    void theFormIsADecisionWithAComment(String name) {
        try (HumanRun run = HumanRun.of(INPUT, Map.of(name, Map.of("title", "{{amount}}", "contextKeys", List.of())))) {
            Question question = run.question();
            assertThat(question.uiHints()).isEqualTo(Map.of("title", 250));
            Value schema = Value.of(question.schema());
            assertThat(schema.get("required").raw()).isEqualTo(List.of("decision"));
            assertThat(List.copyOf(schema.get("properties").asMap().keySet()))
                    .as("in the order in which they are to be filled in")
                    .containsExactly("decision", "comment");
        }
    }

    @Test
    void approveExpenseWritesItsDecisionWithoutAStateKeyToo() {
        Map<String, ?> decision = Map.of("decision", "approved", "by", "ada");
        try (HumanRun run = HumanRun.of(Map.of(), "approveExpense")) {
            run.answered("ada", Map.of("decision", "approved"));
            assertThat(run.state().raw()).isEqualTo(Map.of("approvalDecision", decision));
        }
        try (HumanRun run = HumanRun.of(Map.of(), Map.of("approveExpense", Map.of("stateKey", "x")))) {
            run.answered("ada", Map.of("decision", "approved"));
            assertThat(run.state().raw()).isEqualTo(Map.of("x", decision));
        }
        try (HumanRun run = HumanRun.of(Map.of(), "approve")) {
            assertThat(run.answered("ada", Map.of("decision", "approved"))
                            .state()
                            .raw())
                    .isEqualTo(Map.of());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"approved", "rejected", "needsInfo"})
    void theDecisionIsTheEdgeAndItsDataSaysWho(String decision) {
        try (HumanRun run = approve(Map.of())) {
            run.answered("ada", Map.of("decision", decision, "comment", "because"));
            assertThat(run.edge()).isEqualTo(decision);
            Map<String, ?> expected = Map.of("decision", decision, "comment", "because", "by", "ada");
            assertThat(run.data().raw()).isEqualTo(expected);
            assertThat(run.state().get("review").raw()).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("F10: a missing or unknown decision and a cancellation are refused, and the interaction stays open")
    void onlyADecisionIsTaken() {
        try (HumanRun run = approve(Map.of())) {
            for (Object wrong : List.of(
                    Map.of(),
                    Map.of("decision", "maybe"),
                    Map.of("_cancelled", true),
                    "approved",
                    Map.of("decision", "approved", "comment", 1))) {
                assertThat(run.answer("ada", wrong)).as("%s", wrong).isInstanceOf(Receipt.Invalid.class);
            }
            assertThat(run.answered("ada", APPROVED).isCompleted()).isTrue();
        }
    }

    @Test
    void anAnswerCannotSayWhoGaveItOrWhatOthersSaid() {
        try (HumanRun run = approve(Map.of())) {
            run.answered(
                    null,
                    Map.of(
                            "decision",
                            "approved",
                            "by",
                            "root",
                            "votes",
                            List.of(1),
                            "timedOut",
                            true,
                            "information",
                            List.of(1),
                            "cc",
                            "x"));
            assertThat(run.data().raw()).isEqualTo(Map.of("decision", "approved", "cc", "x"));
        }
    }

    @Nested
    class WithAQuorum {

        private static final Map<String, ?> TWO_OF_THREE =
                Map.of("quorum", Map.of("approvals", 2, "of", 3), "notBy", "{{requester}}");

        @ParameterizedTest(name = "restarted: {0}")
        @ValueSource(booleans = {false, true})
        void twoOfThreeApprove(boolean restarts) {
            try (HumanRun run = approve(restarts, TWO_OF_THREE)) {
                run.answered("ada", Map.of("decision", "approved", "comment", "fine"));
                run.answered("bob", REJECTED);
                assertThat(run.isAsking()).isTrue();
                assertThat(run.answer("ada", APPROVED)).isInstanceOf(Receipt.Forbidden.class);
                assertThat(run.answer("rosa", APPROVED)).isInstanceOf(Receipt.Forbidden.class);
                assertThat(run.answer(null, APPROVED)).isInstanceOf(Receipt.Forbidden.class);
                run.answered("cleo", Map.of("decision", "approved", "comment", "well"));
                assertThat(run.edge()).isEqualTo("approved");
                assertThat(run.data().get("comment")).hasToString("well");
                assertThat(run.data().get("by")).hasToString("cleo");
                assertThat(run.state().get("review.votes").asList())
                        .extracting(vote -> vote.get("by").asString() + " "
                                + vote.get("answer.decision").asString())
                        .containsExactly("ada approved", "bob rejected", "cleo approved");
            }
        }

        @Test
        void twoRejectionsOfThreeReject() {
            try (HumanRun run = approve(TWO_OF_THREE)) {
                run.answered("ada", REJECTED).answered("bob", REJECTED);
                assertThat(run.edge()).isEqualTo("rejected");
            }
        }

        @Test
        void withoutANumberOfVotesOneRejectionRejects() {
            try (HumanRun run = approve(Map.of("quorum", Map.of("approvals", 3)))) {
                run.answered("ada", APPROVED).answered("bob", APPROVED).answered("cleo", REJECTED);
                assertThat(run.edge()).isEqualTo("rejected");
            }
        }

        @Test
        void oneWhoNeedsToKnowMoreEndsTheVote() {
            try (HumanRun run = approve(TWO_OF_THREE)) {
                run.answered("ada", APPROVED).answered("bob", NEEDS_INFO);
                assertThat(run.edge()).isEqualTo("needsInfo");
                assertThat(run.data().get("comment")).hasToString("what for?");
            }
        }
    }

    @Nested
    class SentBack {

        private static final Map<String, ?> SEND_BACK = Map.of(
                "groups",
                "managers",
                "timeout",
                "P2D",
                "contextKeys",
                List.of("amount"),
                "notBy",
                "{{requester}}",
                "title",
                "An expense",
                "sendBack",
                Map.of("assignees", "{{requester}}", "timeout", "P7D"));

        @ParameterizedTest(name = "restarted: {0}")
        @ValueSource(booleans = {false, true})
        void theRequesterTellsAndTheApproversDecideWithThat(boolean restarts) {
            try (HumanRun run = approve(restarts, SEND_BACK)) {
                assertThat(run.question().assignment()).isEqualTo(new Assignment(List.of(), List.of("managers")));
                assertThat(run.shown().raw()).isEqualTo(Map.of("amount", 250));
                run.advance(Duration.ofDays(1)).answered("ada", NEEDS_INFO);

                assertThat(run.question().assignment()).isEqualTo(new Assignment(List.of("rosa"), List.of()));
                assertThat(run.question().within()).isEqualTo(Duration.ofDays(7));
                assertThat(run.question().uiHints())
                        .isEqualTo(Map.of("title", "More information, please", "description", "what for?"));
                assertThat(run.shown().get("amount").asInt()).isEqualTo(250);
                assertThat(run.shown().get("information").raw())
                        .isEqualTo(List.of(
                                Map.of("question", "what for?", "askedBy", "ada", "askedAt", "2026-01-02T00:00:00Z")));
                assertThat(run.answer("rosa", Map.of("information", ""))).isInstanceOf(Receipt.Invalid.class);
                run.advance(Duration.ofDays(3)).answered("rosa", Map.of("information", "a notebook"));

                assertThat(run.question().assignment().groups()).containsExactly("managers");
                assertThat(run.question().excluded()).containsExactly("rosa");
                assertThat(run.shown().get("information[0].answer.information")).hasToString("a notebook");
                assertThat(run.asked().deadline()).isEqualTo("2026-01-07T00:00:00Z");
                run.answered("bob", Map.of("decision", "approved", "comment", "now I see"));

                assertThat(run.edge()).isEqualTo("approved");
                assertThat(run.state().get("review").raw())
                        .isEqualTo(Map.of(
                                "decision",
                                "approved",
                                "comment",
                                "now I see",
                                "by",
                                "bob",
                                "information",
                                List.of(Map.of(
                                        "question", "what for?",
                                        "askedBy", "ada",
                                        "askedAt", "2026-01-02T00:00:00Z",
                                        "answer", Map.of("information", "a notebook"),
                                        "answeredBy", "rosa",
                                        "answeredAt", "2026-01-05T00:00:00Z"))));
                assertThat(run.isCompleted()).isTrue();
            }
        }

        @ParameterizedTest(name = "restarted: {0}")
        @ValueSource(booleans = {false, true})
        @DisplayName("Votes given before new information do not count")
        void votesBeginAnew(boolean restarts) {
            Map<String, Object> config = new LinkedHashMap<>(SEND_BACK);
            config.put("quorum", Map.of("approvals", 2, "of", 3));
            try (HumanRun run = approve(restarts, config)) {
                run.answered("ada", APPROVED).answered("bob", NEEDS_INFO);
                run.answered("rosa", Map.of("information", "a notebook"));
                run.answered("bob", APPROVED);
                assertThat(run.isAsking()).isTrue();
                run.answered("ada", APPROVED);
                assertThat(run.edge()).isEqualTo("approved");
                assertThat(run.data().get("votes").asList())
                        .extracting(vote -> vote.get("by").asString())
                        .containsExactly("bob", "ada");
                assertThat(run.data().get("information[0].question")).hasToString("what for?");
            }
        }

        @ParameterizedTest(name = "restarted: {0}")
        @ValueSource(booleans = {false, true})
        void afterTheLastRoundItLeavesByNeedsInfo(boolean restarts) {
            Map<String, Object> config = new LinkedHashMap<>(SEND_BACK);
            config.put("sendBack", Map.of("groups", "staff", "rounds", 2));
            try (HumanRun run = approve(restarts, config)) {
                for (int round = 1; round <= 2; round++) {
                    run.answered("ada", Map.of("decision", "needsInfo"));
                    run.answered(null, Map.of("information", "round " + round));
                }
                run.answered("ada", NEEDS_INFO);
                assertThat(run.edge()).isEqualTo("needsInfo");
                assertThat(run.data().get("comment")).hasToString("what for?");
                assertThat(run.data().get("information").asList())
                        .extracting(round -> round.get("answer.information").asString())
                        .containsExactly("round 1", "round 2");
                assertThat(run.data().get("information[0].question").isMissing())
                        .isTrue();
                assertThat(run.data().get("information[0].answeredBy").isMissing())
                        .isTrue();
            }
        }

        @Test
        @DisplayName("Requests for information are limited to ten rounds by default")
        void tenRounds() {
            try (HumanRun run = approve(SEND_BACK)) {
                int rounds = 0;
                run.answered("ada", NEEDS_INFO);
                while (run.isAsking()) {
                    rounds++;
                    run.answered("rosa", Map.of("information", "x")).answered("ada", NEEDS_INFO);
                }
                assertThat(rounds).isEqualTo(10);
                assertThat(run.edge()).isEqualTo("needsInfo");
            }
        }

        @ParameterizedTest(name = "restarted: {0}")
        @ValueSource(booleans = {false, true})
        void whenNobodyTellsItLeavesByNeedsInfo(boolean restarts) {
            try (HumanRun run = approve(restarts, SEND_BACK)) {
                run.answered("ada", NEEDS_INFO).advance(Duration.ofDays(7));
                assertThat(run.edge()).isEqualTo("needsInfo");
                assertThat(run.data().get("comment")).hasToString("what for?");
                assertThat(run.data().get("by")).hasToString("ada");
                assertThat(run.data().get("information[0].answer").isMissing()).isTrue();
            }
        }

        @Test
        void aFormOfItsOwnAndAnAnswerOfAnyKind() {
            Map<String, ?> form =
                    Map.of("title", "For {{requester}}", "schema", Map.of("type", "boolean"), "defaultValues", false);
            try (HumanRun run =
                    approve(true, Map.of("sendBack", Map.of("assignees", List.of("rosa", "ron"), "form", form)))) {
                run.answered("ada", NEEDS_INFO);
                assertThat(run.question().uiHints()).isEqualTo(Map.of("title", "For rosa", "description", "what for?"));
                assertThat(run.question().defaults()).isEqualTo(false);
                assertThat(run.answer("rosa", "no")).isInstanceOf(Receipt.Invalid.class);
                run.answered("rosa", false);
                assertThat(run.shown().get("information[0].answer").raw()).isEqualTo(false);
                assertThat(run.answered("ada", REJECTED).edge()).isEqualTo("rejected");
            }
        }

        @Test
        void aFormWithoutASchemaStillAsksForInformation() {
            try (HumanRun run =
                    approve(Map.of("sendBack", Map.of("assignees", "rosa", "form", Map.of("submitLabel", "Send"))))) {
                run.answered("ada", NEEDS_INFO);
                assertThat(Objects.requireNonNull(Value.of(run.question().uiHints())
                                .get("submitLabel")
                                .raw()))
                        .isEqualTo("Send");
                assertThat(run.answer("rosa", Map.of())).isInstanceOf(Receipt.Invalid.class);
            }
        }
    }
}
