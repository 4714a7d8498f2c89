package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a node may do, and what becomes of what it returns or throws. */
class NodeCallTest {

    private static TestEngine engine(Node node) {
        return TestEngine.of(workflow("node"), b -> b.node("node", node));
    }

    private static void refused(ThrowingCallable call, String code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static String failureOf(Node node) {
        try (TestEngine engine = engine(node)) {
            ExecutionResult end = engine.start().result().join();
            assertThat(end.error()).doesNotContain("Exception").doesNotContain("Error");
            return end.code() + ": " + end.error();
        }
    }

    @Test
    void anAttemptThatIsOverRefusesEverything() {
        AtomicReference<ExecutionContext> kept = new AtomicReference<>();
        try (TestEngine engine = engine(context -> {
            kept.set(context);
            return Edge.of("ok");
        })) {
            Execution run = engine.start();
            refused(() -> kept.get().state().set("x", 1), "attempt_closed");
            refused(() -> kept.get().state().remove("x"), "attempt_closed");
            refused(() -> kept.get().runtime().emit("app:late", 1), "attempt_closed");
            refused(() -> kept.get().runtime().pause(), "attempt_closed");
            assertThat(story(run)).last().isEqualTo("COMPLETED");
        }
    }

    @Test
    @DisplayName("F7: a node sees the id that the API has")
    void ids() {
        try (TestEngine engine = engine(context -> Edge.of(
                "ok",
                List.of(
                        context.runtime().executionId(),
                        context.runtime().workflowId(),
                        context.runtime().nodeId())))) {
            Execution run = engine.start();
            assertThat(story(run)).contains("completed node-1 ok [" + run.id() + ", w, node-1]");
        }
    }

    @Test
    void theDataOfAnEdgeIsComputedOnceWhenTheEdgeIsTaken() {
        AtomicInteger computed = new AtomicInteger();
        try (TestEngine engine = engine(context -> Edge.of("ok", computed::incrementAndGet))) {
            assertThat(story(engine.start())).contains("completed node-1 ok 1");
            assertThat(computed).hasValue(1);
        }
    }

    @Test
    void dataThatCannotBeComputedFailsTheAttempt() {
        assertThat(failureOf(context -> Edge.of("ok", () -> {
                    throw new IllegalStateException("no data");
                })))
                .isEqualTo("node_failed: Step \"node\" at /nodes/0 failed: no data");
        assertThat(failureOf(context -> Edge.of("ok", Object::new))).startsWith("invalid_value: ");
    }

    @Test
    void whatANodeThrowsFailsItsAttempt() {
        assertThat(failureOf(context -> {
                    throw new FlowScriptException("card_declined", "The card was declined");
                }))
                .isEqualTo("card_declined: Step \"node\" at /nodes/0 failed: The card was declined");
        assertThat(failureOf(context -> {
                    throw new StackOverflowError();
                }))
                .startsWith("node_failed: ");
        assertThat(failureOf(context -> {
                    throw new AssertionError("wrong");
                }))
                .endsWith("failed: wrong");
        assertThat(failureOf(Node.async(context ->
                        CompletableFuture.failedFuture(new CompletionException(new IllegalStateException("later"))))))
                .endsWith("failed: later");
    }

    @Test
    @DisplayName("I9: what a failure tells clients names no class, whoever wrote the message")
    void noClassNames() {
        List<Node> failing = List.of(
                context -> Edge.of("ok", new Object()),
                context -> Edge.of("ok", Map.of("a", List.of(new java.util.concurrent.atomic.DoubleAdder()))),
                context -> Edge.of("ok", Map.of(new Object(), 1)),
                context -> {
                    throw new java.io.UncheckedIOException(new java.io.IOException("disk full"));
                },
                context -> Edge.of(((String) context.previous().raw()).trim()),
                context -> Edge.of((String) (Object) context.attempt()),
                context -> Edge.of(Thread.State.valueOf("ASLEEP").name()),
                context -> {
                    throw new IllegalStateException("busy: " + new Object());
                },
                context -> {
                    throw new NoClassDefFoundError("com/acme/Billing");
                });
        for (Node node : failing) {
            assertThat(failureOf(node))
                    .matches("[a-z_]+: Step \"node\" at /nodes/0 failed: .+")
                    .doesNotContain("java", "Object", "Exception", "String", "Integer", "State", "Adder", "acme");
        }
        assertThat(failureOf(failing.get(3))).endsWith("failed: ...: disk full");
        assertThat(failureOf(context -> {
                    throw new IllegalStateException("see https://example.com/a.Html or mail.example.com, v1.2");
                }))
                .endsWith("failed: see https://example.com/a.Html or mail.example.com, v1.2");
    }

    @Test
    void aNodeThatReturnsNothingFails() {
        assertThat(failureOf(context -> null)).startsWith("node_failed: ");
        assertThat(failureOf(Node.async(context -> null))).startsWith("node_failed: ");
        assertThat(failureOf(Node.async(context -> CompletableFuture.completedFuture(null))))
                .startsWith("node_failed: ");
    }

    @Test
    void anErrorOfTheMachineEndsTheExecutionAndGoesOn() {
        try (TestEngine engine = TestEngine.of(
                workflow("node", List.of("node", Map.of("error", List.of("loopTo:node")))),
                b -> b.node(Node.named("node")
                        .retry(io.flowscript.core.runtime.RetryPolicy.fixed(9, Duration.ZERO))
                        .run(context -> {
                            throw new OutOfMemoryError("pretended");
                        })))) {
            Execution run = engine.flows.start("w", Map.of());
            assertThatThrownBy(engine.executor::runAll).isInstanceOf(OutOfMemoryError.class);
            assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing node-1",
                            "failed node-1 out_of_memory",
                            "FAILED out_of_memory");
        }
    }

