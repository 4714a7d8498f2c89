package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.inShort;
import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** F16: an execution that waits is a value, and goes on in another engine as if nothing had been. */
class RestoreTest {

    private static final Position FROM_START = Position.START;

    private static void nodes(FlowScriptBuilder builder) {
        builder.node("ask", context -> {
                    if (context.answer() == null) {
                        context.state()
                                .set(
                                        "asked",
                                        context.state().get("asked").orElse(0).asInt() + 1);
                        return Question.form(Map.of("type", "number"))
                                .within(Duration.ofDays(3))
                                .ask(Map.of("m", 1));
                    }
                    context.state().set("memo", context.memo().get("m").asInt());
                    return context.answer().timedOut()
                            ? Edge.of("timeout")
                            : Edge.of("answered", context.answer().data());
                })
                .node(
                        "nap",
                        context -> context.memo().isMissing()
                                ? new Sleep(Duration.ofHours(1), List.of("slept"))
                                : Edge.of("ok", context.memo()))
                .node(Node.named("flaky")
                        .retry(RetryPolicy.fixed(3, Duration.ofMinutes(1)))
                        .run(context -> {
                            context.state().set("tries", context.attempt());
                            if (context.attempt() < 3) {
                                throw new FlowScriptException("not_yet", "Not yet");
                            }
                            return Edge.of("ok");
                        }))
                .node(
                        "show",
                        context -> Edge.of(
                                "ok",
                                Arrays.asList(
                                        context.previous().raw(),
                                        context.state().get("item").raw(),
                                        context.state().get("_loopIndex").raw())))
                .forms(TestEngine.numbers());
    }

    static Stream<WorkflowDefinition> programs() {
        return Stream.of(
                workflow("ask", "show"),
                workflow("nap", "flaky", "show"),
                workflow(Arrays.asList(
                        Map.of("forEach", Map.of("items", "$.items", "as", "item")),
                        List.of(
                                "nap",
                                Arrays.asList("ask", Map.of("answered", List.of("show", "flaky"), "timeout", "show")),
                                "show"))),
                workflow(
                        "show",
                        Arrays.asList(
                                Map.of("forEach", Map.of("items", "$.items", "as", "item")),
                                List.of(Arrays.asList(
                                        Map.of("forEach", Map.of("items", "$.items", "as", "inner")),
                                        List.of("ask", "nap")))),
                        "flaky",
                        "show"));
    }

    /** Lets time pass until it waits for a person, answers every second question and lets the others pass their deadline. */
    private static void step(TestEngine engine, Execution run) {
        List<Interaction> open = run.interactions();
        if (!open.isEmpty() && run.snapshot().visits() % 2 == 0) {
            engine.answer(run, run.snapshot().visits());
        } else {
            engine.advance(Duration.between(engine.clock.instant(), engine.clock.next()));
        }
    }

    private static ExecutionSnapshot withoutDrawnIds(ExecutionSnapshot s) {
        return s.toBuilder().open(List.of()).closed(List.of()).epoch("any").build();
    }

    private static String inFull(RecordedEvent event) {
        return event.seq() + " " + event.time() + " " + inShort(event.event());
    }

    @ParameterizedTest
    @MethodSource("programs")
    @DisplayName(
            "F16: written down at every one of its waits, each time continued by a fresh engine: the same events, the same end")
    void everyWait(WorkflowDefinition program) {
        List<String> uninterrupted;
        ExecutionSnapshot end;
        Map<String, Object> input = Map.of("items", List.of("a", "b", "c"));
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            Execution run = engine.start(input);
            while (!run.status().isEnded()) {
                step(engine, run);
            }
            uninterrupted = run.events().read(FROM_START, 10_000).stream()
                    .map(RestoreTest::inFull)
                    .toList();
            end = run.snapshot();
        }

