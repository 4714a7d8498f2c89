package io.flowscript.testkit;

import static io.flowscript.testkit.FlowScriptAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.Execution;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("People follow their scripts, each at their time")
class PersonScriptTest {

    private final TestFlows flows = TestFlows.of(builder -> {
        Expenses.addTo(builder);
        builder.workflow(Workflow.named("refund").step("review").build())
                .workflow(Workflow.named("twice").step("review").step("review").build())
                .node(quorum())
                .workflow(Workflow.named("vote").step("vote").build());
    });

    private static NamedNode quorum() {
        return Node.named("vote")
                .edges("yes", "no")
                .ask(context -> Question.open().decidedBy(new Quorum("vote", Map.of("yes", 2, "no", 1))))
                .answered((context, answer) -> Edge.of(answer.get("vote").asString()));
    }

    @AfterEach
    void close() {
        flows.close();
    }

    private Execution expense() {
        return flows.start("expense", Map.of("amount", 250));
    }

    @Test
    void answersAtOnceWhenNoTimeIsSaid() {
        flows.whenAsked("review").by("carl").answer(Expenses.APPROVED);

        assertThat(expense()).isCompleted().took("review", "approved");
        assertThat(flows.receipts()).singleElement().isInstanceOf(Receipt.Accepted.class);
        assertThat(flows.receipts("carl")).hasSize(1);
        assertThat(flows.receipts("ann")).isEmpty();
    }

    @Test
    void answersAfterAWhileAndNotBefore() {
        flows.whenAsked("review").by("carl").answer(Expenses.APPROVED).after(Duration.ofDays(2));
        Execution run = expense();

        flows.advance(Duration.ofDays(2).minusMillis(1));
        assertThat(run).isPausedAt("review");
        flows.advance(Duration.ofMillis(1));
        assertThat(run).isCompleted();
        assertThat(run.snapshot().closed().get(0).closedAt()).isEqualTo(TestFlows.START.plus(Duration.ofDays(2)));
    }

    @Test
    @DisplayName("People act between the timers, in the order of time: reminded once, answered, not reminded again")
    void peopleBetweenTimers() {
        flows.whenAsked("review").answer(Expenses.REJECTED).after(Duration.ofDays(5));
        Execution run = expense();

        flows.advance(Duration.ofDays(365));

        assertThat(run).isCompleted().emitted("human:input:reminded", "human:input:received");
        assertThat(Events.of(run.events()).stream()
                        .filter(event -> event.type().name().equals("human:input:reminded")))
                .hasSize(1);
    }

    @Test
    void whoAnswersAtTheMomentOfTheDeadlineIsLate() {
        flows.whenAsked("review").by("carl").answer(Expenses.APPROVED).after(Duration.ofDays(30));
        Execution run = expense();

        flows.advance(Duration.ofDays(31));

        assertThat(run).isCompleted().took("review", "expired");
        assertThat(flows.receipts("carl").get(0)).isRefused("expired");
    }

    @Test
    void answersWithWhatTheQuestionShows() {
        flows.whenAsked("review")
                .answerWith(question -> Integer.valueOf(250)
                                .equals(question.question().context().get("amount"))
                        ? Expenses.APPROVED
                        : Expenses.REJECTED);

        assertThat(expense()).took("review", "approved");
        assertThat(flows.start("expense", Map.of("amount", 999))).took("review", "rejected");
    }

    @Test
    @DisplayName("A person gives an invalid answer first, and a valid one an hour later")
    void severalStepsOfOnePerson() {
        flows.whenAsked("review")
                .by("carl")
                .answer(Map.of("decision", "perhaps"))
                .answer(Expenses.APPROVED)
                .after(Duration.ofHours(1));
        Execution run = expense();

        assertThat(run).isPausedAt("review");
        assertThat(flows.receipts().get(0)).isRefused("validation_failed").violates("$.decision");
        flows.advance(Duration.ofHours(1));
        assertThat(run).isCompleted();
    }

    @Test
    void whatWasSaidLastOfAPersonCounts() {
        flows.whenAsked("review").by("carl").answer(Expenses.APPROVED);
        flows.whenAsked("review").by("carl").answer(Expenses.REJECTED);

        assertThat(expense()).took("review", "rejected");
        assertThat(flows.receipts()).hasSize(1);
    }

    @Test
    void differentPeopleActEachOnTheirOwnAndTheLaterOneLearnsIt() {
        flows.whenAsked("review").by("ann").answer(Expenses.APPROVED).after(Duration.ofDays(1));
        flows.whenAsked("review").by("carl").answer(Expenses.REJECTED).after(Duration.ofDays(2));
        Execution run = expense();

        flows.advance(Duration.ofDays(2));

        assertThat(run).took("review", "approved");
        assertThat(flows.receipts("ann").get(0)).isAccepted().closesTheQuestion();
        assertThat(flows.receipts("carl").get(0)).isRefused("already_resolved");
    }

