package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.events;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.core.workflow.WorkflowGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The graph of a workflow is made of what runs, and events name its steps")
class GraphTest {

    private static void nodes(FlowScriptBuilder builder) {
        builder.forms(TestEngine.numbers())
                .node("a", context -> Edge.of("ok"))
                .node("b", context -> Edge.of("ok"))
                .node("c", context -> Edge.of("ok"))
                .node(
                        "choose",
                        context ->
                                Edge.of(context.state().get("way").orElse("yes").asString()))
                .node(Node.named("declared").edges("left", "right").run(context -> Edge.of("left")))
                .node(Node.named("back").edges("ok", "loopTo:a", "exit").run(context -> Edge.of("ok")))
                .node(Node.named("ask")
                        .type(NodeType.HUMAN)
                        .run(context -> context.answer() == null
                                ? Question.form(Map.of("type", "number")).ask()
                                : Edge.of("answered")));
    }

    private static List<Object> branch(String condition, Object... edgesAndFlows) {
        Map<String, @Nullable Object> flows = new LinkedHashMap<>();
        for (int i = 0; i < edgesAndFlows.length; i += 2) {
            flows.put((String) edgesAndFlows[i], edgesAndFlows[i + 1]);
        }
        return List.of(condition, flows);
    }

    private static List<Object> loop(String items, Object... body) {
        return List.of(Map.of("forEach", Map.of("items", items, "as", items + "Item")), List.of(body));
    }

    /** The graph, a line for each step and each flow. */
    private static List<String> graph(Object... elements) {
        try (TestEngine engine = TestEngine.of(workflow(elements), GraphTest::nodes)) {
            return lines(engine.flows.graph(workflow(elements)));
        }
    }

    private static List<String> lines(WorkflowGraph graph) {
        List<String> lines = new ArrayList<>();
        lines.add("start " + graph.start());
        graph.steps()
                .forEach(step -> lines.add(
                        step.id() + " " + step.name() + " " + step.kind().id() + " " + step.type() + " "
                                + step.pointer() + (step.inside().isEmpty() ? "" : " " + step.inside())));
        graph.flows()
                .forEach(flow ->
                        lines.add(flow.from() + " -> " + flow.to() + (flow.edge() == null ? "" : " " + flow.edge())));
        return lines;
    }

    @Test
    void aSequenceLeadsToTheEnd() {
        assertThat(graph("a", "ask"))
                .containsExactly(
                        "start s0",
                        "s0 a node action /nodes/0",
                        "s1 ask node human /nodes/1",
                        "s2 end end null /nodes",
                        "s0 -> s1",
                        "s1 -> s2");
    }

    @Test
    void anEmptyWorkflowBeginsAtItsEnd() {
        assertThat(graph()).containsExactly("start s0", "s0 end end null /nodes");
    }

    @Test
    @DisplayName("a branch has a flow for each edge, also for one that does nothing, and one for all others")
    void branches() {
        assertThat(graph(branch("choose", "yes", List.of("a"), "no", null, "error", "exit"), "b"))
                .containsExactly(
                        "start s0",
                        "s0 choose node action /nodes/0/0",
                        "s1 exit exit null /nodes/0/1/error",
                        "s2 a node action /nodes/0/1/yes/0",
                        "s4 b node action /nodes/1",
                        "s5 end end null /nodes",
                        "s0 -> s1 error",
                        "s0 -> s4 no",
                        "s0 -> s2 yes",
                        "s0 -> s4",
                        "s2 -> s4",
                        "s4 -> s5");
    }

    @Test
    @DisplayName("a default takes all other edges, and a node that declares its edges has no others")
    void otherEdges() {
        assertThat(graph(branch("choose", "yes", "a", "default", "b")))
                .contains("s0 -> s1 default", "s0 -> s3 yes")
                .doesNotContain("s0 -> s4");
        assertThat(graph(branch("declared", "left", "a", "right", "b"), "c"))
                .contains("s0 -> s1 left", "s0 -> s3 right")
                .doesNotContain("s0 -> s5");
        assertThat(graph(branch("declared", "left", "a"), "c")).contains("s0 -> s1 left", "s0 -> s3");
    }

