package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VersionsTest {

    private static void nodes(FlowScriptBuilder builder) {
        builder.forms(TestEngine.numbers())
                .node("a", context -> Edge.of("ok"))
                .node("b", context -> Edge.of("ok"))
                .node("choose", context -> Edge.of("yes"))
                .node("note", context -> {
                    context.state().set("noted", context.config().get("text").asString());
                    return Edge.of("ok");
                })
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.form(Map.of("type", "number")).ask()
                                : Edge.of("answered"));
    }

    @Test
    void countsTheExecutionsOfEachVersionByStatus() {
        WorkflowDefinition old = workflow("ask");
        WorkflowDefinition changed = workflow("ask", "a");
        try (TestEngine engine = TestEngine.of(old, VersionsTest::nodes)) {
            Execution ended = engine.start();
            Execution waiting = engine.start();
            engine.answer(ended, 1);
            engine.flows.register(changed);
            engine.start();
            engine.start();

            List<WorkflowVersion> versions = engine.flows.versions("w");

            assertThat(versions)
                    .containsExactly(
                            new WorkflowVersion(changed, true, Map.of(ExecutionStatus.PAUSED, 2)),
                            new WorkflowVersion(
                                    old, false, Map.of(ExecutionStatus.PAUSED, 1, ExecutionStatus.COMPLETED, 1)));
            assertThat(versions.get(1).notEnded()).isOne();
            assertThat(versions.get(1).ended()).isOne();
            assertThat(versions.get(1).hash()).isEqualTo(waiting.snapshot().definitionHash());
        }
    }

    @Test
    void leavesOutAnOldVersionOfWhichNothingIsCounted() {
        WorkflowDefinition changed = workflow("ask", "a");
        try (TestEngine engine = TestEngine.of(workflow("ask"), VersionsTest::nodes)) {
            Execution hidden = engine.start();
            engine.flows.register(changed);
            assertThat(engine.flows.versions("w", execution -> execution != hidden))
                    .containsExactly(new WorkflowVersion(changed, true, Map.of()));
            assertThat(engine.flows.versions("w")).hasSize(2);
            assertThat(engine.flows.versions("v")).isEmpty();
        }
    }

    @Test
    void aNewDescriptionIsTheSameVersionAndIsShown() {
        WorkflowDefinition described =
                WorkflowDefinition.of(Map.of("id", "w", "description", "Asks once", "nodes", List.of("ask")));
        try (TestEngine engine = TestEngine.of(workflow("ask"), VersionsTest::nodes)) {
            engine.start();
            engine.flows.register(described);
            assertThat(engine.flows.versions("w"))
                    .containsExactly(new WorkflowVersion(described, true, Map.of(ExecutionStatus.PAUSED, 1)));
        }
    }

    @Test
    void anExecutionGoesOnAtItsPlaceWhenOnlyTheOrderOfKeysHasChanged() {
        MemoryStore store = new MemoryStore();
        ManualClock clock = new ManualClock();
        try (TestEngine one = new TestEngine(clock, new ManualExecutor(), builder -> {
            nodes(builder.store(store).workflow(workflow(branch("yes", "no"))));
        })) {
            one.flows.start("w", Map.of(), "run");
            one.executor.runAll();
        }
        try (TestEngine two = new TestEngine(clock, new ManualExecutor(), builder -> {
            nodes(builder.store(store.reopen()).workflow(workflow(branch("no", "yes"))));
        })) {
            two.executor.runAll();
            Execution run = two.flows.executions().find("run").orElseThrow();
            two.answer(run, 1);
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(run.snapshot().state()).containsEntry("noted", "yes");
            assertThat(two.flows.versions("w")).hasSize(1);
        }
    }

    private static List<Object> branch(String first, String second) {
        Map<String, Object> flows = new LinkedHashMap<>();
        flows.put(first, List.of("ask", Map.of("note", Map.of("text", first))));
        flows.put(second, List.of("ask", Map.of("note", Map.of("text", second))));
        return List.of("choose", flows);
    }
}