    @Test
    void severalPeopleVote() {
        flows.whenAsked("vote").by("ann").answer(Map.of("vote", "yes"));
        flows.whenAsked("vote").by("bob").answer(Map.of("vote", "yes")).after(Duration.ofHours(1));
        Execution run = flows.start("vote", Map.of());

        assertThat(run).isPausedAt("vote");
        assertThat(flows.receipts("ann").get(0)).isAccepted();
        assertThatThrownBy(() -> assertThat(flows.receipts("ann").get(0)).closesTheQuestion())
                .hasMessageContaining("more answers are needed");
        flows.advance(Duration.ofHours(1));
        assertThat(run).isCompleted().took("vote", "yes");
    }

    @Test
    void onceThenWhatWasSaidBefore() {
        flows.whenAsked("review").answer(Expenses.APPROVED);
        flows.whenAsked("review").answer(Expenses.REJECTED).once();

        assertThat(flows.start("twice", Map.of("amount", 1))).tookInOrder("review", "rejected", "review", "approved");
    }

    @Test
    void soManyTimes() {
        flows.whenAsked("review").answer(Expenses.APPROVED).times(1);

        assertThat(flows.start("twice", Map.of("amount", 1)))
                .took("review", "approved")
                .isPausedAt("review");
        assertThatThrownBy(() -> flows.whenAsked("review").times(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyOfOneWorkflow() {
        flows.whenAsked("refund", "review").answer(Expenses.APPROVED);

        assertThat(flows.start("refund", Map.of("amount", 250))).isCompleted();
        assertThat(expense()).isPausedAt("review");
    }

    @Test
    void onlySomeQuestions() {
        flows.whenAsked(question -> question.assignment().people().contains("carl"))
                .by(Identity.of("carl", "managers"))
                .answer(Expenses.APPROVED);

        assertThat(expense()).isCompleted();
    }

    @Test
    void whatIsScriptedLaterIsForOpenQuestionsToo() {
        Execution run = expense();
        flows.advance(Duration.ofDays(3));
        flows.whenAsked("review").answer(Expenses.APPROVED).after(Duration.ofDays(4));

        flows.advance(Duration.ofHours(1));
        assertThat(run).isPausedAt("review");
        flows.advance(Duration.ofDays(1));
        assertThat(run).isCompleted();
    }

    @Test
    void ignoringSilencesThePersonOrEverybody() {
        flows.whenAsked("review").by("ann").answer(Expenses.APPROVED);
        flows.whenAsked("review").by("carl").answer(Expenses.APPROVED).after(Duration.ofDays(1));
        flows.whenAsked("review").by("ann").ignore();
        Execution run = expense();
        assertThat(run).isPausedAt("review");
        flows.advance(Duration.ofDays(1));
        assertThat(run).isCompleted();

        flows.whenAsked("review").ignore();
        Execution ignored = expense();
        flows.advance(Duration.ofDays(2));
        assertThat(ignored).isPausedAt("review");
    }

    @Test
    @DisplayName(
            "A claim keeps others out until it lapses; a claim of an interaction that another person has claimed is refused with its code")
    void claims() {
        flows.whenAsked("review").by("ann").claim(Duration.ofHours(2));
        flows.whenAsked("review")
                .by("carl")
                .after(Duration.ofHours(1))
                .claim()
                .answer(Expenses.APPROVED)
                .answer(Expenses.APPROVED)
                .after(Duration.ofHours(3));
        Execution run = expense();
        assertThat(run).isPausedAt("review").claimedBy("ann");

        flows.advance(Duration.ofHours(1));
        assertThat(flows.acts()).extracting(TestFlows.Act::what).containsExactly("claimed", "claimed", "answered");
        assertThat(flows.acts())
                .extracting(TestFlows.Act::code)
                .containsExactly("accepted", "already_claimed", "already_claimed");
        assertThat(run).isPausedAt("review");

        flows.advance(Duration.ofHours(2));
        assertThat(run).isCompleted();
    }

    @Test
    void givingBack() {
        flows.whenAsked("review").by("ann").claim().release().after(Duration.ofMinutes(1));
        Execution run = expense();

        flows.advance(Duration.ofMinutes(1));

        assertThat(run).isPausedAt("review").claimedBy(null);
        assertThat(flows.acts()).extracting(TestFlows.Act::what).isEqualTo(List.of("claimed", "released"));
    }

    @Test
    void aScriptThatSaysNothingToDoIsToldSo() {
        flows.whenAsked("review").by("ann");

        assertThatThrownBy(this::expense)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("whenAsked(\"review\")")
                .hasMessageContaining("answer, claim, release or ignore");
    }
}