    @Test
    @DisplayName("a workflow that ends only by exits has no other end, and steps that nothing leads to are there")
    void exits() {
        assertThat(graph(branch("choose", "default", "exit"), "a", "exit", "b"))
                .containsExactly(
                        "start s0",
                        "s0 choose node action /nodes/0/0",
                        "s1 exit exit null /nodes/0/1/default",
                        "s2 a node action /nodes/1",
                        "s3 exit exit null /nodes/2",
                        "s4 b node action /nodes/3",
                        "s5 end end null /nodes",
                        "s0 -> s1 default",
                        "s2 -> s3",
                        "s4 -> s5");
        assertThat(graph("a", "exit")).noneMatch(line -> line.contains(" end "));
    }

    @Test
    @DisplayName("loops in loops: each has the steps of its body, and its two edges")
    void loops() {
        assertThat(graph(loop("rows", "a", loop("cells", "b"), loop("none")), "c"))
                .containsExactly(
                        "start s0",
                        "s0 forEach loop action /nodes/0 [s1, s2, s3, s5]",
                        "s1 a node action /nodes/0/1/0",
                        "s2 forEach loop action /nodes/0/1/1 [s3]",
                        "s3 b node action /nodes/0/1/1/1/0",
                        "s5 forEach loop action /nodes/0/1/2",
                        "s8 c node action /nodes/1",
                        "s9 end end null /nodes",
                        "s0 -> s1 next_iteration",
                        "s0 -> s8 exit_loop",
                        "s1 -> s2",
                        "s2 -> s3 next_iteration",
                        "s2 -> s5 exit_loop",
                        "s3 -> s2",
                        "s5 -> s5 next_iteration",
                        "s5 -> s0 exit_loop",
                        "s8 -> s9");
    }

    @Test
    @DisplayName(
            "a jump is the flow of the step before it, out of loops too; a node's own jumps are there when it declares them")
    void jumps() {
        assertThat(graph("a", loop("rows", branch("choose", "yes", "loopTo:a")), "c"))
                .contains("s2 -> s0 yes", "s2 -> s1", "s1 -> s5 exit_loop");
        assertThat(graph("a", "back", "c"))
                .containsSubsequence("s1 -> s2", "s1 -> s3 exit", "s1 -> s0 loopTo:a", "s2 -> s3");
    }

    @Test
    @DisplayName("the ids do not depend on what the hash does not depend on")
    void idsAreThoseOfTheHash() {
        WorkflowDefinition one = workflow(branch("choose", "yes", "a", "no", "b"));
        WorkflowDefinition other = WorkflowDefinition.of(
                Map.of("id", "w", "name", "W", "nodes", List.of(branch("choose", "no", "b", "yes", "a"))));
        assertThat(other.hash()).isEqualTo(one.hash());
        try (TestEngine engine = TestEngine.of(one, GraphTest::nodes);
                TestEngine another = TestEngine.of(other, GraphTest::nodes)) {
            assertThat(another.flows.graph(other)).isEqualTo(engine.flows.graph(one));
        }
    }

    private static List<String> visited(Execution execution) {
        List<String> steps = new ArrayList<>();
        for (RecordedEvent event : events(execution)) {
            if (event.event() instanceof NodeEvent.Executing visit) {
                steps.add(Objects.requireNonNull(visit.step()));
            }
        }
        return steps;
    }

