package io.flowscript.testkit;

import static io.flowscript.testkit.FlowScriptAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.Execution;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Assertions about executions pass, and report what happened when they fail")
class ExecutionAssertTest {

    private final TestFlows flows = TestFlows.of(builder -> {
        Expenses.addTo(builder);
        builder.node("fails", context -> Edge.of("error"))
                .workflow(Workflow.named("failing").step("fails").build());
    });

    @AfterEach
    void close() {
        flows.close();
    }

    private Execution paused() {
        return flows.start("expense", Map.of("amount", 250, "lines", List.of(1, Map.of("tax", 2.5))));
    }

    private Execution completed() {
        flows.whenAsked("review").by("ann").answer(Expenses.APPROVED).after(Duration.ofDays(1));
        Execution run = paused();
        flows.advance(Duration.ofDays(2));
        return run;
    }

    @Test
    void theExampleOfTheDocumentation() {
        assertThat(completed())
                .isCompleted()
                .hasStatus(ExecutionStatus.COMPLETED)
                .took("review", "approved")
                .tookInOrder("review", "approved", "book", "booked")
                .visited("review", "book")
                .visited("book")
                .visitedExactly("review", "book")
                .didNotVisit("reject")
                .hasState("$.approved", true)
                .hasState("amount", new BigDecimal("250.00"))
                .hasState("lines", List.of(1L, Map.of("tax", new BigDecimal("2.50"))))
                .hasNoState("$.rejected")
                .emitted("workflow:started", "expense:booked", "workflow:completed");
    }

    @Test
    void aQuestion() {
        assertThat(paused())
                .isPausedAt("review")
                .asked(Expenses.FORM)
                .showing("amount", 250)
                .assignedTo("carl")
                .offeredTo()
                .claimedBy(null)
                .withDeadline(Duration.ofDays(30));
        flows.advance(Duration.ofDays(20));
        assertThat(flows.flows().executions().find("expense-1").orElseThrow())
                .isPausedAt("review")
                .assignedTo()
                .offeredTo("directors");
    }

    @Test
    void otherEnds() {
        assertThat(flows.start("failing", Map.of())).isFailed("unhandled_edge");
        Execution run = paused();
        run.cancel("enough", null);
        assertThat(run).isCancelled();
    }

    /**
     * An assertion that fails on an expense that waits for carl.
     *
     * @param what is asserted
     * @param message what its failure says first
     */
    private record Wrong(Consumer<ExecutionAssert> what, String message) {
        @Override
        public String toString() {
            return message;
        }
    }

