package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.returning;
import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an execution goes by the edges that its nodes take. */
class FlowTest {

    private static final Node OK = returning("ok");

    private static List<String> visits(Execution run) {
        return story(run).stream()
                .filter(line -> line.startsWith("executing "))
                .map(line -> line.substring("executing ".length()))
                .toList();
    }

    private static Consumer<FlowScriptBuilder> nodes(Object... namesAndNodes) {
        return builder -> {
            for (int i = 0; i < namesAndNodes.length; i += 2) {
                builder.node((String) namesAndNodes[i], (Node) namesAndNodes[i + 1]);
            }
        };
    }

    @Test
    @DisplayName("F18: an explicit exit ends the execution, from however deep, and says so")
    void exitEndsItAll() {
        try (TestEngine engine = TestEngine.of(
                workflow(
                        Arrays.asList(
                                "forever", List.of(Arrays.asList("a", Map.of("ok", List.of("b", "exit"))), "never")),
                        "never"),
                nodes("forever", returning("next_iteration"), "a", OK, "b", OK, "never", OK))) {
            Execution run = engine.start();
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(visits(run)).containsExactly("forever-1", "a-2", "b-3");
            assertThat(run.result().join().exitSignal()).isEqualTo("explicit_exit");
            assertThat(run.snapshot().frames()).isEmpty();
        }
    }