    @Test
    @DisplayName("each visit, each attempt and each question names the step; all visits share the text")
    void visitsNameTheirStep() {
        Consumer<FlowScriptBuilder> settings = builder -> {
            nodes(builder);
            builder.node("fails", context -> {
                throw new IllegalStateException("no");
            });
        };
        Map<String, Object> twice = Map.of("fails", Map.of(), "retry", Map.of("attempts", 2, "delay", 0));
        WorkflowDefinition workflow =
                workflow(loop("rows", "a", loop("cells", "b")), "ask", List.of(twice, Map.of("error", "c")));
        try (TestEngine engine = TestEngine.of(workflow, settings)) {
            Execution execution = engine.start(Map.of("rows", List.of(1, 2), "cells", List.of(1)));
            assertThat(execution.snapshot().visit().step()).isEqualTo("s6");
            assertThat(execution.interactions().get(0).step()).isEqualTo("s6");
            engine.answer(execution, 1);
            engine.advance(Duration.ofMinutes(1));
            assertThat(visited(execution))
                    .containsExactly(
                            "s0", "s1", "s2", "s3", "s2", "s0", "s1", "s2", "s3", "s2", "s0", "s6", "s7", "s7", "s8");
            assertThat(visited(execution).get(0)).isSameAs(visited(execution).get(5));
            assertThat(execution.snapshot().closed().get(0).step()).isEqualTo("s6");
        }
    }

    @Test
    @DisplayName(
            "a version is found by its hash: the registered one, a replaced one, and after a restart one that the store has")
    void versions() {
        WorkflowDefinition old = workflow("ask", "a");
        WorkflowDefinition changed = workflow("b");
        MemoryStore store = new MemoryStore();
        ManualClock clock = new ManualClock();
        try (TestEngine one = new TestEngine(clock, new ManualExecutor(), builder -> {
            nodes(builder);
            builder.store(store).workflow(old);
        })) {
            one.start();
            one.flows.register(changed);
            assertThat(one.flows.workflow("w", null)).contains(changed);
            assertThat(one.flows.workflow("w", changed.hash())).contains(changed);
            assertThat(one.flows.workflow("w", old.hash())).contains(old);
            assertThat(one.flows.workflow("v", old.hash())).isEmpty();
            assertThat(one.flows.workflow("v", null)).isEmpty();
            assertThat(one.flows.workflow("w", "0".repeat(64))).isEmpty();
        }
        try (TestEngine two = new TestEngine(clock, new ManualExecutor(), builder -> {
            nodes(builder);
            builder.store(store.reopen()).workflow(changed);
        })) {
            assertThat(two.flows.workflow("w", old.hash())).contains(old);
            assertThat(two.flows.workflow("v", old.hash())).isEmpty();
            assertThat(lines(two.flows.graph(old))).contains("s0 ask node human /nodes/0", "s0 -> s1");
        }
    }

    @Test
    void aReplacedVersionIsFoundWithoutAStore() {
        WorkflowDefinition old = workflow("ask", "a");
        try (TestEngine engine = TestEngine.of(old, GraphTest::nodes)) {
            engine.flows.register(workflow("b"));
            assertThat(engine.flows.workflow("w", old.hash())).contains(old);
        }
    }

    @Test
    void aWorkflowThatCannotRunHasNoGraph() {
        try (TestEngine engine = TestEngine.of(workflow("a"), GraphTest::nodes)) {
            assertThatThrownBy(() -> engine.flows.graph(workflow("nowhere")))
                    .isInstanceOf(InvalidWorkflowException.class);
        }
    }

    @Test
    @DisplayName("what began with an execution is told: its version and its state, which is no second copy")
    void theBeginning() {
        WorkflowDefinition workflow = WorkflowDefinition.of(
                Map.of("id", "w", "initialState", Map.of("amount", 1, "purpose", ""), "nodes", List.of("ask")));
        try (TestEngine engine = TestEngine.of(workflow, GraphTest::nodes)) {
            Execution execution = engine.start(Map.of("amount", 250));
            WorkflowEvent.Started started =
                    (WorkflowEvent.Started) events(execution).get(0).event();
            assertThat(started.hash()).isEqualTo(workflow.hash());
            assertThat(started.state()).isEqualTo(Map.of("amount", 250, "purpose", ""));
            assertThat(started.state()).isSameAs(execution.snapshot().state());
        }
    }
}