        List<String> pieces = new ArrayList<>();
        ExecutionSnapshot written;
        int waits = 0;
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            Execution run = engine.start(input);
            run.events().read(FROM_START, 10_000).forEach(event -> pieces.add(inFull(event)));
            written = run.snapshot();
        }
        while (!written.status().isEnded()) {
            waits++;
            try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
                engine.clock.advance(Duration.between(engine.clock.instant(), written.lastEventAt()));
                Execution run = engine.flows.restore(written);
                engine.executor.runAll();
                assertThat(run.snapshot()).isEqualTo(written);
                step(engine, run);
                run.events().read(Position.after(written.seq()), 10_000).forEach(event -> pieces.add(inFull(event)));
                written = run.snapshot();
            }
        }
        assertThat(pieces).isEqualTo(uninterrupted);
        assertThat(withoutDrawnIds(written)).isEqualTo(withoutDrawnIds(end));
        assertThat(waits).isPositive();
    }

    @Test
    @DisplayName("F16: what is not here any more is told as a hole")
    void eventsOfBeforeAreAHole() {
        WorkflowDefinition program = workflow("ask");
        ExecutionSnapshot written;
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            written = engine.start().snapshot();
        }
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            Execution run = engine.flows.restore(written);
            engine.executor.runAll();
            engine.answer(run, 1);
            assertThat(run.events().cursor(FROM_START).read(10))
                    .isEqualTo(new Read.Missed(run.events().epoch(), 1, written.seq()));
        }
    }

    @Test
    @DisplayName(
            "F16: who has seen all that the snapshot counts goes on without noticing, though the epoch is a new one")
    void aCleanHandoverIsNoHole() {
        WorkflowDefinition program = workflow("ask");
        ExecutionSnapshot written;
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            written = engine.start().snapshot();
        }
        Position seen = Position.after(written.epoch(), written.seq());
        try (TestEngine engine = TestEngine.of(program, b -> RestoreTest.nodes(ownIds(b, "second")))) {
            Execution run = engine.flows.restore(written);
            engine.executor.runAll();
            String epoch = run.events().epoch();
            assertThat(epoch).isNotEqualTo(written.epoch());
            assertThat(run.events().has(seen)).isTrue();
            Cursor goesOn = run.events().cursor(seen);
            assertThat(goesOn.position()).isEqualTo(Position.after(epoch, written.seq()));
            assertThat(goesOn.read(10)).isInstanceOf(Read.Nothing.class);
            assertThat(run.events()
                            .cursor(Position.after(written.epoch(), written.seq() - 1))
                            .read(10))
                    .isEqualTo(new Read.Missed(epoch, written.seq(), written.seq()));

            engine.answer(run, 1);
            assertThat(goesOn.read(1))
                    .isInstanceOfSatisfying(
                            Read.Events.class,
                            read -> assertThat(read.events())
                                    .extracting(RecordedEvent::epoch, RecordedEvent::seq)
                                    .containsExactly(tuple(epoch, written.seq() + 1)));
            assertThat(run.snapshot().epoch()).isEqualTo(epoch);
        }
    }

    @Test
    @DisplayName(
            "F16: who has seen more than the snapshot counts is told that it is void; no number stands for two events")
    void anOldSnapshotBeginsANewEpoch() {
        WorkflowDefinition program = workflow("ask", "show");
        ExecutionSnapshot written;
        Position seen;
        List<RecordedEvent> before;
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            Execution run = engine.start();
            written = run.snapshot();
            engine.answer(run, 1);
            before = run.events().read(FROM_START, 100);
            seen = Position.after(run.events().epoch(), written.seq() + 2);
        }
        try (TestEngine engine = TestEngine.of(program, b -> RestoreTest.nodes(ownIds(b, "second")))) {
            Execution run = engine.flows.restore(written);
            engine.executor.runAll();
            assertThat(run.events().has(seen)).isFalse();
            engine.answer(run, 2);
            assertThat(run.events().cursor(seen).read(10))
                    .isEqualTo(new Read.Missed(written.epoch(), written.seq() + 3, null));
            assertThat(run.events().read(Position.after(written.epoch(), written.seq()), 100))
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(before)
                            .noneMatch(other -> other.epoch().equals(event.epoch()) && other.seq() == event.seq()));
        }
    }

    @Test
    @DisplayName("F16: one that waits is handed over many times; as long as nothing happens, nobody notices")
    void handedOverAgainAndAgain() {
        WorkflowDefinition program = workflow("ask");
        ExecutionSnapshot written;
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            written = engine.start().snapshot();
        }
        Position seen = Position.after(written.epoch(), written.seq());
        for (String home : List.of("second", "third", "fourth")) {
            try (TestEngine engine = TestEngine.of(program, b -> RestoreTest.nodes(ownIds(b, home)))) {
                Execution run = engine.flows.restore(written);
                engine.executor.runAll();
                assertThat(run.events().cursor(seen).read(10)).isInstanceOf(Read.Nothing.class);
                written = run.snapshot();
            }
        }
    }

    /** Ids as they are in life: no two engines draw the same. */
    private static FlowScriptBuilder ownIds(FlowScriptBuilder builder, String home) {
        AtomicInteger drawn = new AtomicInteger();
        return builder.ids(() -> home + "-" + drawn.incrementAndGet());
    }

    @Test
    void aDeadlineThatPassedMeanwhileFiresAtOnce() {
        WorkflowDefinition program = workflow(List.of("ask", Map.of("timeout", "show")));
        ExecutionSnapshot written;
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            written = engine.start().snapshot();
        }
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            engine.clock.advance(Duration.ofDays(30));
            Execution run = engine.flows.restore(written);
            engine.executor.runAll();
            engine.advance(Duration.ZERO);
            assertThat(run.result().join().isCompleted()).isTrue();
        }
    }

    @Test
    void whereANodeWasWorkingItIsCalledAgainWithTheAnswerItHad() {
        List<CompletableFuture<Outcome>> begun = new ArrayList<>();
        WorkflowDefinition program = workflow("node");
        Consumer<FlowScriptBuilder> nodes = b -> b.node("node", context -> {
            if (context.answer() == null) {
                context.state().set("before", 1);
                return Question.open().ask("memo");
            }
            assertThat(context.memo().asString()).isEqualTo("memo");
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            begun.add(outcome);
            return Outcome.later(outcome);
        });
        ExecutionSnapshot written;
        try (TestEngine engine = TestEngine.of(program, nodes)) {
            Execution run = engine.start();
            engine.answer(run, "yes");
            engine.advance(Duration.ofSeconds(3));
            written = run.snapshot();
        }
        try (TestEngine engine = TestEngine.of(program, nodes)) {
            Execution run = engine.flows.restore(written);
            engine.executor.runAll();
            begun.get(1).complete(Edge.of("ok"));
            engine.executor.runAll();
            assertThat(run.events().read(Position.after(written.seq()), 100).stream()
                            .map(event -> inShort(event.event())))
                    .containsExactly(
                            "failed node-1 interrupted will retry",
                            "executing node-1 #2",
                            "state $.before = 1",
                            "completed node-1 ok",
                            "COMPLETED");
        }
    }

    @Test
    void aWaitInTheMiddleIsWithdrawnAndTheNodeRunsAnew() {
        WorkflowDefinition program = workflow("node");
        Consumer<FlowScriptBuilder> nodes = b -> b.node(
                "node",
                Node.async(context -> context.runtime()
                        .waitForResume(context.runtime().pause(Question.open()))
                        .thenApply(value -> Edge.of("ok", value))));
        ExecutionSnapshot written;
        try (TestEngine engine = TestEngine.of(program, nodes)) {
            written = engine.start().snapshot();
        }
        try (TestEngine engine = TestEngine.of(program, nodes)) {
            Execution run = engine.flows.restore(written);
            engine.executor.runAll();
            assertThat(engine.flows.interactions().answer(written.open().get(0).token(), 1, AnswerOptions.NONE))
                    .isInstanceOf(Receipt.Cancelled.class);
            engine.answer(run, 2);
            assertThat(run.events().read(Position.after(written.seq()), 100).stream()
                            .map(event -> inShort(event.event())))
                    .containsExactly(
                            "closed node-1 cancelled",
                            "resumed node-1",
                            "failed node-1 interrupted will retry",
                            "executing node-1 #2",
                            "paused node-1",
                            "asked node-1",
                            "received node-1",
                            "resumed node-1 2",
                            "completed node-1 ok 2",
                            "COMPLETED");
        }
    }

    @Test
    void oneThatHasEndedStaysEnded() {
        WorkflowDefinition program = workflow("show");
        ExecutionSnapshot written;
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            written = engine.start().snapshot();
        }
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            Execution run = engine.flows.restore(written);
            engine.executor.runAll();
            assertThat(run.result().join()).isEqualTo(written.result());
            assertThat(run.cancel(null, null)).isFalse();
            assertThat(story(run)).isEmpty();
            assertThat(run.snapshot()).isEqualTo(written);
            engine.advance(Duration.ofHours(1));
            assertThat(engine.flows.executions().size()).isZero();
        }
    }

    @Test
    @DisplayName("F16: whoever hears one that ended before it was restored is told of the hole and then of the end")
    void oneThatHasEndedSaysSo() {
        WorkflowDefinition program = workflow("show");
        ExecutionSnapshot written;
        try (TestEngine engine = TestEngine.of(program, RestoreTest::nodes)) {
            written = engine.start().snapshot();
        }
        try (TestEngine engine = TestEngine.of(
                program, b -> RestoreTest.nodes(b.limits(EngineLimits.defaults().maxFinished(1))))) {
            List<Read> heardAsleep = new ArrayList<>();
            engine.flows.executions().onCreated(created -> {
                Cursor asleep = created.events().cursorAtEnd();
                asleep.wakeWhenReadable(() -> heardAsleep.add(asleep.read(10)));
            });
            Execution run = engine.flows.restore(written);
            engine.executor.runAll();
            assertThat(run.events().isEnded()).isTrue();
            assertThat(heardAsleep).hasSize(1).allMatch(Read.Ended.class::isInstance);

            Cursor fromStart = run.events().cursor(FROM_START);
            assertThat(fromStart.read(10)).isEqualTo(new Read.Missed(written.epoch(), 1, written.seq()));
            assertThat(fromStart.read(10)).isInstanceOf(Read.Ended.class);
            Cursor hasAll = run.events().cursor(new Position(written.epoch(), written.seq()));
            assertThat(hasAll.read(10)).isInstanceOf(Read.Ended.class);

            engine.flows.start("w", Map.of(), "another");
            engine.executor.runAll();
            assertThat(engine.flows.executions().find(run.id()))
                    .as("evicted like others")
                    .isEmpty();
        }
    }

    @Test
    void anotherDefinitionIsRefused() {
        ExecutionSnapshot written;
        try (TestEngine engine = TestEngine.of(workflow("ask"), RestoreTest::nodes)) {
            written = engine.start().snapshot();
        }
        try (TestEngine engine = TestEngine.of(workflow("ask", "show"), RestoreTest::nodes)) {
            assertThatThrownBy(() -> engine.flows.restore(written))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("definition_changed"));
        }
        try (TestEngine engine = TestEngine.of(workflow("ask"), RestoreTest::nodes)) {
            ExecutionSnapshot broken = written.toBuilder()
                    .executionId("x")
                    .position(99)
                    .open(List.of())
                    .build();
            assertThatThrownBy(() -> engine.flows.restore(broken))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_snapshot"));
        }
    }
}