    @Test
    void aFutureThatIsCompletedTwiceCountsOnce() {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        try (TestEngine engine = engine(Node.async(context -> outcome))) {
            Execution run = engine.start();
            outcome.complete(Edge.of("first"));
            outcome.obtrudeValue(Edge.of("second"));
            engine.executor.runAll();
            assertThat(story(run))
                    .containsOnlyOnce("completed node-1 first")
                    .last()
                    .isEqualTo("COMPLETED");
        }
    }

    @Test
    void aNodeReadsItsOwnWritesAndAnAttemptThatFailsLeavesNone() {
        try (TestEngine engine = engine(context -> {
            context.state().set("a.b", 1);
            assertThat(context.state().get("a.b").asInt()).isEqualTo(1);
            throw new IllegalStateException("after all");
        })) {
            Execution run = engine.start();
            assertThat(run.snapshot().state()).isEmpty();
            assertThat(story(run)).noneMatch(line -> line.startsWith("state "));
        }
    }

    @Test
    void theStateHasALimit() {
        Node grows = context -> {
            context.state().set("text", "x".repeat(10_000));
            return Edge.of("ok");
        };
        try (TestEngine engine = TestEngine.of(
                workflow("grows"),
                b -> b.node("grows", grows).limits(EngineLimits.defaults().maxStateBytes(5_000)))) {
            assertThat(engine.start().result().join().code()).isEqualTo("state_too_large");
            refused(() -> engine.start(Map.of("text", "x".repeat(10_000))), "state_too_large");
        }
    }

    @Test
    void emittedEventsHaveALimitAndCannotBeBuiltInOnes() {
        try (TestEngine engine = TestEngine.of(
                workflow("node"),
                b -> b.node("node", context -> {
                            refused(() -> context.runtime().emit("app:big", "x".repeat(2_000)), "event_too_large");
                            refused(() -> context.runtime().emit("workflow:completed", 1), "reserved_event_type");
                            return Edge.of("ok");
                        })
                        .limits(EngineLimits.defaults().maxEventBytes(1_000)))) {
            assertThat(engine.start().result().join().isCompleted()).isTrue();
        }
    }

    @Test
    void theNamesOfALoopShadowTheStateAndCannotBeWritten() {
        Node loop = context -> context.memo().isMissing()
                ? Edge.nextIteration().keeping(1).binding(Map.of("item", "bound"))
                : Edge.exitLoop();
        Node body = context -> {
            refused(() -> context.state().set("item.name", 1), "loop_name");
            refused(() -> context.state().remove("$.item"), "loop_name");
            return Edge.of("ok", context.state().get("item"));
        };
        Node after = context -> Edge.of("ok", context.state().get("item"));
        try (TestEngine engine = TestEngine.of(
                workflow(List.of("loop", List.of("body")), "after"),
                b -> b.node("loop", loop).node("body", body).node("after", after))) {
            assertThat(story(engine.start(Map.of("item", "of the state"))))
                    .contains("completed body-2 ok bound", "completed after-4 ok of the state", "COMPLETED");
        }
    }

    @Test
    void whatAControllerMergesMustBeAnObjectWithoutTheNamesOfLoops() {
        Node outer = context -> Edge.nextIteration().binding(Map.of("item", 1));
        for (Object data : List.of("text", Map.of("item", 2))) {
            Node inner = context -> Edge.of(Edge.NEXT_ITERATION, data);
            try (TestEngine engine = TestEngine.of(
                    workflow(List.of("outer", List.of(List.of("inner", List.of("body"))))),
                    b -> b.node("outer", outer).node("inner", inner).node("body", TestEngine.returning("ok")))) {
                assertThat(engine.start().result().join().code())
                        .isEqualTo(data instanceof String ? "invalid_value" : "loop_name");
            }
        }
    }

    @Test
    void aNullIsAValueAndNotNothing() {
        Map<String, Object> input = new HashMap<>();
        input.put("x", null);
        try (TestEngine engine = engine(context -> {
            context.state().set("y", null);
            return Edge.of("ok", context.state().get("x").isMissing());
        })) {
            Execution run = engine.start(input);
            assertThat(story(run)).contains("state $.y = null", "completed node-1 ok false");
            assertThat(run.snapshot().state()).containsKeys("x", "y");
        }
    }

    @Test
    void anExecutorThatTakesNothingFailsTheExecutionAndLeavesNoneHanging() {
        AtomicReference<Boolean> full = new AtomicReference<>(true);
        io.flowscript.core.testing.ManualExecutor inner = new io.flowscript.core.testing.ManualExecutor();
        try (TestEngine engine = TestEngine.of(
                workflow("node"),
                b -> b.node(
                                "node",
                                context -> context.answer() == null
                                        ? io.flowscript.core.runtime.Question.open()
                                                .ask()
                                        : Edge.of("ok"))
                        .executor(task -> {
                            if (full.get()) {
                                throw new java.util.concurrent.RejectedExecutionException("full");
                            }
                            inner.execute(task);
                        }))) {
            assertThat(story(engine.flows.start("w", Map.of())))
                    .containsExactly("workflow:started", "FAILED executor_rejected");
            full.set(false);
            Execution asked = engine.flows.start("w", Map.of());
            inner.runAll();
            full.set(true);
            assertThat(engine.answer(asked, 1)).isInstanceOf(Receipt.Accepted.class);
            assertThat(story(asked))
                    .endsWith("resumed node-1 1", "failed node-1 executor_rejected", "FAILED executor_rejected");
        }
    }
}
