package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.returning;
import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.flowscript.core.Identity;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.Workflow;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What any step can say beside its config")
class StepSettingsTest {

    private static final Map<String, Object> THREE_ATTEMPTS =
            Map.of("attempts", 3, "delay", 1_000, "factor", 2, "jitter", 0);

    /** A step with a config that is empty, and with settings beside it: name, value, name, value. */
    private static Map<String, @Nullable Object> step(String node, Object... settings) {
        Map<String, @Nullable Object> step = new LinkedHashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            step.put((String) settings[i], settings[i + 1]);
        }
        step.put(node, Map.of());
        return step;
    }

    private static TestEngine engine(Node node, Object... elements) {
        return TestEngine.of(
                workflow(elements), builder -> builder.node("a", node).node("b", returning("ok")));
    }

    /** Returns these outcomes, one after the other; an exception is thrown. */
    private static Node returningInTurn(Object... outcomes) {
        AtomicInteger next = new AtomicInteger();
        return context -> {
            Object outcome = outcomes[next.getAndIncrement()];
            if (outcome instanceof RuntimeException thrown) {
                throw thrown;
            }
            return (Outcome) outcome;
        };
    }

    private static final Edge UNREACHABLE =
            Edge.of("error", Map.of("code", "http_status", "error", "Status 503", "status", 503));

    @Test
    void theDataOfItsEdgeIsWrittenToItsStateKey() {
        try (TestEngine engine =
                engine(context -> Edge.of("ok", Map.of("price", 3)), step("a", "stateKey", "$.quote.now"))) {
            Execution run = engine.start();

            assertThat(run.result().join().get("quote.now.price").raw()).isEqualTo(3);
            assertThat(story(run)).contains("state $.quote.now = {price=3}");
        }
    }

    @Test
    void anEdgeWithoutDataAndAFailureLeaveTheStateKeyAsItWas() {
        for (Edge edge : List.of(Edge.of("ok"), Edge.of("error", "no"), Edge.of("timeout", "late"))) {
            Map<String, Object> flows = Map.of("ok", List.of(), "error", List.of(), "timeout", List.of());
            try (TestEngine engine = engine(context -> edge, List.of(step("a", "stateKey", "x"), flows))) {
                assertThat(engine.start(Map.of("x", "before"))
                                .result()
                                .join()
                                .get("x")
                                .raw())
                        .isEqualTo("before");
            }
        }
    }

    @Test
    void aStateKeyThatCannotBeWrittenFailsTheAttempt() {
        try (TestEngine engine = engine(context -> Edge.of("ok", 1), step("a", "stateKey", "x.y"))) {
            ExecutionResult result =
                    engine.start(Map.of("x", "a text")).result().join();
            assertThat(result.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(result.error()).contains("Step \"a\"").contains("x");
        }
    }

    @Test
    @DisplayName("A retry policy in JSON repeats what fails, with its delays, visibly")
    void retriesWhatFails() {
        Node node = returningInTurn(new IllegalStateException("no"), new IllegalStateException("no"), Edge.of("ok"));
        try (TestEngine engine = engine(node, step("a", "retry", THREE_ATTEMPTS))) {
            Execution run = engine.start();
            assertThat(story(run)).last().isEqualTo("failed a-1 node_failed will retry");
            engine.advance(Duration.ofMillis(999));
            assertThat(story(run)).hasSize(3);
            engine.advance(Duration.ofMillis(1));
            engine.advance(Duration.ofMillis(1_999));
            assertThat(story(run)).hasSize(5);
            engine.advance(Duration.ofMillis(1));

            assertThat(story(run))
                    .containsExactly(
                            "workflow:started",
                            "executing a-1",
                            "failed a-1 node_failed will retry",
                            "executing a-1 #2",
                            "failed a-1 node_failed will retry",
                            "executing a-1 #3",
                            "completed a-1 ok",
                            "COMPLETED");
        }
    }

    @Test
    @DisplayName("A retry policy in JSON repeats an attempt that leaves by error, and leaves by error in the end")
    void retriesWhatLeavesByError() {
        Object[] branch = {step("a", "retry", THREE_ATTEMPTS, "stateKey", "x"), Map.of("error", "b")};
        try (TestEngine engine =
                engine(returningInTurn(UNREACHABLE, UNREACHABLE, UNREACHABLE), Arrays.asList(branch))) {
            Execution run = engine.start();
            engine.advance(Duration.ofSeconds(1));
            engine.advance(Duration.ofSeconds(2));

            assertThat(story(run))
                    .contains("failed a-1 http_status will retry", "executing a-1 #3", "executing b-2")
                    .anyMatch(line -> line.startsWith("completed a-1 error"))
                    .last()
                    .isEqualTo("COMPLETED");
            assertThat(run.result().join().get("x").isMissing()).isTrue();
        }
    }

    @Test
    void theNodesOwnPolicyDoesNotRepeatWhatLeavesByError() {
        Node node = Node.named("a").retry(RetryPolicy.fixed(3, Duration.ZERO)).run(returningInTurn(UNREACHABLE));
        try (TestEngine engine = engine(node, Arrays.asList(step("a", "stateKey", "x"), Map.of("error", "b")))) {
            assertThat(engine.start().result().join().isCompleted()).isTrue();
        }
    }

    @Test
    void aCancelledExecutionWaitsForNoRetry() {
        AtomicInteger attempts = new AtomicInteger();
        Node node = context -> {
            attempts.incrementAndGet();
            throw new IllegalStateException("no");
        };
        try (TestEngine engine = engine(node, step("a", "retry", THREE_ATTEMPTS))) {
            Execution run = engine.start();
            run.cancel("enough", Identity.of("ann"));
            engine.advance(Duration.ofDays(1));

            assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(attempts).hasValue(1);
        }
    }

    @Test
    void aRestoredExecutionWaitsForItsRetry() {
        Node node = context -> {
            if (context.attempt() == 1) {
                throw new IllegalStateException("no");
            }
            return Edge.of("ok");
        };
        try (TestEngine engine = engine(node, step("a", "retry", THREE_ATTEMPTS));
                TestEngine other = new TestEngine(
                        engine.clock,
                        engine.executor,
                        builder -> builder.node("a", node).workflow(workflow(step("a", "retry", THREE_ATTEMPTS))))) {
            Execution restored = other.flows.restore(engine.start().snapshot());
            other.advance(Duration.ofMillis(999));
            assertThat(restored.status()).isEqualTo(ExecutionStatus.RUNNING);
            other.advance(Duration.ofMillis(1));
            assertThat(restored.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void anAttemptEndsAtItsTimeout() {
        CompletableFuture<Outcome> never = new CompletableFuture<>();
        try (TestEngine engine = engine(Node.async(context -> never), step("a", "timeout", "PT5S"))) {
            Execution run = engine.start();
            engine.advance(Duration.ofMillis(4_999));
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            engine.advance(Duration.ofMillis(1));

            assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(run.result().join().code()).isEqualTo("node_timeout");
            assertThat(never).isCancelled();
        }
    }

    @Test
    void aStepKeepsItsSettingsWhenABranchOnItFollows() {
        Node node = returningInTurn(new IllegalStateException("no"), Edge.of("ok", 1));
        try (TestEngine engine =
                engine(node, step("a", "retry", THREE_ATTEMPTS, "stateKey", "x"), List.of("a", Map.of("ok", "b")))) {
            Execution run = engine.start();
            engine.advance(Duration.ofSeconds(1));
            assertThat(run.result().join().get("x").raw()).isEqualTo(1);
        }
    }

    @Test
    void theControllerOfALoopIsRepeatedToo() {
        Node node = returningInTurn(new IllegalStateException("no"), Edge.nextIteration(), Edge.exitLoop());
        try (TestEngine engine = engine(node, List.of(step("a", "retry", THREE_ATTEMPTS), List.of("b")))) {
            Execution run = engine.start();
            engine.advance(Duration.ofSeconds(1));
            assertThat(run.result().join().isCompleted()).isTrue();
        }
    }

    @Test
    void aNodeMayBeNamedLikeASetting() {
        try (TestEngine engine = TestEngine.of(
                workflow(Map.of("retry", Map.of()), Map.of("stateKey", Map.of()), Map.of("timeout", Map.of())),
                builder ->
                        List.of("retry", "stateKey", "timeout").forEach(name -> builder.node(name, returning("ok"))))) {
            assertThat(engine.start().result().join().isCompleted()).isTrue();
        }
    }

    @Test
    void theBuilderMakesTheSameDocument() {
        Map<String, Object> settings = Map.of("stateKey", "x", "retry", THREE_ATTEMPTS);

        assertThat(Workflow.named("w").step("a", Map.of(), settings).build())
                .isEqualTo(workflow(step("a", "stateKey", "x", "retry", THREE_ATTEMPTS)));
        assertThat(Workflow.named("w")
                        .then(Workflow.step("a", Map.of(), settings), Workflow.branchOnLast(Workflow.on("ok")))
                        .build())
                .isEqualTo(workflow(
                        step("a", "stateKey", "x", "retry", THREE_ATTEMPTS),
                        Arrays.asList("a", java.util.Collections.singletonMap("ok", null))));
    }

    static List<Arguments> wrongSettings() {
        return List.of(
                Arguments.of(step("a", "stateKey", 3), "/stateKey"),
                Arguments.of(step("a", "stateKey", "$"), "/stateKey"),
                Arguments.of(step("a", "stateKey", "a..b"), "/stateKey"),
                Arguments.of(step("a", "timeout", "5s"), "/timeout"),
                Arguments.of(step("a", "timeout", 0), "/timeout"),
                Arguments.of(step("a", "timeout", "{{limit}}"), "/timeout"),
                Arguments.of(step("a", "retry", 3), "/retry"),
                Arguments.of(step("a", "retry", Map.of()), "/retry/attempts"),
                Arguments.of(step("a", "retry", Map.of("attempts", 0)), "/retry/attempts"),
                Arguments.of(step("a", "retry", Map.of("attempts", 1_001)), "/retry/attempts"),
                Arguments.of(step("a", "retry", Map.of("attempts", 2, "delay", "P1M")), "/retry/delay"),
                Arguments.of(step("a", "retry", Map.of("attempts", 2, "factor", 0.5)), "/retry/factor"),
                Arguments.of(step("a", "retry", Map.of("attempts", 2, "jitter", 2)), "/retry/jitter"),
                Arguments.of(step("a", "retry", Map.of("attempts", 2, "maxDelay", -1)), "/retry/maxDelay"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongSettings")
    void aWrongSettingIsReportedWithItsPlace(Map<String, @Nullable Object> step, String place) {
        assertThat(problems(returning("ok"), step))
                .extracting(Problem::pointer, Problem::code)
                .containsExactly(tuple("/nodes/0" + place, "invalid_step_setting"));
    }

    @Test
    void whatIsMisspeltGetsASuggestion() {
        assertThat(problems(
                        returning("ok"),
                        step("a", "retry", Map.of("attempts", 2, "dealy", 3)),
                        step("a", "rety", Map.of("attempts", 2)),
                        Map.of("retry", Map.of(), "timeout", 3)))
                .extracting(Problem::pointer, Problem::code, Problem::suggestion)
                .containsExactly(
                        tuple("/nodes/0/retry/dealy", "unknown_field", "delay"),
                        tuple("/nodes/1", "invalid_step", "retry"),
                        tuple("/nodes/2", "invalid_step", null));
    }

    @Test
    void aNodeThatAsksPeopleHasNoTimeoutBesideItsConfig() {
        Node asks = Node.named("a").ask(context -> Question.open()).answered((context, answer) -> Edge.of("ok"));

        assertThat(problems(asks, step("a", "timeout", "P2D")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("{\"a\": {\"timeout\": \"P2D\"}}"));
    }

    @Test
    void theControllerOfALoopHasNoStateKey() {
        assertThat(problems(returning("exit_loop"), List.of(step("a", "stateKey", "x"), List.of("b"))))
                .extracting(Problem::pointer)
                .containsExactly("/nodes/0/0/stateKey");
    }

    private static List<Problem> problems(Node node, Object... elements) {
        InvalidWorkflowException refused = catchThrowableOfType(
                InvalidWorkflowException.class, () -> engine(node, elements).close());
        return refused.problems();
    }
}
