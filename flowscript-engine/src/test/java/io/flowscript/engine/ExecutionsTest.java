package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.EventType;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.text.RandomIds;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.testsupport.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The executions of an engine as a whole: found, listed, heard, forgotten, ended. */
class ExecutionsTest {

    private static void nodes(FlowScriptBuilder builder) {
        builder.node("ok", TestEngine.returning("ok"))
                .node(
                        "ask",
                        context -> context.answer() == null ? Question.open().ask() : Edge.of("ok"));
    }

    private static void chooses(FlowScriptBuilder builder) {
        builder.node("choose", context -> Edge.of(context.state().get("edge").asString()));
    }

    private static TestEngine engine(String element, Consumer<FlowScriptBuilder> settings) {
        return TestEngine.of(workflow(element), builder -> {
            nodes(builder);
            settings.accept(builder);
        });
    }

    private static void refused(ThrowingCallable call, String code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    @DisplayName("two workflows of one id are refused when the engine is built, not replaced in silence")
    void sameIdTwice() {
        FlowScriptBuilder builder = FlowScript.builder()
                .node("log", TestEngine.returning("ok"))
                .workflow(Workflow.named("twice")
                        .step("log", Map.of("message", "one"))
                        .build())
                .workflow(Workflow.named("twice")
                        .step("log", Map.of("message", "two"))
                        .build());

        assertThatThrownBy(builder::build)
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("\"twice\"")
                .hasMessageContaining("duplicate_id");
    }

    @Test
    @DisplayName("what is wrong with several workflows is said at once")
    void allWorkflowsThatCannotBeRun() {
        FlowScriptBuilder builder = FlowScript.builder()
                .workflow(WorkflowDefinition.of(Map.of("id", "one", "nodes", List.of("nowhere"))))
                .workflow(WorkflowDefinition.of(Map.of("id", "two", "nodes", List.of("exit"))))
                .workflow(WorkflowDefinition.of(Map.of("id", "three", "nodes", List.of("neither"))));
        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        InvalidWorkflowException.class,
                        e -> assertThat(e.problems()).hasSize(2))
                .hasMessageContainingAll("\"one\"", "nowhere", "\"three\"", "neither")
                .message()
                .doesNotContain("\"two\"");
    }

    @Test
    @DisplayName("a listener may ask for some types of events, of one execution or of all")
    void listeningByType() {
        try (TestEngine engine = engine("ask", b -> {})) {
            List<String> ends = new ArrayList<>();
            List<String> questions = new ArrayList<>();
            engine.flows.executions().listen(event -> ends.add(event.executionId()), EventType.WORKFLOW_CANCELLED);
            Execution one = engine.flows.start("w", Map.of(), "one");
            Execution two = engine.flows.start("w", Map.of(), "two");
            one.listen(
                    event -> questions.add(event.type().name()),
                    EventType.WORKFLOW_PAUSED,
                    EventType.HUMAN_INPUT_REQUIRED);
            engine.executor.runAll();
            two.cancel(null, null);
            engine.executor.runAll();

            assertThat(ends).containsExactly("two");
            assertThat(questions).containsExactly("workflow:paused", "human:input:required");
        }
    }

    @Test
    void anIdOfTheApplicationsOwn() {
        try (TestEngine engine = engine("ask", b -> {})) {
            Execution run = engine.flows.start("w", Map.of(), "order-4711:a.b_c");
            assertThat(engine.flows.executions().find("order-4711:a.b_c")).containsSame(run);
            refused(() -> engine.flows.start("w", Map.of(), "order-4711:a.b_c"), "execution_exists");
            for (String id : List.of("", "a b", "../x", ".", "..", "a\n", "x".repeat(129))) {
                refused(() -> engine.flows.start("w", Map.of(), id), "invalid_execution_id");
            }
            refused(() -> engine.flows.start("nowhere", Map.of()), "workflow_not_found");
            assertThatThrownBy(() -> engine.flows.start("W", Map.of()))
                    .message()
                    .as("names no workflow but the one that was asked for, since clients read it")
                    .contains("\"W\"")
                    .doesNotContain("\"w\"", "w, ", ": w");
            refused(() -> engine.flows.start("w", Map.of("x", new Object())), "invalid_value");
        }
    }

    @Test
    @DisplayName("F30: ids have 128 random bits")
    void idsCannotBeGuessed() {
        RandomIds ids = new RandomIds();
        assertThat(ids.get()).matches("[A-Za-z0-9_-]{22}").isNotEqualTo(ids.get());
    }

