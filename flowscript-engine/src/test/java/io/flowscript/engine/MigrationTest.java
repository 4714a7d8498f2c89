package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A waiting execution moves to another version of its workflow, or stays as it is. */
@Timeout(60)
class MigrationTest {

    private final ManualClock clock = new ManualClock();
    private final List<String> called = new ArrayList<>();
    private MemoryStore store = new MemoryStore();

    private TestEngine engine(Object... elements) {
        return engine(builder -> {}, elements);
    }

    private TestEngine engine(Consumer<FlowScriptBuilder> settings, Object... elements) {
        store = store.reopen();
        TestEngine engine = new TestEngine(clock, new ManualExecutor(), builder -> {
            builder.store(store).forms(TestEngine.numbers());
            nodes(builder).workflow(version(elements));
            settings.accept(builder);
        });
        engine.executor.runAll();
        return engine;
    }

    private FlowScriptBuilder nodes(FlowScriptBuilder builder) {
        for (String name : List.of("ask", "review", "other")) {
            builder.node(name, context -> {
                called.add(context.runtime().nodeId() + " as " + name);
                return context.answer() == null
                        ? Question.form(Map.of("type", "number")).ask()
                        : Edge.of("done");
            });
        }
        return builder.node("step", context -> {
                    called.add(context.runtime().nodeId());
                    return Edge.of("done");
                })
                .node(
                        "nap",
                        context ->
                                context.memo().isMissing() ? new Sleep(Duration.ofHours(1), "slept") : Edge.of("done"))
                .node("twice", context -> {
                    int count = context.memo().isMissing() ? 0 : context.memo().asInt();
                    return count == 2 ? Edge.exitLoop() : Edge.nextIteration().keeping(count + 1);
                });
    }

