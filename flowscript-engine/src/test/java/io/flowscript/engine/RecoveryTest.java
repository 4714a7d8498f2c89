package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.events;
import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.StoreRetention;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I11: what an engine has stored, the next one goes on with. */
@Timeout(60)
class RecoveryTest {

    private static final AnswerOptions ADA =
            AnswerOptions.by(Identity.of("ada")).idempotencyKey("k");

    private final ManualClock clock = new ManualClock();
    private final List<String> calls = new ArrayList<>();
    private MemoryStore store = new MemoryStore();

    private TestEngine engine(WorkflowDefinition workflow) {
        return engine(workflow, builder -> {});
    }

    /** Begins a new process. */
    private TestEngine engine(WorkflowDefinition workflow, Consumer<FlowScriptBuilder> settings) {
        store = store.reopen();
        TestEngine engine = new TestEngine(clock, new ManualExecutor(), builder -> {
            builder.store(store)
                    .forms(TestEngine.numbers())
                    .node("step", context -> {
                        calls.add(context.runtime().nodeId() + " #" + context.attempt());
                        context.state()
                                .set(
                                        "steps",
                                        context.state().get("steps").orElse(0).asInt() + 1);
                        return Edge.of("done");
                    })
                    .node(
                            "ask",
                            context -> context.answer() == null
                                    ? Question.form(Map.of("type", "number"))
                                            .within(Duration.ofDays(3))
                                            .remind(Duration.ofDays(1))
                                            .ask()
                                    : Edge.of(
                                            context.answer().timedOut() ? "timeout" : "answered",
                                            context.answer().timedOut()
                                                    ? null
                                                    : context.answer().data().raw()))
                    .node(
                            "nap",
                            context -> context.memo().isMissing()
                                    ? new Sleep(Duration.ofHours(1), "slept")
                                    : Edge.of("ok"));
            if (workflow != null) {
                builder.workflow(workflow);
            }
            settings.accept(builder);
        });
        engine.executor.runAll();
        return engine;
    }

    private static Execution found(TestEngine engine, String id) {
        return engine.flows.executions().find(id).orElseThrow();
    }

    @Test
    @DisplayName("I11: a waiting execution is listed at once, is answered, and its log is one")
    void whoWaits() {
        List<RecordedEvent> before;
        Interaction asked;
        Position position;
        try (TestEngine one = engine(workflow("step", "ask", "step"))) {
            Execution run = one.flows.start("w", Map.of("a", 1), "run");
            one.executor.runAll();
            before = events(run);
            asked = run.interactions().get(0);
            Cursor cursor = run.events().cursor(Position.START);
            assertThat(cursor.read(3)).isInstanceOf(Read.Events.class);
            position = cursor.position();
        }
        try (TestEngine two = engine(workflow("step", "ask", "step"))) {
            Execution run = found(two, "run");
            assertThat(events(run)).isEqualTo(before);
            assertThat(run.interactions()).containsExactly(asked);
            assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);

            assertThat(two.flows.interactions().answer(asked.token(), 7, ADA)).isInstanceOf(Receipt.Accepted.class);
            two.executor.runAll();
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(calls).containsExactly("step-1 #1", "step-3 #1");
            assertThat(run.state("$.steps").asInt()).isEqualTo(2);
            Cursor back = run.events().cursor(position);
            assertThat(back.read(1_000)).as("it is being loaded").isInstanceOf(Read.Nothing.class);
            two.executor.runAll();
            assertThat(((Read.Events) back.read(1_000)).events().get(0).seq()).isEqualTo(4);
            assertThat(events(run)).extracting(RecordedEvent::seq).isSorted().doesNotHaveDuplicates();
            assertThat(events(run))
                    .extracting(RecordedEvent::epoch)
                    .containsOnly(before.get(0).epoch());
        }
        try (TestEngine three = engine(workflow("step", "ask", "step"))) {
            assertThat(found(three, "run").status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(story(found(three, "run"))).endsWith("COMPLETED");
            assertThat(three.flows.interactions().answer(asked.token(), 7, ADA)).isInstanceOf(Receipt.Accepted.class);
            assertThat(three.flows.interactions().answer(asked.token(), 8, AnswerOptions.by(Identity.of("bob"))))
                    .isInstanceOf(Receipt.AlreadyResolved.class);
        }
    }

    @Test
    @DisplayName("I11: a node that was interrupted is called again, and one that has finished is not")
    void whoWorks() {
        CompletableFuture<Edge> never = new CompletableFuture<>();
        try (TestEngine one = engine(
                workflow("step", "works", "step"),
                builder -> builder.node("works", io.flowscript.core.runtime.Node.async(context -> {
                    context.runtime().emit("app:began", 1);
                    calls.add(context.runtime().nodeId() + " #" + context.attempt());
                    return never;
                })))) {
            one.flows.start("w", Map.of(), "run");
            one.executor.runAll();
        }
        try (TestEngine two = engine(
                workflow("step", "works", "step"),
                builder -> builder.node("works", context -> {
                    calls.add(context.runtime().nodeId() + " #" + context.attempt());
                    return Edge.of("done");
                }))) {
            Execution run = found(two, "run");
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(calls).containsExactly("step-1 #1", "works-2 #1", "works-2 #2", "step-3 #1");
            assertThat(story(run))
                    .containsSubsequence(
                            "executing works-2",
                            "app:began 1",
                            "failed works-2 interrupted will retry",
                            "executing works-2 #2");
        }
    }

