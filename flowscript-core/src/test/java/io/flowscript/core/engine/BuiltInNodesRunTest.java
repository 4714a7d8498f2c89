package io.flowscript.core.engine;

import static io.flowscript.core.engine.TestEngine.story;
import static io.flowscript.core.engine.TestEngine.workflow;
import static io.flowscript.core.workflow.Workflow.branchOnLast;
import static io.flowscript.core.workflow.Workflow.exit;
import static io.flowscript.core.workflow.Workflow.forEach;
import static io.flowscript.core.workflow.Workflow.loop;
import static io.flowscript.core.workflow.Workflow.loopTo;
import static io.flowscript.core.workflow.Workflow.on;
import static io.flowscript.core.workflow.Workflow.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The built-in nodes as parts of workflows that run. */
class BuiltInNodesRunTest {

    private static final Map<String, ?> NUMBER_FORM =
            Map.of("stateKey", "n", "form", Map.of("schema", Map.of("type", "number", "minimum", 1)));

    private static WorkflowDefinition numberForm() {
        return Workflow.named("w")
                .step("formInput", NUMBER_FORM)
                .branchOnLast(
                        on("submitted", step("setData", Map.of("path", "end", "value", "got {{n}}"))),
                        on("cancelled", step("setData", Map.of("path", "end", "value", "turned down"))),
                        on("timeout"))
                .build();
    }

    @Test
    @DisplayName("F10: an invalid answer leaves the form open; F20: the person is asked once")
    void aForm() {
        try (TestEngine engine = TestEngine.of(numberForm(), b -> b.forms(TestEngine.numbers()))) {
            Execution run = engine.start();
            assertThat(engine.answer(run, "seven")).isInstanceOf(Receipt.Invalid.class);
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(engine.answer(run, 7)).isInstanceOf(Receipt.Accepted.class);
            assertThat(run.snapshot().state()).isEqualTo(Map.of("n", 7, "end", "got 7"));
            assertThat(story(run)).filteredOn(line -> line.startsWith("asked")).containsExactly("asked formInput-1");
        }
    }

    @Test
    void aFormThatIsTurnedDownWhateverItsSchemaSays() {
        try (TestEngine engine = TestEngine.of(numberForm(), b -> b.forms(TestEngine.numbers()))) {
            Execution run = engine.start();
            assertThat(engine.answer(run, Map.of("_cancelled", true, "n", 7))).isInstanceOf(Receipt.Invalid.class);
            assertThat(engine.answer(run, Map.of("_cancelled", true))).isInstanceOf(Receipt.Accepted.class);
            assertThat(run.snapshot().state()).isEqualTo(Map.of("end", "turned down"));
        }
    }

    @Test
    void aTurnedDownAnswerIsNoAnswerToWhatCannotBeTurnedDown() {
        WorkflowDefinition workflow = Workflow.named("w").step("approve").build();
        try (TestEngine engine = TestEngine.of(workflow, b -> b.forms(TestEngine.numbers()))) {
            Execution run = engine.start();
            assertThat(engine.answer(run, Map.of("_cancelled", true))).isInstanceOf(Receipt.Invalid.class);
        }
    }

    @Test
    @DisplayName("F23: nested and repeated forEach loops do not disturb each other, and leave nothing in the state")
    void loopsInLoops() {
        WorkflowDefinition workflow = Workflow.named("w")
                .state(Map.of("rows", List.of(List.of("a", "b"), List.of(), List.of("c")), "item", "outside"))
                .loop(
                        forEach("$.rows").as("row"),
                        loop(forEach("row").as("cell"), step("note", Map.of("text", "{{_loopIndex}}{{cell}}"))),
                        step("note", Map.of("text", "row {{_index}} of {{_totalItems}}")))
                .loop(forEach("$.rows"), step("note", Map.of("text", "{{item}}")))
                .step("note", Map.of("text", "{{item}} {{_index}}"))
                .build();
        List<@Nullable Object> notes = new ArrayList<>();
        try (TestEngine engine = TestEngine.of(
                workflow,
                b -> b.node("note", context -> {
                    notes.add(context.config().get("text").raw());
                    return Edge.of("done");
                }))) {
            Execution run = engine.start();
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(notes)
                    .containsExactly(
                            "1a",
                            "2b",
                            "row 0 of 3",
                            "row 1 of 3",
                            "1c",
                            "row 2 of 3",
                            List.of("a", "b"),
                            List.of(),
                            List.of("c"),
                            "outside {{_index}}");
            assertThat(run.snapshot().state()).containsOnlyKeys("rows", "item");
        }
    }

    @Test
    @DisplayName("F23: forEach over something that is not an array fails the workflow by the path")
    void aLoopOverNothing() {
        try (TestEngine engine =
                TestEngine.of(Workflow.named("w").loop(forEach("$.missing")).build(), b -> {})) {
            Execution run = engine.start();
            assertThat(run.result().join().error()).contains("forEach").contains("$.missing");
            assertThat(story(run)).endsWith("failed forEach-1 not_an_array", "FAILED not_an_array");
        }
    }

    @Test
    @DisplayName(
            "F21: loopTo leaves the loops and branches around it for good, and a loop that is entered again begins anew")
    void outOfALoopAndInAgain() {
        WorkflowDefinition workflow = Workflow.named("w")
                .state(Map.of("items", List.of("a", "b", "c")))
                .step("start")
                .step("incrementCounter", Map.of("field", "round", "limit", 3))
                .branchOnLast(on("limit_reached", exit()))
                .loop(
                        forEach("$.items"),
                        step("incrementCounter", Map.of("counterPath", "seen")),
                        step("checkValue", Map.of("path", "item", "value", "b")),
                        branchOnLast(on("true", loopTo("start"))))
                .build();
        try (TestEngine engine = TestEngine.of(workflow, b -> b.node("start", TestEngine.returning("ok")))) {
            Execution run = engine.start();
            assertThat(run.result().join().isCompleted()).isTrue();
            assertThat(run.snapshot().state()).containsEntry("round", 3).containsEntry("seen", 4);
            assertThat(run.snapshot().frames()).isEmpty();
            assertThat(story(run)).endsWith("COMPLETED explicit_exit");
        }
    }

    @Test
    @DisplayName("F12: a delay of a year is a timer and no thread")
    void aDelay() {
        try (TestEngine engine = TestEngine.of(
                workflow(Map.of("delay", Map.of("ms", "{{pause}}")), Map.of("wait", Map.of("seconds", 0.5))),
                b -> {})) {
            Execution run = engine.start(Map.of("pause", 365L * 86_400_000));
            engine.advance(Duration.ofDays(364));
            assertThat(run.status()).isNotEqualTo(ExecutionStatus.COMPLETED);
            engine.advance(Duration.ofDays(1));
            engine.advance(Duration.ofMillis(499));
            assertThat(run.status()).isNotEqualTo(ExecutionStatus.COMPLETED);
            engine.advance(Duration.ofMillis(1));
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
