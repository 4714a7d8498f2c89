package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.returning;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.ExpressionEvaluator;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.testsupport.LogCapture;
import io.flowscript.testsupport.Thrown;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever code of the application throws, at each place where the engine calls it, nothing stands still. */
class ForeignCodeTest {

    private static final Node ASK =
            context -> context.answer() == null ? Question.open().ask("memo") : Edge.of("done");

    private static String codeOf(Node node) {
        try (OneNode engine = oneNode(node, builder -> {})) {
            Execution run = engine.start();
            assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
            return run.result().join().code();
        }
    }

    private static OneNode oneNode(Node node, Consumer<FlowScriptBuilder> settings) {
        return new OneNode(node, settings);
    }

    /** An engine with the workflow "w" of one node; it may log what it likes. */
    private static final class OneNode implements AutoCloseable {

        final ManualClock clock = new ManualClock();
        final ManualExecutor executor = new ManualExecutor();
        final LogCapture logged = new LogCapture(FlowScript.class.getPackageName());
        final FlowScript flows;

        OneNode(Node node, Consumer<FlowScriptBuilder> settings) {
            FlowScriptBuilder builder = FlowScript.builder()
                    .clock(clock)
                    .executor(executor)
                    .engineExecutor(executor)
                    .node("node", node)
                    .workflow(workflow("node"));
            settings.accept(builder);
            flows = builder.build();
        }

        Execution start() {
            Execution run = flows.start("w", Map.of());
            executor.runAll();
            return run;
        }

        void answer(Execution run) {
            flows.interactions().answer(run.interactions().get(0).token(), "yes", AnswerOptions.NONE);
            executor.runAll();
        }