    @Test
    @DisplayName("I11: reminders and deadlines that have passed meanwhile happen, in their order")
    void whatFellDue() {
        try (TestEngine one = engine(workflow("ask", "step"))) {
            one.flows.start("w", Map.of(), "run");
            one.executor.runAll();
        }
        clock.advance(Duration.ofDays(10));
        try (TestEngine two = engine(workflow("ask", "step"))) {
            two.advance(Duration.ofSeconds(1));
            Execution run = found(two, "run");
            assertThat(story(run)).containsSubsequence("asked ask-1", "closed ask-1 deadline");
            assertThat(run.status().isEnded()).isTrue();
        }
    }

    @Test
    @DisplayName("a year of sleeps over ten restarts")
    void aYear() {
        WorkflowDefinition naps = workflow("nap", "nap", "nap", "nap", "nap", "nap", "nap", "nap", "nap", "nap");
        try (TestEngine first = engine(naps)) {
            first.flows.start("w", Map.of(), "run");
            first.executor.runAll();
        }
        for (int i = 1; i <= 10; i++) {
            clock.advance(Duration.ofDays(36));
            try (TestEngine next = engine(naps)) {
                next.advance(Duration.ofSeconds(1));
                assertThat(found(next, "run").snapshot().visits()).isEqualTo(Math.min(i + 1, 10));
            }
        }
        try (TestEngine last = engine(naps)) {
            assertThat(found(last, "run").status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("an execution goes on with the definition that it began with")
    void anOlderDefinition() {
        try (TestEngine one = engine(workflow("ask", "step", "step"))) {
            one.flows.start("w", Map.of(), "old");
            one.executor.runAll();
        }
        try (TestEngine two = engine(workflow("ask"))) {
            two.flows.start("w", Map.of(), "new");
            two.executor.runAll();
            two.answer(found(two, "old"), 1);
            two.answer(found(two, "new"), 1);
            assertThat(calls).containsExactly("step-2 #1", "step-3 #1");
            assertThat(found(two, "new").status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("an execution whose node is missing stays in the store, and others go on")
    void aNodeIsMissing() {
        try (TestEngine one =
                engine(workflow("special", "ask"), builder -> builder.node("special", context -> Edge.of("done")))) {
            one.flows.start("w", Map.of(), "special");
            one.executor.runAll();
        }
        store = store.reopen();
        FlowScript two = FlowScript.builder().clock(clock).store(store).build();
        assertThat(two.executions().find("special")).isEmpty();
        assertThat(two.executions().list(null, null, null, 10)).isEmpty();
        assertThat(two.executions().size()).isZero();
        two.close();
        assertThat(store.reopen().find("special", 0)).isPresent();
    }

    @Test
    @DisplayName("an id that is in the store is not given twice, until the retention of the store removes it")
    void idsAndRetention() {
        Consumer<FlowScriptBuilder> anHour =
                builder -> builder.storeRetention(new StoreRetention(Duration.ofHours(1), 100, 1 << 20));
        try (TestEngine one = engine(workflow("step"), anHour)) {
            one.flows.start("w", Map.of(), "run");
            one.executor.runAll();
        }
        try (TestEngine two = engine(workflow("step"), anHour)) {
            assertThatThrownBy(() -> two.flows.start("w", Map.of(), "run"))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class,
                            refused -> assertThat(refused.code()).isEqualTo("execution_exists"));
            two.advance(Duration.ofHours(2));
            assertThat(two.flows.executions().find("run")).isEmpty();
            assertThat(store.find("run", 0)).isEmpty();
        }
    }

    @Test
    @DisplayName("a snapshot from elsewhere is stored when it is restored")
    void restoredFromElsewhere() {
        AtomicInteger asked = new AtomicInteger();
        try (TestEngine elsewhere = TestEngine.of(
                workflow("ask"),
                builder -> builder.forms(TestEngine.numbers()).node("ask", context -> {
                    asked.incrementAndGet();
                    return Question.form(Map.of("type", "number")).ask();
                }))) {
            Execution there = elsewhere.start();
            try (TestEngine one = engine(workflow("ask"))) {
                one.flows.restore(there.snapshot());
                one.executor.runAll();
            }
            try (TestEngine two = engine(workflow("ask"))) {
                assertThat(found(two, there.id()).interactions()).hasSize(1);
                two.answer(found(two, there.id()), 3);
                assertThat(found(two, there.id()).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }
}