    @Test
    void theInputIsLaidOverTheInitialState() {
        WorkflowDefinition definition = WorkflowDefinition.of(
                Map.of("id", "w", "initialState", Map.of("a", 1, "b", Map.of("c", 2)), "nodes", List.of("ask")));
        try (TestEngine engine = TestEngine.of(definition, ExecutionsTest::nodes)) {
            Execution run = engine.start(Map.of("b", 3));
            assertThat(run.snapshot().state()).isEqualTo(Map.of("a", 1, "b", 3));
            assertThat(run.state("$.b").asInt()).isEqualTo(3);
        }
    }

    @Test
    void listedNewestFirstInPages() {
        try (TestEngine engine = engine("ask", b -> {})) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                ids.add(0, engine.start().id());
            }
            ExecutionManager executions = engine.flows.executions();
            executions.find(ids.get(1)).orElseThrow().cancel(null, null);
            assertThat(executions.list(null, null, null, 3))
                    .extracting(Execution::id)
                    .isEqualTo(ids.subList(0, 3));
            assertThat(executions.list(null, null, ids.get(2), 3))
                    .extracting(Execution::id)
                    .isEqualTo(ids.subList(3, 5));
            assertThat(executions.list("w", ExecutionStatus.CANCELLED, null, 3))
                    .extracting(Execution::id)
                    .containsExactly(ids.get(1));
            assertThat(executions.list("other", null, null, 3)).isEmpty();
            refused(() -> executions.list(null, null, null, 1_001), "invalid_limit");
            refused(() -> executions.list(null, null, "unknown", 1), "execution_not_found");
        }
    }

    @Test
    @DisplayName("F18: finished executions are forgotten by age")
    void forgottenByAge() {
        try (TestEngine engine = engine("ok", b -> b.retention(new Retention(100, 1 << 20, Duration.ofMinutes(10))))) {
            Execution first = engine.start();
            engine.advance(Duration.ofMinutes(5));
            Execution second = engine.start();
            engine.advance(Duration.ofMinutes(5));
            assertThat(engine.flows.executions().find(first.id())).isEmpty();
            assertThat(engine.flows.executions().find(second.id())).isPresent();
            assertThat(first.result().join().isCompleted()).isTrue();
            engine.advance(Duration.ofMinutes(5));
            assertThat(engine.flows.executions().size()).isZero();
            assertThat(engine.clock.pending()).isZero();
        }
    }

    @Test
    @DisplayName(
            "all executions are walked over, the newest first, also when the ones that were seen are forgotten meanwhile")
    void walkedOver() {
        try (TestEngine engine = engine("ok", b -> b.retention(new Retention(100, 1 << 20, Duration.ofMinutes(10))))) {
            List<String> started = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                started.add(0, engine.start().id());
            }
            List<String> walked = new ArrayList<>();
            engine.flows.executions().forEach(execution -> walked.add(execution.id()));
            assertThat(walked).isEqualTo(started);
            walked.clear();
            engine.flows.executions().forEach(execution -> {
                walked.add(execution.id());
                engine.advance(Duration.ofMinutes(10));
            });
            assertThat(walked).startsWith(started.get(0));
            assertThat(engine.flows.executions().size()).isZero();
        }
    }

    @Test
    @DisplayName("F18, I5: finished executions are forgotten by count, and for new ones; those that run are not")
    void forgottenByCount() {
        EngineLimits limits = EngineLimits.defaults().maxExecutions(3).maxFinished(2);
        try (TestEngine engine = TestEngine.of(workflow(List.of("choose", Map.of("ask", "ask"))), b -> {
            nodes(b);
            chooses(b.limits(limits));
        })) {
            Execution finished = engine.start(Map.of("edge", "ok"));
            for (int i = 0; i < 3; i++) {
                engine.start(Map.of("edge", "ok"));
            }
            assertThat(engine.flows.executions().find(finished.id())).isEmpty();
            assertThat(engine.flows.executions().size()).isEqualTo(2);
            for (int i = 0; i < 3; i++) {
                engine.start(Map.of("edge", "ask"));
            }
            assertThat(engine.flows.executions().size()).isEqualTo(3);
            refused(() -> engine.start(Map.of("edge", "ask")), "too_many_executions");
        }
    }

    @Test
    @DisplayName("I5: when the logs together hold too much, finished executions are forgotten first")
    void forgottenForTheLogs() {
        Node talks = context -> {
            for (int i = 0; i < 10; i++) {
                context.runtime().emit("app:talk", "x".repeat(1_000));
            }
            return Edge.of("ok");
        };
        try (TestEngine engine = engine(
                "talks",
                b -> b.node("talks", talks).limits(EngineLimits.defaults().logBytes(100_000)))) {
            for (int i = 0; i < 50; i++) {
                engine.start();
            }
            assertThat(engine.flows.executions().size()).isBetween(2, 10);
            Execution newest =
                    engine.flows.executions().list(null, null, null, 1).get(0);
            assertThat(story(newest)).hasSize(14);
        }
    }

    @Test
    @DisplayName("F3, I7: a listener that throws hurts nobody, on the first event either")
    void throwingListeners() {
        try (LogCapture pump = new LogCapture(ListenerPump.class);
                TestEngine engine = engine("ok", b -> {})) {
            List<String> heard = new ArrayList<>();
            engine.flows.executions().listen(event -> {
                throw new IllegalStateException("listener");
            });
            engine.flows.executions().listen(event -> heard.add(event.type().name()));
            Execution run = engine.start();
            assertThat(run.result().join().isCompleted()).isTrue();
            assertThat(heard)
                    .containsExactly("workflow:started", "node:executing", "node:completed", "workflow:completed");
            assertThat(pump.records()).hasSize(4);
        }
    }

    @Test
    @DisplayName("F1, F4: a listener hears every event from the first, before the start, during and after the end")
    void listenersHearAllOfIt() {
        try (TestEngine engine = engine("ask", b -> {})) {
            List<Long> all = new ArrayList<>();
            List<Long> during = new ArrayList<>();
            List<Long> after = new ArrayList<>();
            Subscription subscription = engine.flows.executions().listen(event -> all.add(event.seq()));
            Execution run = engine.start();
            run.listen(event -> during.add(event.seq()));
            engine.answer(run, 1);
            run.listen(event -> after.add(event.seq()));
            engine.executor.runAll();
            assertThat(all)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L)
                    .isEqualTo(during)
                    .isEqualTo(after);
            engine.start();
            assertThat(all).hasSize(12);
            subscription.close();
            engine.start();
            assertThat(all).hasSize(12);
        }
    }

    @Test
    void observersAreToldBeforeTheFirstEventAndMayThrow() {
        try (TestEngine engine = engine("ok", b -> {})) {
            List<Object> told = new ArrayList<>();
            Subscription first = engine.flows.executions().onCreated(run -> told.add(run.status()));
            Execution run = engine.start();
            assertThat(told).containsExactly(ExecutionStatus.PENDING);
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            first.close();
            engine.start();
            assertThat(told).hasSize(1);
        }
    }

    @Test
    void aWorkflowCanBeReplacedForThoseThatStartFromNowOn() {
        try (TestEngine engine =
                engine("ask", b -> b.limits(EngineLimits.defaults().maxWorkflows(1)))) {
            Execution before = engine.start();
            engine.flows.register(workflow("ok"));
            assertThat(engine.start().status()).isEqualTo(ExecutionStatus.COMPLETED);
            engine.answer(before, 1);
            assertThat(story(before)).contains("completed ask-1 ok", "COMPLETED");
            assertThat(engine.flows.workflows())
                    .extracting(WorkflowDefinition::id)
                    .containsExactly("w");
            refused(
                    () -> engine.flows.register(WorkflowDefinition.of(Map.of("id", "w2", "nodes", List.of("ok")))),
                    "too_many_workflows");
        }
    }

    @Test
    @DisplayName("I5: asking for the result leaves nothing behind, and nobody who asked can spoil it for the others")
    void theResultIsShared() {
        try (TestEngine engine = engine("ask", b -> {})) {
            Execution run = engine.start();
            CompletableFuture<ExecutionResult> end = run.result();
            ExecutionResult wrong = new ExecutionResult(
                    ExecutionStatus.FAILED, Map.of(), null, "wrong", "wrong", null, null, engine.clock.instant());
            for (int i = 0; i < 1_000; i++) {
                CompletableFuture<ExecutionResult> polled = run.result();
                assertThat(polled).isSameAs(end).isNotDone();
                assertThatThrownBy(() -> polled.get(0, TimeUnit.NANOSECONDS)).isInstanceOf(TimeoutException.class);
            }
            assertThat(end.getNumberOfDependents()).isZero();

            CompletableFuture<ExecutionResult> impatient = end.orTimeout(1, TimeUnit.NANOSECONDS);
            assertThatThrownBy(impatient::join).hasRootCauseInstanceOf(TimeoutException.class);
            CompletableFuture<ExecutionResult> content = end.completeOnTimeout(wrong, 1, TimeUnit.NANOSECONDS);
            assertThat(content.join()).isSameAs(wrong);
            assertThat(end.completeAsync(() -> wrong, Runnable::run).join()).isSameAs(wrong);
            assertThat(end.complete(wrong)).isFalse();
            assertThat(end.completeExceptionally(new IllegalStateException())).isFalse();
            assertThat(end.cancel(true)).isFalse();
            assertThatThrownBy(() -> end.obtrudeValue(wrong)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> end.obtrudeException(new IllegalStateException()))
                    .isInstanceOf(UnsupportedOperationException.class);
            CompletableFuture<String> own = end.thenApply(result -> "mine");
            own.cancel(true);
            assertThat(end).isNotDone();

            engine.answer(run, 1);
            assertThat(end.join().isCompleted()).isTrue();
            assertThat(run.result().join()).isEqualTo(end.join());
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("I8: close ends everything, cancels what nodes work on, and leaves what was as a snapshot")
    void closing() {
        CompletableFuture<Outcome> never = new CompletableFuture<>();
        TestEngine engine = TestEngine.of(workflow(List.of("choose", Map.of("ask", "ask", "slow", "slow"))), b -> {
            nodes(b);
            chooses(b.node("slow", Node.async(context -> never)));
        });
        Execution asking = engine.start(Map.of("edge", "ask"));
        Execution working = engine.start(Map.of("edge", "slow"));
        Execution unbegun = engine.flows.start("w", Map.of("edge", "ask"));
        CompletableFuture<ExecutionResult> awaited = asking.result();
        engine.close();
        engine.close();
        engine.executor.runAll();

        assertThat(engine.clock.pending()).isZero();
        assertThat(never).isCancelled();
        assertThat(asking.status()).isEqualTo(ExecutionStatus.PAUSED);
        assertThat(asking.snapshot().open()).hasSize(1);
        assertThat(working.snapshot().visit()).isNotNull();
        assertThat(unbegun.status()).isEqualTo(ExecutionStatus.PENDING);
        assertThatThrownBy(awaited::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("engine_closed"));
        assertThat(working.result()).isCompletedExceptionally();
        assertThat(asking.cancel(null, null)).isFalse();
        assertThat(asking.events().cursor(Position.START).read(1)).isInstanceOf(Read.Missed.class);
        refused(() -> engine.flows.start("w", Map.of()), "engine_closed");
        refused(() -> engine.answer(asking, 1), "engine_closed");
        refused(() -> engine.flows.restore(asking.snapshot()), "engine_closed");
        refused(() -> engine.flows.register(workflow("ok")), "engine_closed");
    }

    @Test
    @DisplayName("I8: closing says nothing about the nodes that it stops, whichever way they work")
    void closingIsSilent() throws Exception {
        CountDownLatch working = new CountDownLatch(3);
        CompletableFuture<Thread> blocked = new CompletableFuture<>();
        Node async = Node.async(context -> {
            working.countDown();
            return new CompletableFuture<Outcome>();
        });
        Node waits = Node.async(context -> {
            CompletableFuture<Value> answer =
                    context.runtime().waitForResume(context.runtime().pause());
            working.countDown();
            return answer.thenApply(value -> Edge.of("ok", value));
        });
        Node blocks = context -> {
            blocked.complete(Thread.currentThread());
            working.countDown();
            new CountDownLatch(1).await();
            return Edge.of("ok");
        };
        try (LogCapture logged = new LogCapture("io.flowscript")) {
            try (FlowScript flows = FlowScript.builder()
                    .node("async", async)
                    .node("waits", waits)
                    .node("blocks", blocks)
                    .node(
                            "choose",
                            context -> Edge.of(context.state().get("edge").asString()))
                    .workflow(
                            workflow(List.of("choose", Map.of("async", "async", "waits", "waits", "blocks", "blocks"))))
                    .build()) {
                for (String edge : List.of("async", "waits", "blocks")) {
                    flows.start("w", Map.of("edge", edge)).listen(event -> {});
                }
                working.await();
            }
            blocked.get().join();
            assertThat(logged.records()).isEmpty();
        }
    }

    @Test
    @DisplayName("I8: what an engine made for itself ends with it")
    void nothingLeaks() {
        for (int i = 0; i < 200; i++) {
            try (FlowScript flows = FlowScript.builder()
                    .node("ok", TestEngine.returning("ok"))
                    .workflow(workflow("ok"))
                    .build()) {
                assertThat(flows.start("w", Map.of()).result().join().isCompleted())
                        .isTrue();
            }
        }
        org.awaitility.Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("flowscript-") && thread.isAlive()));
    }
}