    static Stream<Wrong> wrong() {
        return Stream.of(
                new Wrong(ExecutionAssert::isCompleted, "to be completed, but it is paused"),
                new Wrong(ExecutionAssert::isCancelled, "to be cancelled, but it is paused"),
                new Wrong(run -> run.isFailed("x"), "to be failed, but it is paused"),
                new Wrong(run -> run.isPausedAt("book"), "to be paused at \"book\", but it is paused at review"),
                new Wrong(run -> run.isPausedAt("review").asked(null), "with the form null, but it is {\"properties\""),
                new Wrong(
                        run -> run.isPausedAt("review").showing("amount", 1),
                        "to ask \"review\" with \"amount\" 1, but it is 250"),
                new Wrong(run -> run.isPausedAt("review").showing("tax", 1), "with \"tax\" 1, but it is null"),
                new Wrong(
                        run -> run.isPausedAt("review").assignedTo("ann"),
                        "with the people [\"ann\"], but it is [\"carl\"]"),
                new Wrong(run -> run.isPausedAt("review").offeredTo("all"), "the groups [\"all\"], but it is []"),
                new Wrong(run -> run.isPausedAt("review").claimedBy("ann"), "the claim of \"ann\", but it is null"),
                new Wrong(
                        run -> run.isPausedAt("review").withDeadline(Duration.ofHours(36)),
                        "the deadline after \"1d 12h\", but it is \"30d\""),
                new Wrong(run -> run.took("review", "approved"), "but there is no review -> approved"),
                new Wrong(run -> run.visited("review", "book"), "but book does not follow review"),
                new Wrong(run -> run.visitedExactly("book"), "visited exactly [book], but it visited [review]"),
                new Wrong(run -> run.didNotVisit("review", "book"), "not to have visited [review]"),
                new Wrong(run -> run.hasState("$.amount", 1), "to have 1 at $.amount of its state, but there is 250"),
                new Wrong(
                        run -> run.hasState("$.approved", null),
                        "to have null at $.approved of its state, but there is nothing; the state is {\"amount\":250"),
                new Wrong(run -> run.hasState("lines", List.of(1, Map.of("tax", 3))), "but there is [1,{\"tax\":2.5}]"),
                new Wrong(run -> run.hasNoState("amount"), "to have nothing at amount of its state, but there is 250"),
                new Wrong(
                        run -> run.emitted("workflow:paused", "workflow:started"),
                        "but workflow:started does not follow workflow:paused"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aFailureSaysWhatIsWrongAndTellsTheStory(Wrong wrong) {
        Execution run = paused();

        assertThatThrownBy(() -> wrong.what().accept(assertThat(run)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected expense-1 ")
                .hasMessageContaining(wrong.message())
                .hasMessageContaining("What happened to expense-1, which is paused:")
                .hasMessageContaining("human:input:required   review#1")
                .hasMessageContaining(
                        "It waits for carl to answer \"review\", asked at +0s. Nobody is scripted for it: whenAsked(\"review\") says");
    }

    @Test
    void theWrongCodeOfAFailure() {
        Execution run = flows.start("failing", Map.of());
        assertThatThrownBy(() -> assertThat(run).isFailed("node_failed"))
                .hasMessageContaining("to have failed with node_failed, but it failed with unhandled_edge: ");
    }

    @Test
    @DisplayName("The failure message shows what people did and the result, in order of the events")
    void theStoryTellsWhatPeopleDid() {
        flows.whenAsked("review")
                .by("ann")
                .answer(Map.of("decision", "perhaps"))
                .after(Duration.ofDays(2))
                .once();
        flows.whenAsked("reviews").answer(Expenses.APPROVED);
        Execution run = paused();
        flows.advance(Duration.ofDays(20));

        String story = Story.of(run);
        assertThat(story)
                .containsSubsequence(
                        "+1d        human:input:reminded",
                        "+2d        > ann answered review with {\"decision\":\"perhaps\"}: validation_failed, $.decision",
                        "+10d       human:input:reminded",
                        "It waits for one of directors to answer \"review\", asked at +0s.")
                .doesNotContain("Nobody is scripted");

        flows.whenAsked("review").by("ann").answer(Expenses.APPROVED).once();
        flows.settle();
        Execution next = paused();
        assertThat(Story.of(next))
                .contains("Nobody is scripted for it, only whenAsked(\"review\").by(\"ann\"), whenAsked(\"reviews\")");
    }

    @Test
    void aFailingReceipt() {
        flows.whenAsked("review").by("ann").answer(Expenses.APPROVED);
        flows.whenAsked("review").by("bob").answer(Map.of());
        flows.whenAsked("review").by("carl").answer(Expenses.APPROVED).after(Duration.ofDays(1));
        paused();
        flows.advance(Duration.ofDays(1));

        assertThat(flows.receipts("ann").get(0)).isAccepted().closesTheQuestion();
        assertThatThrownBy(() -> assertThat(flows.receipts("ann").get(0)).isRefused("expired"))
                .hasMessageContaining("refused with expired, but it is: accepted");
        assertThatThrownBy(() -> assertThat(flows.receipts("carl").get(0)).isAccepted())
                .hasMessageContaining("it was refused: already_resolved by ann at 2026-01-01T00:00:00Z");
        assertThatThrownBy(() -> assertThat(flows.receipts("carl").get(0)).violates("$.decision"))
                .hasMessageContaining("refused with validation_failed, but it is: already_resolved");
    }

    @Test
    void aQuestionMustBeNamedFirst() {
        Execution run = paused();
        assertThatThrownBy(() -> assertThat(run).assignedTo("carl"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("isPausedAt(node)");
    }

    @Test
    void pairsOnly() {
        Execution run = paused();
        assertThatThrownBy(() -> assertThat(run).tookInOrder("review"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pairs of a node and an edge");
    }
}
