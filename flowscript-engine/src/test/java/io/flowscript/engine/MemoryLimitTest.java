package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each execution is bounded, and all of them together are too. */
class MemoryLimitTest {

    private static final long LIMIT = 200_000;

    private static final Map<String, String> LARGE = Map.of("text", "x".repeat(50_000));

    private static final Node ASKS =
            context -> context.answer() == null ? Question.open().ask() : Edge.of("done");

    private static TestEngine engine(Node node) {
        return TestEngine.of(
                workflow("node"),
                b -> b.node("node", node).limits(EngineLimits.defaults().stateBytes(LIMIT)));
    }

    /** The result of an execution that has ended by now; a wait for it would hang when it has not. */
    private static ExecutionResult ended(Execution run) {
        assertThat(run.result()).isCompleted();
        return run.result().join();
    }

    private static MemoryBudget memory(TestEngine engine) {
        return ((Engine) engine.flows).memory();
    }

    private static void assertRefused(Runnable work, String what) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("memory_limit"))
                .hasMessageContaining(what)
                .hasMessageContaining("200000 bytes");
    }

    @Test
    void anExecutionThatDoesNotFitIsRefusedUntilOthersHaveEnded() {
        try (TestEngine engine = engine(ASKS)) {
            List<Execution> waiting = List.of(engine.start(LARGE), engine.start(LARGE), engine.start(LARGE));
            assertRefused(() -> engine.start(LARGE), "The execution");
            assertThat(engine.flows.executions().size()).isEqualTo(3);

            engine.answer(waiting.get(0), "go on");
            assertThat(engine.start(LARGE).status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(engine.flows.executions().find(waiting.get(0).id()))
                    .as("finished, and forgotten for the new one")
                    .isEmpty();
        }
    }

    @Test
    void allMemoryIsGivenBack() {
        try (TestEngine engine = engine(ASKS)) {
            for (int i = 0; i < 50; i++) {
                Execution run = engine.start(LARGE);
                assertThat(memory(engine).used()).isGreaterThan(50_000);
                engine.answer(run, "x".repeat(10_000));
            }
            engine.advance(Duration.ofDays(2));
            assertThat(engine.flows.executions().size()).isZero();
            assertThat(memory(engine).used()).isZero();
        }
    }

    @Test
    void anExecutionWithATakenIdTakesNoMemory() {
        try (TestEngine engine = engine(ASKS)) {
            engine.flows.start("w", Map.of(), "one");
            long used = memory(engine).used();
            assertThatThrownBy(() -> engine.flows.start("w", LARGE, "one")).hasMessageContaining("already");
            assertThat(memory(engine).used()).isEqualTo(used);
        }
    }

    @Test
    void aWriteThatDoesNotFitFailsItsNode() {
        Node writes = context -> {
            context.state().set("text", "x".repeat(190_000));
            return Edge.of("done");
        };
        try (TestEngine engine = engine(writes)) {
            Execution run = engine.start(LARGE);
            assertThat(ended(run).code()).isEqualTo("memory_limit");
            assertThat(memory(engine).used()).isLessThan(60_000);
        }
    }

    @Test
    void anInteractionThatDoesNotFitFailsItsNode() {
        Node asks = context ->
                Question.open().showing(Map.of("text", "x".repeat(199_000))).ask();
        try (TestEngine engine = engine(asks)) {
            assertThat(ended(engine.start()).code()).isEqualTo("memory_limit");
        }
    }

    @Test
    void anAnswerThatDoesNotFitLeavesItsInteractionOpen() {
        try (TestEngine engine = engine(ASKS)) {
            Execution run = engine.start(LARGE);
            PauseToken token = run.interactions().get(0).token();
            assertRefused(
                    () -> engine.flows.interactions().answer(token, "x".repeat(190_000), AnswerOptions.NONE),
                    "The answer");
            assertThat(run.interactions()).hasSize(1);
            engine.answer(run, "small");
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("A node that writes 4 MiB to one path 100 times is stopped: all its writes are kept until it returns")
    void theWritesOfOneAttemptAreBounded() {
        AtomicInteger written = new AtomicInteger();
        Node writes = context -> {
            for (int i = 0; i < 100; i++) {
                context.state().set("text", "x".repeat(4 << 20));
                written.incrementAndGet();
            }
            return Edge.of("done");
        };
        try (TestEngine engine = TestEngine.of(workflow("node"), b -> b.node("node", writes))) {
            Execution run = engine.start();
            assertThat(ended(run).code()).isEqualTo("state_too_large");
            assertThat(ended(run).error()).contains("writes of one attempt");
            assertThat(written).hasValue(3);
            assertThat(run.snapshot().state()).isEmpty();
        }
    }

    @Test
    void writesBeforeASleepCountAfterIt() {
        Node sleeps = context -> {
            context.state().set("text", "x".repeat(30_000));
            return new Sleep(Duration.ofSeconds(1), 1);
        };
        try (TestEngine engine = TestEngine.of(
                workflow("node"),
                b -> b.node("node", sleeps).limits(EngineLimits.defaults().maxStateBytes(100_000)))) {
            Execution run = engine.start();
            for (int i = 0; i < 5; i++) {
                engine.advance(Duration.ofSeconds(1));
            }
            assertThat(ended(run).code()).isEqualTo("state_too_large");
            engine.advance(Duration.ofDays(2));
            assertThat(memory(engine).used()).isZero();
        }
    }

    @Test
    void whatARestoredExecutionHoldsIsCountedAndGivenBack() {
        Node sleeps = context -> {
            if (!context.memo().isMissing()) {
                return Edge.of("done");
            }
            context.state().set("text", "x".repeat(30_000));
            return new Sleep(Duration.ofSeconds(1), 1);
        };
        ExecutionSnapshot asleep;
        try (TestEngine engine = engine(sleeps)) {
            asleep = engine.start(LARGE).snapshot();
        }
        try (TestEngine engine = engine(sleeps)) {
            Execution run = engine.flows.restore(asleep);
            assertThat(memory(engine).used()).as("state and writes").isGreaterThan(80_000);
            engine.executor.runAll();
            engine.advance(Duration.ofSeconds(1));
            assertThat(ended(run).isCompleted()).isTrue();
            engine.advance(Duration.ofDays(2));
            assertThat(memory(engine).used()).isZero();
        }
    }
}
