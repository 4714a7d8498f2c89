package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.InvalidInputException;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A workflow with a form for its input starts only with an input that fits")
class InputTest {

    /** A schema whose {@code required} names must be there. */
    private static final FormValidator REQUIRED = schema -> {
        Map<?, ?> members = (Map<?, ?>) schema;
        if (members.containsKey("broken")) {
            throw new FlowScriptException("invalid_schema", "broken is no keyword");
        }
        return value -> ((List<?>) members.get("required"))
                .stream()
                        .filter(name -> !((Map<?, ?>) value).containsKey(name))
                        .map(name -> new Violation("$." + name, "required", "must be there"))
                        .toList();
    };

    private static WorkflowDefinition workflow(@Nullable Object input) {
        Map<String, @Nullable Object> document = new HashMap<>();
        document.put("id", "w");
        document.put("input", input);
        document.put("initialState", Map.of("amount", 0));
        document.put("nodes", List.of("a"));
        return WorkflowDefinition.of(document);
    }

    private static TestEngine engine(WorkflowDefinition workflow) {
        return TestEngine.of(workflow, builder -> builder.forms(REQUIRED).node("a", context -> Edge.of("ok")));
    }

    @Test
    @DisplayName(
            "an input that does not fit starts nothing, and all violations are told; the initial state does not count as input")
    void refuses() {
        try (TestEngine engine = engine(workflow(Map.of("required", List.of("amount", "employee"))))) {
            assertThatThrownBy(() -> engine.flows.start("w", Map.of("purpose", "x"), "run"))
                    .isInstanceOfSatisfying(InvalidInputException.class, refused -> {
                        assertThat(refused.code()).isEqualTo("validation_failed");
                        assertThat(refused.violations())
                                .extracting(Violation::path)
                                .containsExactly("$.amount", "$.employee");
                    })
                    .hasMessage("The input does not fit the form of the workflow: $.amount must be there (and 1 more);"
                            + " nothing was started");
            assertThat(engine.flows.executions().size()).isZero();
            assertThat(engine.flows.executions().find("run")).isEmpty();
            assertThat(engine.start(Map.of("amount", 1, "employee", "bob"))
                            .status()
                            .isEnded())
                    .isTrue();
        }
    }

    @Test
    void withoutAFormAnyInputIsTaken() {
        WorkflowDefinition workflow = workflow(null);
        assertThat(workflow.input()).isNull();
        try (TestEngine engine = engine(workflow)) {
            assertThat(engine.start(Map.of("anything", 1)).status().isEnded()).isTrue();
        }
    }

    @Test
    @DisplayName("a form that cannot be read is a problem of the workflow, beside the others, at its place")
    void brokenForm() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", "v");
        document.put("input", Map.of("broken", true));
        document.put("nodes", List.of("nowhere"));
        WorkflowDefinition broken = WorkflowDefinition.of(document);
        try (TestEngine engine = engine(workflow(null))) {
            assertThatThrownBy(() -> engine.flows.register(broken))
                    .isInstanceOfSatisfying(
                            InvalidWorkflowException.class,
                            invalid -> assertThat(invalid.problems())
                                    .extracting(Problem::pointer, Problem::code)
                                    .containsExactly(
                                            tuple("/input", "invalid_schema"), tuple("/nodes/0", "unknown_node")));
        }
        assertThat(workflow("text").problems())
                .extracting(Problem::pointer, Problem::code)
                .containsExactly(tuple("/input", "invalid_field"));
    }

    @Test
    void anEngineThatCannotCheckFormsRefusesTheWorkflow() {
        assertThatThrownBy(() -> TestEngine.of(
                        workflow(Map.of("required", List.of())),
                        builder -> builder.node("a", context -> Edge.of("ok"))))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("no_form_validator");
    }

    @Test
    @DisplayName("the form is no part of what runs: a version with another form is the same version")
    void theHash() {
        assertThat(workflow(Map.of("required", List.of("amount"))).hash())
                .isEqualTo(workflow(null).hash());
        assertThat(workflow(Map.of("required", List.of("amount")))).isNotEqualTo(workflow(null));
        assertThat(Workflow.named("w")
                        .input(Map.of("required", List.of()))
                        .step("a")
                        .build()
                        .input())
                .isEqualTo(Map.of("required", List.of()));
    }
}