        @Override
        public void close() {
            flows.close();
            logged.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void node(Thrown thrown) {
        assertThat(codeOf(context -> thrown.fling())).isEqualTo("node_failed");
    }

    @ParameterizedTest
    @EnumSource
    void theDataOfAnEdge(Thrown thrown) {
        assertThat(codeOf(context -> Edge.of("done", () -> thrown.fling()))).isEqualTo("node_failed");
    }

    @ParameterizedTest
    @EnumSource
    void theFutureOfAnAsynchronousNode(Thrown thrown) {
        assertThat(codeOf(Node.async(context -> CompletableFuture.<Outcome>supplyAsync(thrown::fling, Runnable::run))))
                .isEqualTo("node_failed");
    }

    @ParameterizedTest
    @EnumSource
    void theCheckOfANode(Thrown thrown) {
        Node checked = new Node() {
            @Override
            public Outcome run(ExecutionContext context) {
                return Edge.of("done");
            }

            @Override
            public List<String> check(Map<String, @Nullable Object> config) {
                return thrown.fling();
            }
        };
        assertThatThrownBy(() -> oneNode(checked, builder -> {}).close()).isInstanceOf(InvalidWorkflowException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aListener(Thrown thrown) {
        List<RecordedEvent> heard = new ArrayList<>();
        try (OneNode engine = oneNode(returning("done"), builder -> {})) {
            engine.flows.executions().listen(event -> {
                heard.add(event);
                thrown.fling();
            });
            Execution run = engine.start();
            assertThat(heard).hasSize((int) run.events().latest());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anObserverOfNewExecutions(Thrown thrown) {
        try (OneNode engine = oneNode(returning("done"), builder -> {})) {
            engine.flows.executions().onCreated(execution -> thrown.fling());
            assertThat(engine.start().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anObserverOfInteractions(Thrown thrown) {
        try (OneNode engine = oneNode(ASK, builder -> {})) {
            engine.flows.executions().onInteraction(execution -> thrown.fling());
            Execution run = engine.start();
            engine.answer(run);
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("every method of a FlowScriptObserver")
    void theObserver(Thrown thrown) {
        FlowScriptObserver throwing = (FlowScriptObserver) Proxy.newProxyInstance(
                FlowScriptObserver.class.getClassLoader(),
                new Class<?>[] {FlowScriptObserver.class},
                (proxy, method, args) -> method.getName().equals("equals") ? proxy == args[0] : thrown.fling());
        try (LogCapture logged = new LogCapture(FlowScriptObserver.class);
                OneNode engine = oneNode(ASK, builder -> builder.observer(throwing))) {
            Execution run = engine.start();
            engine.answer(run);
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(logged.records()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theValidatorThatCompilesAForm(Thrown thrown) {
        Node asks = context -> Question.form(Map.of("type", "object")).ask("memo");
        try (OneNode engine = oneNode(asks, builder -> builder.forms(schema -> thrown.fling()))) {
            assertThat(engine.start().result().join().code()).isEqualTo("node_failed");
        }
    }

    private static Consumer<FlowScriptBuilder> withExpressions(ExpressionEvaluator evaluator) {
        return builder -> builder.expressions(evaluator)
                .node(Node.named("computes").expressions("when").run(context -> {
                    context.evaluate("when");
                    return Edge.of("done");
                }))
                .workflow(WorkflowDefinition.of(
                        Map.of("id", "x", "nodes", List.of(Map.of("computes", Map.of("when", "a + b"))))))
                .workflow(WorkflowDefinition.of(
                        Map.of("id", "t", "nodes", List.of(Map.of("node", Map.of("text", "{{a + b}}"))))));
    }

    @ParameterizedTest
    @EnumSource
    void theCompilerOfExpressions(Thrown thrown) {
        assertThatThrownBy(() ->
                        oneNode(ASK, withExpressions(source -> thrown.fling())).close())
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("when");
    }

    @ParameterizedTest
    @EnumSource
    void anExpression(Thrown thrown) {
        Node reads = context -> {
            context.config();
            return Edge.of("done");
        };
        try (OneNode engine = oneNode(reads, withExpressions(source -> variables -> thrown.fling()))) {
            for (String workflow : List.of("x", "t")) {
                Execution run = engine.flows.start(workflow, Map.of());
                engine.executor.runAll();
                assertThat(run.result().join().code()).as(workflow).isEqualTo("node_failed");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCalendar(Thrown thrown) {
        Node asks = context -> Question.open().within(Duration.ofHours(1)).ask("memo");
        try (OneNode engine = oneNode(asks, builder -> builder.businessTime((from, time) -> thrown.fling()))) {
            assertThat(engine.start().result().join().code()).isEqualTo("node_failed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSourceOfIds(Thrown thrown) {
        AtomicBoolean broken = new AtomicBoolean();
        try (OneNode engine = oneNode(
                context -> {
                    broken.set(true);
                    return Question.open().ask("memo");
                },
                builder -> builder.ids(() -> broken.get() ? thrown.fling() : "id" + System.nanoTime()))) {
            assertThat(engine.start().result().join().code()).isEqualTo("node_failed");
        }
    }

    /** A clock that throws at one method, when it is told to. */
    private static EngineClock throwing(EngineClock clock, AtomicReference<String> method, Thrown thrown) {
        return (EngineClock) Proxy.newProxyInstance(
                EngineClock.class.getClassLoader(), new Class<?>[] {EngineClock.class}, (proxy, called, args) -> {
                    if (called.getName().equals(method.get())) {
                        thrown.fling();
                    }
                    return called.invoke(clock, args);
                });
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a clock that cannot tell the time holds nothing up")
    void theTimeOfAClock(Thrown thrown) {
        AtomicReference<String> method = new AtomicReference<>();
        try (OneNode engine = oneNode(ASK, builder -> builder.clock(throwing(new ManualClock(), method, thrown)))) {
            for (String broken : List.of("instant", "nanoTime")) {
                method.set(broken);
                Execution run = engine.start();
                engine.answer(run);
                assertThat(run.status()).as(broken).isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a clock that does not take a task once is asked again")
    void theTasksOfAClock(Thrown thrown) {
        AtomicReference<String> method = new AtomicReference<>("schedule");
        ManualClock clock = new ManualClock();
        Node sleeps = context -> context.memo().isMissing() ? new Sleep(Duration.ofSeconds(1), "slept") : Edge.of("ok");
        try (OneNode engine = oneNode(sleeps, builder -> builder.clock(throwing(clock, method, thrown)))) {
            Execution run = engine.start();
            method.set(null);
            Awaitility.await().until(() -> clock.pending() > 0);
            clock.advance(Duration.ofSeconds(2));
            engine.executor.runAll();
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExecutorOfNodes(Thrown thrown) {
        try (OneNode engine = oneNode(ASK, builder -> builder.executor(task -> thrown.fling()))) {
            assertThat(engine.start().result().join().code()).isEqualTo("executor_rejected");
            assertThat(engine.flows.stats().waitingNodes()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1})
    @DisplayName(
            "an executor that refuses a listener once is asked again, and the listener hears everything, also when the clock is set back or forward")
    void anExecutorThatRefusesAListenerOnce(long jumpHours) {
        ManualExecutor inner = new ManualExecutor();
        AtomicBoolean full = new AtomicBoolean();
        AtomicReference<ExecutionContext> emitting = new AtomicReference<>();
        List<EventType> heard = new ArrayList<>();
        Node async = Node.async(context -> {
            emitting.set(context);
            return new CompletableFuture<>();
        });
        try (OneNode engine = oneNode(
                async,
                builder -> builder.engineExecutor(task -> {
                    if (full.get()) {
                        throw new RejectedExecutionException("full");
                    }
                    inner.execute(task);
                }))) {
            engine.flows.executions().listen(event -> heard.add(event.type()), EventType.of("app:one"));
            engine.start();
            inner.runAll();
            full.set(true);
            emitting.get().runtime().emit("app:one", 1);
            full.set(false);
            emitting.get().runtime().emit("app:one", 2);
            engine.clock.jump(Duration.ofHours(jumpHours));
            engine.clock.advance(EngineThreads.RETRY);
            inner.runAll();
            assertThat(heard).hasSize(2);
        }
    }

    @Test
    @DisplayName("an interruption that a node leaves behind does not reach the next node")
    void interruption() {
        AtomicBoolean second = new AtomicBoolean();
        try (TestEngine engine = TestEngine.of(
                workflow("first", "second"),
                builder -> builder.node("first", context -> {
                            Thread.currentThread().interrupt();
                            return Edge.of("ok");
                        })
                        .node("second", context -> {
                            second.set(Thread.currentThread().isInterrupted());
                            return Edge.of("ok");
                        }))) {
            engine.start();
            assertThat(second).isFalse();
            assertThat(Thread.interrupted()).isFalse();
        }
    }
}
