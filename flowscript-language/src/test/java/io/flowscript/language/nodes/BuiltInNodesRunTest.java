package io.flowscript.language.nodes;

import static io.flowscript.core.workflow.Workflow.branchOnLast;
import static io.flowscript.core.workflow.Workflow.exit;
import static io.flowscript.core.workflow.Workflow.forEach;
import static io.flowscript.core.workflow.Workflow.loop;
import static io.flowscript.core.workflow.Workflow.loopTo;
import static io.flowscript.core.workflow.Workflow.on;
import static io.flowscript.core.workflow.Workflow.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The built-in nodes as parts of workflows that run. */
class BuiltInNodesRunTest {

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();

    private FlowScript engine(WorkflowDefinition workflow, UnaryOperator<FlowScriptBuilder> settings) {
        return settings.apply(FlowScript.builder()
                        .clock(clock)
                        .executor(executor)
                        .engineExecutor(executor)
                        .workflow(workflow))
                .build();
    }

    private Execution start(FlowScript flows, Map<String, ?> input) {
        Execution run = flows.start("w", input);
        executor.runAll();
        return run;
    }

    private void advance(Duration duration) {
        clock.advance(duration);
        executor.runAll();
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
        try (FlowScript flows = engine(
                workflow,
                b -> b.node("note", context -> {
                    notes.add(context.config().get("text").raw());
                    return Edge.of("done");
                }))) {
            Execution run = start(flows, Map.of());
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
    @DisplayName("F23: forEach over a value that is not an array fails the workflow and names the path")
    void aLoopOverNothing() {
        try (FlowScript flows =
                engine(Workflow.named("w").loop(forEach("$.missing")).build(), b -> b)) {
            Execution run = start(flows, Map.of());
            assertThat(run.result().join().error()).contains("forEach").contains("$.missing");
            assertThat(run.result().join().code()).isEqualTo("not_an_array");
        }
    }

    @Test
    @DisplayName(
            "F21: loopTo leaves the loops and branches around it; a loop that is entered again starts from the beginning")
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
        try (FlowScript flows = engine(workflow, b -> b.node("start", context -> Edge.of("ok")))) {
            Execution run = start(flows, Map.of());
            assertThat(run.result().join().isCompleted()).isTrue();
            assertThat(run.snapshot().state()).containsEntry("round", 3).containsEntry("seen", 4);
            assertThat(run.snapshot().frames()).isEmpty();
            assertThat(run.result().join().exitSignal()).isEqualTo("explicit_exit");
        }
    }

    @Test
    @DisplayName("A bare logError in the flow of an error writes that error to the log")
    void logsThePreviousError() {
        WorkflowDefinition workflow = Workflow.named("w")
                .branch(step("setData", Map.of("path", "x", "valuePath", "nothing")), on("error", step("logError")))
                .build();
        List<String> logged = logged(workflow, Map.of());
        assertThat(logged).singleElement().asString().endsWith(": setData: there is no value at $.nothing");
    }

    @Test
    @DisplayName("Log nodes tell no secret of the state")
    void logsNoSecrets() {
        WorkflowDefinition workflow = Workflow.named("w")
                .secrets("$.card", "$.items")
                .step("log", Map.of("message", "paid with {{card}}, {{amount}}"))
                .step("log", Map.of("message", "{{state}}"))
                .loop(forEach("$.items"), step("log", Map.of("message", Map.of("item", "{{item}}"))))
                .step("logError", Map.of("message", "{{card}}"))
                .build();
        List<String> logged = logged(
                workflow, Map.of("card", "4111 1111", "amount", 250, "items", List.of("first-pin", "second-pin")));
        assertThat(logged)
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).doesNotContain("4111", "-pin"))
                .anySatisfy(line -> assertThat(line).endsWith("paid with [secret], 250"))
                .anySatisfy(line -> assertThat(line).endsWith("{\"item\":\"[secret]\"}"));
    }

    @Test
    @DisplayName(
            "also where a template writes them in another form: a number without its last zeros, a text within JSON")
    void logsNoSecretsInOtherForms() {
        WorkflowDefinition workflow = Workflow.named("w")
                .secrets("$.salary", "$.auth.key")
                .step("log", Map.of("message", "salary {{salary}}"))
                .step("log", Map.of("message", "auth {{auth}}"))
                .build();
        List<String> logged = logged(
                workflow,
                Map.of("salary", new BigDecimal("52000.50"), "auth", Map.of("key", "first \"line\"\nsecond line")));
        assertThat(logged)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("[secret]").doesNotContain("52000", "first", "second"));
    }

    /** Runs a workflow to its end, and returns what it has logged. */
    private List<String> logged(WorkflowDefinition workflow, Map<String, ?> input) {
        List<String> logged = new ArrayList<>();
        Logger logger = Logger.getLogger(LogNodes.LOGGER);
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try (FlowScript flows = engine(workflow, b -> b)) {
            assertThat(start(flows, input).result()).isCompleted();
        } finally {
            logger.removeHandler(handler);
        }
        return logged;
    }

    @Test
    @DisplayName("F12: a delay of a year is a timer and holds no thread")
    void aDelay() {
        WorkflowDefinition workflow = Workflow.named("w")
                .step("delay", Map.of("ms", "{{pause}}"))
                .step("wait", Map.of("seconds", 0.5))
                .build();
        try (FlowScript flows = engine(workflow, b -> b)) {
            Execution run = start(flows, Map.of("pause", 365L * 86_400_000));
            advance(Duration.ofDays(364));
            assertThat(run.status()).isNotEqualTo(ExecutionStatus.COMPLETED);
            advance(Duration.ofDays(1));
            advance(Duration.ofMillis(499));
            assertThat(run.status()).isNotEqualTo(ExecutionStatus.COMPLETED);
            advance(Duration.ofMillis(1));
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