    @Test
    @DisplayName("F20: a step followed by a branch on its name runs once")
    void fusedBranchRunsOnce() {
        try (TestEngine engine = TestEngine.of(
                workflow(Map.of("x", Map.of("k", 1)), List.of("x", Map.of("ok", "y"))), nodes("x", OK, "y", OK))) {
            assertThat(visits(engine.start())).containsExactly("x-1", "y-2");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("F21: exit and loopTo act alike as an element and as the edge of a node")
    void loopToAsElementAndAsEdge(boolean asElement) {
        Node again = context -> {
            int round = context.state().get("round").orElse(0).asInt() + 1;
            context.state().set("round", round);
            return Edge.of(round == 3 ? "exit" : asElement ? "again" : "loopTo:begin");
        };
        try (TestEngine engine = TestEngine.of(
                workflow(
                        "begin", List.of("again", Map.of("again", List.of("loopTo:begin"), "other", "never")), "never"),
                nodes("begin", OK, "again", again, "never", OK))) {
            Execution run = engine.start();
            assertThat(visits(run)).containsExactly("begin-1", "again-2", "begin-3", "again-4", "begin-5", "again-6");
            assertThat(run.result().join().exitSignal()).isEqualTo("explicit_exit");
        }
    }

    @Test
    @DisplayName("F21: loopTo leaves the loops that it jumps out of for good")
    void loopToLeavesLoops() {
        Node counts = context -> {
            int times = context.state().get("times").orElse(0).asInt() + 1;
            context.state().set("times", times);
            return Edge.of(times < 3 ? "loopTo:begin" : "ok", context.state().get("item"));
        };
        Node loop = context -> context.memo().isMissing()
                ? Edge.nextIteration().keeping(1).binding(Map.of("item", 1))
                : Edge.exitLoop();
        try (TestEngine engine = TestEngine.of(
                workflow("begin", List.of("outer", List.of(List.of("inner", List.of("counts"))))),
                nodes("begin", OK, "outer", loop, "inner", loop, "counts", counts))) {
            Execution run = engine.start();
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(visits(run))
                    .containsExactly(
                            "begin-1",
                            "outer-2",
                            "inner-3",
                            "counts-4",
                            "begin-5",
                            "outer-6",
                            "inner-7",
                            "counts-8",
                            "begin-9",
                            "outer-10",
                            "inner-11",
                            "counts-12",
                            "inner-13",
                            "outer-14");
        }
    }

    @Test
    void loopToAStepThatCannotBeReachedFailsByName() {
        try (TestEngine engine = TestEngine.of(workflow("a"), nodes("a", returning("loopTo:nowhere")))) {
            ExecutionResult end = engine.start().result().join();
            assertThat(end.code()).isEqualTo("unknown_loop_target");
            assertThat(end.error()).contains("loopTo:nowhere").contains("\"a\"").contains("/nodes/0");
            assertThat(end.nodeId()).isEqualTo("a-1");
        }
    }

    @Test
    @DisplayName("F22: an edge without a flow falls to default, and on where there is none")
    void unmatchedEdges() {
        try (TestEngine engine = TestEngine.of(
                workflow(
                        List.of("a", Map.of("x", "never", "default", "b")),
                        List.of("c", Map.of("x", "never")),
                        Arrays.asList("d", Collections.singletonMap("ok", null)),
                        "e"),
                nodes("a", OK, "b", OK, "c", OK, "d", OK, "e", OK, "never", OK))) {
            assertThat(visits(engine.start())).containsExactly("a-1", "b-2", "c-3", "d-4", "e-5");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "timeout"})
    @DisplayName(
            "F22: error and timeout without a flow of their own fail the workflow by name, after a branch and after a step")
    void unhandledErrorEdges(String edge) {
        for (Object element : List.of("a", List.of("a", Map.of("ok", "b", "default", "b")))) {
            try (TestEngine engine = TestEngine.of(workflow(element, "b"), nodes("a", returning(edge), "b", OK))) {
                Execution run = engine.start();
                assertThat(story(run))
                        .containsExactly(
                                "workflow:started", "executing a-1", "completed a-1 " + edge, "FAILED unhandled_edge");
                assertThat(run.result().join().error())
                        .contains("\"" + edge + "\"")
                        .contains("\"a\"");
            }
        }
    }

    @Test
    @DisplayName("An edge without a flow tells its code and its error: in the result, in the event and in the log")
    void unhandledEdgeTellsItsCause() {
        Node fails =
                context -> Edge.of("error", Map.of("code", "http_status", "error", "Status 503\u0007", "status", 503));
        try (TestEngine engine = TestEngine.of(workflow("a"), nodes("a", fails))) {
            Execution run = engine.start();
            ExecutionResult result = run.result().join();
            WorkflowEvent.Cause cause = new WorkflowEvent.Cause("http_status", "Status 503");

            assertThat(result.code()).isEqualTo("unhandled_edge");
            assertThat(result.cause()).isEqualTo(cause);
            assertThat(result.error()).endsWith("there is no flow for that edge: Status 503");
            assertThat(TestEngine.events(run).get(3).event())
                    .isInstanceOfSatisfying(
                            WorkflowEvent.Failed.class,
                            failed -> assertThat(failed.cause()).isEqualTo(cause));
            assertThat(engine.logged.records())
                    .extracting(LogRecord::getParameters)
                    .anySatisfy(logged -> assertThat(logged)
                            .anySatisfy(text -> assertThat(text)
                                    .asString()
                                    .contains("Step \"a\" at /nodes/0")
                                    .endsWith("Status 503 [http_status]")));
        }
    }

    @Test
    void aTemplateReadsWhatThePreviousStepGaveAlsoAfterARestore() {
        Node asks = Node.named("a")
                .ask(context -> Question.open())
                .answered((context, answer) ->
                        Edge.of("ok", Map.of("given", answer.data().raw())));
        Node sleeps = context -> context.memo().isMissing()
                ? new Sleep(Duration.ofDays(1), "slept")
                : Edge.of("ok", context.config().get("x").raw());
        WorkflowDefinition workflow = workflow(
                "a",
                Map.of("b", Map.of("x", "{{previous.given}}"), "stateKey", "b"),
                Map.of("c", Map.of("x", "again {{previous}}"), "stateKey", "c"));
        Node tells = context -> Edge.of("ok", context.config().get("x").raw());
        Consumer<FlowScriptBuilder> all = nodes("a", asks, "b", sleeps, "c", tells);
        try (TestEngine engine = TestEngine.of(workflow, all);
                TestEngine other = TestEngine.of(workflow, all)) {
            Execution run = engine.start();
            engine.answer(run, 42);
            Execution restored = other.flows.restore(run.snapshot());
            other.executor.runAll();
            other.advance(Duration.ofDays(1));

            assertThat(restored.result().join().state()).isEqualTo(Map.of("b", 42, "c", "again 42"));
        }
    }

    @Test
    void aTemplateThatNothingFillsIsLoggedOnce() {
        try (TestEngine engine = TestEngine.of(workflow(Map.of("a", Map.of("x", "{{nobody}}"))), nodes("a", (Node)
                context -> Edge.of("ok", context.config().raw())))) {
            engine.start();
            engine.start();

            assertThat(engine.logged.records())
                    .extracting(LogRecord::getMessage)
                    .filteredOn(message -> message.contains("nothing fills {{nobody}}"))
                    .singleElement()
                    .asString()
                    .contains("Node a-1 of execution id");
        }
    }

    @Test
    void aFailedNodeGoesByTheErrorEdgeWithWhatHappened() {
        Node fails = context -> {
            throw new IllegalArgumentException("no\u0007 money");
        };
        Node told = context -> Edge.of("ok", context.previous());
        try (TestEngine engine = TestEngine.of(
                workflow(List.of("fails", Map.of("error", "told", "default", "never"))),
                nodes("fails", fails, "told", told, "never", OK))) {
            assertThat(story(engine.start()))
                    .containsExactly(
                            "workflow:started",
                            "executing fails-1",
                            "failed fails-1 node_failed",
                            "executing told-2",
                            "completed told-2 ok {error=no money, code=node_failed, nodeName=fails}",
                            "COMPLETED");
        }
    }

    @Test
    @DisplayName("F27: an edge that a node does not declare fails its attempt, by name")
    void undeclaredEdge() {
        try (TestEngine engine = TestEngine.of(
                workflow("a"), b -> b.node(Node.named("a").edges("yes", "no").run(OK)))) {
            Execution run = engine.start();
            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing a-1",
                            "failed a-1 undeclared_edge",
                            "FAILED undeclared_edge");
            assertThat(run.result().join().error()).contains("\"ok\"").contains("no, yes");
        }
    }

    @Test
    void aControllerThatLeavesByAnotherEdgeFailsTheWorkflow() {
        try (TestEngine engine = TestEngine.of(workflow(List.of("loop", List.of("a"))), nodes("loop", OK, "a", OK))) {
            assertThat(engine.start().result().join().code()).isEqualTo("invalid_loop_edge");
        }
    }

    @Test
    @DisplayName("F23: a loop that is entered again begins anew, and nested loops do not disturb each other")
    void loopsAreIndependent() {
        try (TestEngine engine = TestEngine.of(
                workflow(
                        Arrays.asList(
                                Map.of("forEach", Map.of("items", "$.rows", "as", "row")),
                                List.of(Arrays.asList(
                                        Map.of("forEach", Map.of("items", "$.columns", "as", "column")),
                                        List.of("cell")))),
                        Arrays.asList(
                                Map.of("forEach", Map.of("items", "$.columns", "as", "column")), List.of("cell"))),
                nodes("cell", (Node) context -> {
                    String cell = context.state().get("row").orElse("-").asString()
                            + context.state().get("column").asString()
                            + context.state().get("_loopIndex").asInt();
                    context.state()
                            .set(
                                    "cells",
                                    context.state().get("cells").orElse("").asString() + cell + " ");
                    return Edge.of("ok");
                }))) {
            Execution run = engine.start(Map.of("rows", List.of("a", "b"), "columns", List.of("x", "y")));
            assertThat(run.state("cells").asString()).isEqualTo("ax1 ay2 bx1 by2 -x1 -y2 ");
            assertThat(run.snapshot().state()).containsOnlyKeys("rows", "columns", "cells");
        }
    }

    @Test
    @DisplayName("F24: a loop without end is stopped by the step limit, and says where it was")
    void stepLimit() {
        try (TestEngine engine = TestEngine.of(
                workflow(List.of("forever", List.of())),
                b -> b.node("forever", returning("next_iteration"))
                        .limits(EngineLimits.defaults().maxSteps(1_000)))) {
            Execution run = engine.start();
            ExecutionResult end = run.result().join();
            assertThat(end.code()).isEqualTo("step_limit");
            assertThat(end.error()).contains("1000").contains("forever").contains("/nodes/0");
            assertThat(run.snapshot().steps()).isEqualTo(1_000);
        }
    }

    @Test
    @DisplayName(
            "F24: there may be no step limit; a long run needs no stack, on an executor that runs on the calling thread too")
    void withoutStepLimit() throws InterruptedException {
        Node countdown = context -> {
            int left = context.state().get("left").asInt();
            context.state().set("left", left - 1);
            return left == 0 ? Edge.exitLoop() : Edge.nextIteration();
        };
        try (TestEngine engine = TestEngine.of(
                workflow(List.of("countdown", List.of())),
                b -> b.node("countdown", countdown)
                        .limits(EngineLimits.defaults().maxSteps(EngineLimits.NO_LIMIT))
                        .executor(Runnable::run)
                        .engineExecutor(Runnable::run)
                        .retention(new Retention(100, 1 << 20, Duration.ofHours(1))))) {
            AtomicReference<Execution> run = new AtomicReference<>();
            Thread small = new Thread(null, () -> run.set(engine.start(Map.of("left", 200_000))), "small", 200_000);
            small.start();
            small.join();
            assertThat(run.get().result().join().isCompleted()).isTrue();
            assertThat(run.get().snapshot().visits()).isEqualTo(200_001);
        }
    }

    @Test
    @DisplayName("F17, F24: a run without end gives others a turn, and is cancelled within its loop")
    void cancelledWithinALoop() {
        try (TestEngine engine = TestEngine.of(
                workflow(List.of("forever", List.of())), b -> b.node("forever", returning("next_iteration")))) {
            Execution run = engine.flows.start("w", Map.of());
            assertThat(engine.executor.runOne()).isTrue();
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(run.cancel("enough", null)).isTrue();
            engine.executor.runAll();
            assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(story(run)).last().isEqualTo("CANCELLED");
        }
    }

    @Test
    @DisplayName("F25: null is a flow that does nothing")
    void nullFlow() {
        try (TestEngine engine = TestEngine.of(
                workflow(Arrays.asList("a", Collections.singletonMap("ok", null)), "b"), nodes("a", OK, "b", OK))) {
            assertThat(visits(engine.start())).containsExactly("a-1", "b-2");
        }
    }

    @Test
    @DisplayName("F26: a config is filled from the state when the node runs, paths and types kept")
    void configIsFilled() {
        Node shows = context -> Edge.of("ok", context.config());
        try (TestEngine engine = TestEngine.of(
                workflow(Map.of("shows", Map.of("name", "Dear {{user.name}}", "age", "{{state.user.age}}"))),
                nodes("shows", shows))) {
            Execution run = engine.start(Map.of("user", Map.of("name", "Ada", "age", 36)));
            assertThat(run.snapshot().previous()).isNull();
            assertThat(TestEngine.events(run).stream()
                            .map(event -> event.event())
                            .filter(io.flowscript.core.event.NodeEvent.Completed.class::isInstance)
                            .map(event -> ((io.flowscript.core.event.NodeEvent.Completed) event).data()))
                    .containsExactly(Map.of("name", "Dear Ada", "age", 36));
        }
    }
}