    private static WorkflowDefinition version(Object... elements) {
        return WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of(elements)));
    }

    private static Execution found(TestEngine engine, String id) {
        return engine.flows.executions().find(id).orElseThrow();
    }

    private static void start(TestEngine engine, String id) {
        engine.flows.start("w", Map.of(), id, null);
        engine.executor.runAll();
    }

    private void answer(TestEngine engine, String id) {
        Interaction open = found(engine, id).interactions().get(0);
        assertThat(engine.flows.interactions().answer(open.token(), 1, AnswerOptions.NONE))
                .isInstanceOf(Receipt.Accepted.class);
        engine.executor.runAll();
    }

    private static String versionOf(TestEngine engine, String id) {
        return found(engine, id).snapshot().definitionHash();
    }

    @Test
    @DisplayName("a step keeps its name: the execution goes on behind it in the new version, also after restarts")
    void sameName() {
        try (TestEngine one = engine("step", "ask", "step")) {
            start(one, "run");
        }
        Interaction before;
        try (TestEngine two = engine("ask", "other", "step")) {
            before = found(two, "run").interactions().get(0);
            MigrationReport report = two.flows.migrate("w", Migration.create());
            assertThat(report).isEqualTo(new MigrationReport(1, 0, List.of()));
            assertThat(versionOf(two, "run"))
                    .isEqualTo(version("ask", "other", "step").hash());
            assertThat(before.step()).isEqualTo("s1");
            before = before.toBuilder().step("s0").build();
            assertThat(found(two, "run").interactions()).containsExactly(before);
            assertThat(two.flows.migrate("w", Migration.create()).moved()).isZero();
        }
        try (TestEngine three = engine("step")) {
            assertThat(found(three, "run").interactions()).containsExactly(before);
            answer(three, "run");
            assertThat(found(three, "run").interactions().get(0).nodeName()).isEqualTo("other");
            answer(three, "run");
            assertThat(found(three, "run").status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(TestEngine.events(found(three, "run")).stream().map(RecordedEvent::seq))
                    .isEqualTo(LongStream.rangeClosed(
                                    1, found(three, "run").events().latest())
                            .boxed()
                            .toList());
        }
        assertThat(called)
                .containsExactly(
                        "step-1", "ask-2 as ask", "ask-2 as ask", "other-3 as other", "other-3 as other", "step-4");
    }

    @Test
    @DisplayName("a step is mapped to one with another name, by name or by place")
    void mapped() {
        for (Migration migration : List.of(
                Migration.create().step("ask", "review"), Migration.create().step("/nodes/1", "/nodes/2"))) {
            called.clear();
            store = new MemoryStore();
            try (TestEngine one = engine("step", "ask")) {
                start(one, "run");
            }
            try (TestEngine two = engine("step", "other", "review")) {
                MigrationReport refused = two.flows.migrate("w", Migration.create());
                assertThat(refused.moved()).isZero();
                assertThat(refused.reasons())
                        .singleElement()
                        .satisfies(one -> assertThat(one.executionId()).isEqualTo("run"))
                        .satisfies(one -> assertThat(one.reason())
                                .contains("step \"ask\" (/nodes/1)", "no step \"ask\"", "map the step"));
                assertThat(versionOf(two, "run"))
                        .isEqualTo(version("step", "ask").hash());
                assertThat(two.flows.migrate("w", migration).moved()).isOne();
                answer(two, "run");
                assertThat(found(two, "run").status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(called).containsExactly("step-1", "ask-2 as ask", "ask-2 as review");
        }
    }

    @Test
    @DisplayName("a name that occurs more than once must be mapped by place")
    void ambiguous() {
        try (TestEngine one = engine("ask", "ask")) {
            start(one, "first");
            start(one, "second");
            answer(one, "second");
        }
        try (TestEngine two = engine("ask", "step", "ask")) {
            assertThat(two.flows.migrate("w", Migration.create()).reasons())
                    .extracting(MigrationReport.Refusal::reason)
                    .allMatch(reason -> reason.contains("2 times"));
            Migration byPlace = Migration.create().step("/nodes/0", "/nodes/0").step("/nodes/1", "/nodes/2");
            assertThat(two.flows.migrate("w", byPlace).moved()).isEqualTo(2);
            answer(two, "second");
            assertThat(called).doesNotContain("step-3");
            answer(two, "first");
            assertThat(called).contains("step-2");
            assertThatThrownBy(() -> two.flows.migrate("w", Migration.create().step("x", "ask")))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class,
                            refused -> assertThat(refused.code()).isEqualTo("invalid_migration"));
        }
    }

    @Test
    @DisplayName("an execution in a loop moves into the same loop, with its round and its variables")
    void loops() {
        List<Object> loop = List.of("twice", List.of("ask"));
        try (TestEngine one = engine(loop)) {
            start(one, "run");
            answer(one, "run");
        }
        try (TestEngine two = engine("step", List.of("twice", List.of("ask", "step")), "other")) {
            assertThat(two.flows.migrate("w", Migration.create()).moved()).isOne();
            assertThat(found(two, "run").snapshot().frames())
                    .singleElement()
                    .satisfies(frame -> assertThat(frame.iterations()).isEqualTo(2));
            answer(two, "run");
            assertThat(found(two, "run").interactions().get(0).nodeName()).isEqualTo("other");
        }
        try (TestEngine three = engine("ask")) {
            start(three, "outside");
            start(three, "outside-2");
        }
        try (TestEngine four = engine(loop)) {
            assertThat(four.flows
                            .migrate(
                                    "w",
                                    Migration.create()
                                            .fromVersion(version("ask").hash()))
                            .reasons())
                    .hasSize(2)
                    .allMatch(refused -> refused.reason().contains("not in the same loops"));
        }
    }

    @Test
    @DisplayName(
            "one that sleeps moves, and its sleep ends at its time; one whose node works, and one that has ended, stay")
    void whoMoves() {
        try (TestEngine one = engine("nap", "step")) {
            start(one, "sleeps");
            start(one, "ends");
            one.flows.executions().find("ends").orElseThrow().cancel(null, null);
        }
        try (TestEngine two = engine("step", "nap", "other")) {
            two.flows.start("w", Map.of(), "new", null);
            MigrationReport report = two.flows.migrate("w", Migration.create());
            assertThat(report.moved()).isOne();
            assertThat(report.left()).isZero();
            two.advance(Duration.ofMinutes(59));
            assertThat(found(two, "sleeps").status()).isEqualTo(ExecutionStatus.RUNNING);
            two.advance(Duration.ofMinutes(1));
            assertThat(found(two, "sleeps").interactions().get(0).nodeName()).isEqualTo("other");
        }
    }

    @Test
    @DisplayName("without a store, and from one version only")
    void withoutStore() {
        TestEngine engine = new TestEngine(
                clock,
                new ManualExecutor(),
                builder -> nodes(builder.forms(TestEngine.numbers())).workflow(version("ask", "step")));
        try (engine) {
            start(engine, "first");
            engine.flows.register(version("step", "ask"));
            start(engine, "second");
            engine.flows.register(version("ask", "other"));
            MigrationReport report = engine.flows.migrate(
                    "w", Migration.create().fromVersion(version("step", "ask").hash()));
            assertThat(report.moved()).isOne();
            assertThat(versionOf(engine, "first"))
                    .isEqualTo(version("ask", "step").hash());
            answer(engine, "second");
            assertThat(found(engine, "second").interactions().get(0).nodeName()).isEqualTo("other");
            assertThat(engine.flows.versions("w")).hasSize(2);
            assertThatThrownBy(() -> engine.flows.migrate("unknown", Migration.create()))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class,
                            refused -> assertThat(refused.code()).isEqualTo("workflow_not_found"));
        }
    }
}
