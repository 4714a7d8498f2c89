package io.flowscript.core.workflow;

import static io.flowscript.core.workflow.Workflow.branch;
import static io.flowscript.core.workflow.Workflow.branchOnLast;
import static io.flowscript.core.workflow.Workflow.exit;
import static io.flowscript.core.workflow.Workflow.forEach;
import static io.flowscript.core.workflow.Workflow.loop;
import static io.flowscript.core.workflow.Workflow.loopTo;
import static io.flowscript.core.workflow.Workflow.on;
import static io.flowscript.core.workflow.Workflow.otherwise;
import static io.flowscript.core.workflow.Workflow.step;
import static io.flowscript.core.workflow.Workflow.whileTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.flowscript.core.FlowScriptException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkflowTest {

    @Test
    void makesTheDocumentThatJsonWouldBe() {
        WorkflowDefinition built = Workflow.named("expense")
                .state(Map.of("approved", false))
                .step("validate")
                .branch(
                        "checkAmount",
                        on("small", step("approveByRule")),
                        on("large", step("review"), branchOnLast(on("rejected", exit()))))
                .loop(forEach("$.items").as("item"), step("book"))
                .build();

        Map<String, @Nullable Object> large = new LinkedHashMap<>();
        large.put("small", "approveByRule");
        large.put("large", List.of("review", List.of("review", Map.of("rejected", "exit"))));
        WorkflowDefinition written = WorkflowDefinition.of(Map.of(
                "id",
                "expense",
                "initialState",
                Map.of("approved", false),
                "nodes",
                List.of(
                        "validate",
                        List.of("checkAmount", large),
                        List.of(Map.of("forEach", Map.of("items", "$.items", "as", "item")), List.of("book")))));

        assertThat(built.document()).isEqualTo(written.document());
        assertThat(built).isEqualTo(written).hasSameHashCodeAs(written);
        assertThat(built.hash()).isEqualTo(written.hash());
        assertThat(built.elements()).isEqualTo(written.elements());
    }

    @Test
    void hasAWordForEverythingThatADocumentCanSay() {
        WorkflowDefinition built = Workflow.named("all")
                .name("All of it")
                .description("Says everything")
                .version("2")
                .metadata(Map.of("team", "finance"))
                .step("review", Map.of("title", "Look"))
                .branchOnLast(
                        on("again", loopTo("review")), on("nothing"), otherwise(loop(whileTrue("a < 3"), step("b"))))
                .then(branch(step("c", Map.of("x", 1)), on("y", branch("d", on("e", step("f", Map.of()))))))
                .loopTo("review")
                .exit()
                .build();

        Map<String, @Nullable Object> edges = new LinkedHashMap<>();
        edges.put("again", "loopTo:review");
        edges.put("nothing", null);
        edges.put("default", List.of(List.of(Map.of("whileCondition", Map.of("condition", "a < 3")), List.of("b"))));
        assertThat(built.document())
                .containsEntry("name", "All of it")
                .containsEntry("description", "Says everything")
                .containsEntry("version", "2")
                .containsEntry("metadata", Map.of("team", "finance"))
                .containsEntry(
                        "nodes",
                        List.of(
                                Map.of("review", Map.of("title", "Look")),
                                List.of("review", edges),
                                List.of(
                                        Map.of("c", Map.of("x", 1)),
                                        Map.of("y", List.of(List.of("d", Map.of("e", Map.of("f", Map.of())))))),
                                "loopTo:review",
                                "exit"));
        assertThat(built.problems()).isEmpty();
        assertThat(built.name()).isEqualTo("All of it");
        assertThat(built.description()).isEqualTo("Says everything");
    }

    @Test
    void aBranchOnTheLastStepNeedsAStep() {
        List<ThrowingCallable> wrong = List.of(
                () -> Workflow.named("w").branchOnLast(on("a")).build(),
                () -> Workflow.named("w")
                        .branch("x", on("a"))
                        .branchOnLast(on("a"))
                        .build(),
                () -> loop(forEach("$.a"), branchOnLast(on("a"))),
                () -> on("a", branchOnLast(on("b"))));
        for (ThrowingCallable making : wrong) {
            assertThatThrownBy(making)
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_branch"))
                    .hasMessageContaining("right after the step");
        }
    }

    @Test
    void anEdgeHasOneFlow() {
        assertThatThrownBy(() -> branch("x", on("a", step("b")), on("a", step("c"))))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("\"a\" has two flows");
    }

    @Test
    void saysAtOnceWhatIsWrongWithTheShape() {
        assertThatThrownBy(() ->
                        Workflow.named(" ").step("").loop(exit(), step("a")).build())
                .isInstanceOfSatisfying(
                        InvalidWorkflowException.class,
                        e -> assertThat(e.problems())
                                .extracting(Problem::pointer, Problem::code)
                                .containsExactly(
                                        tuple("/id", "invalid_id"),
                                        tuple("/nodes/0", "invalid_node_name"),
                                        tuple("/nodes/1/0", "invalid_controller")));
    }
}
