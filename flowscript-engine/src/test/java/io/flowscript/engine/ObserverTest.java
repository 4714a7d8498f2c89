package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.memory.MemoryEventLog;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.testsupport.LogCapture;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("An observer is told what the engine does, exactly as often as it does it")
class ObserverTest {

    private static final Duration DEADLINE = Duration.ofHours(1);

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final FlowScriptObserver recorder = observer((method, call) -> told.add(call));

    @Test
    void aRunWithAnInteraction() {
        try (TestEngine engine = engine(recorder)) {
            Execution execution = engine.flows.start("w", Map.of());
            assertThat(told).containsExactly("executionStarted(w)");

            engine.executor.runAll();
            PauseToken token = execution.interactions().get(0).token();
            List<String> before = appended(execution);
            // The start, the outcome of "emits", and the question of "asks": three steps.
            assertThat(told("appended")).containsExactlyElementsOf(before);
            assertThat(told("stepped")).hasSize(3);
            assertThat(told("asked")).containsExactly("asked(w)");

            engine.flows.interactions().answer(token, "no number", AnswerOptions.NONE);
            assertThat(told("answered")).containsExactly("answered(validation_failed, 0)");
            assertThat(told("stepped")).as("what does not count is no step").hasSize(3);

            engine.answer(execution, 7);
            engine.flows.interactions().answer(token, 8, AnswerOptions.NONE);
            engine.flows.interactions().answer(new PauseToken("nowhere", "asks", "t"), 8, AnswerOptions.NONE);
            engine.flows.interactions().answer("nowhere", "asks", 8, AnswerOptions.NONE);
            assertThat(told("answered"))
                    .containsExactly(
                            "answered(validation_failed, 0)",
                            "answered(accepted, 0)",
                            "answered(already_resolved, 0)",
                            "answered(interaction_not_found, 0)",
                            "answered(interaction_not_found, 0)");

            assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(told("appended")).containsExactlyElementsOf(appended(execution));
            // And the answer, and the outcome of "asks".
            assertThat(told("stepped")).hasSize(5);
            assertThat(told("executionStarted")).hasSize(1);
            assertThat(told("executionEnded")).containsExactly("executionEnded(w, workflow:completed)");
            assertThat(told("asked")).hasSize(1);
        }
    }

    @Test
    @DisplayName("An event that a node emits is no step, and is told of before the node goes on")
    void emitting() {
        List<Integer> seen = new ArrayList<>();
        Node node = context -> {
            context.runtime().emit("test:one", 1);
            seen.add(told("appended").size());
            context.runtime().emit("test:two", 2);
            seen.add(told("appended").size());
            seen.add(told("stepped").size());
            return Edge.of("done");
        };
        try (TestEngine engine =
                TestEngine.of(workflow("node"), b -> b.node("node", node).observer(recorder))) {
            engine.start();
            int first = seen.get(0);
            assertThat(seen).containsExactly(first, first + 1, 1);
            assertThat(told("appended")).element(first - 1).asString().startsWith("appended(test:one, ");
        }
    }

    @Test
    @DisplayName("Each call of a node is told of once, with how it went and how long it took")
    void calls() {
        AtomicReference<ManualClock> clock = new AtomicReference<>();
        Queue<Node> outcomes = new ArrayDeque<>(List.of(
                context -> {
                    clock.get().advance(Duration.ofMillis(3));
                    throw new IllegalStateException("not yet");
                },
                context -> Edge.of("done"),
                context -> new Sleep(Duration.ofSeconds(1), "slept"),
                context -> Edge.of("done")));
        Node node = context -> outcomes.remove().run(context);
        try (TestEngine engine = TestEngine.of(
                workflow("first", "second"),
                b -> b.node(
                                "first",
                                Node.named("first")
                                        .retry(RetryPolicy.fixed(2, Duration.ofSeconds(1)))
                                        .run(node))
                        .node("second", node)
                        .observer(recorder))) {
            clock.set(engine.clock);
            engine.start();
            engine.advance(Duration.ofSeconds(1));
            engine.advance(Duration.ofSeconds(1));

            assertThat(told("nodeCalled"))
                    .containsExactly(
                            "nodeCalled(w, first, false, 3000000)",
                            "nodeCalled(w, first, true, 0)",
                            "nodeCalled(w, second, true, 0)",
                            "nodeCalled(w, second, true, 0)");
        }
    }

    @Test
    @DisplayName("Each commit is told of once, with whether the store has taken it and how long that took")
    void commits() {
        MemoryStore store = new MemoryStore();
        try (TestEngine engine = TestEngine.of(
                workflow("emits"),
                b -> b.node("emits", context -> Edge.of("done")).store(store).observer(recorder))) {
            engine.start();
            assertThat(told("committed")).isNotEmpty().allMatch(call -> call.matches("committed\\(\\d+, true, 0\\)"));
            int events = told("committed").stream()
                    .mapToInt(call -> Integer.parseInt(call.replaceAll("\\D*(\\d+).*", "$1")))
                    .sum();
            assertThat(events).isEqualTo(told("appended").size());
        }
    }

    @Test
    void anExpiryHasItsEventAndStep() {
        try (TestEngine engine = engine(recorder)) {
            Execution execution = engine.start();
            PauseToken token = execution.interactions().get(0).token();
            engine.advance(DEADLINE);

            assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(told("appended"))
                    .containsExactlyElementsOf(appended(execution))
                    .filteredOn(call -> call.contains(EventType.HUMAN_INPUT_TIMEOUT.name()))
                    .hasSize(1);
            assertThat(told("stepped")).hasSize(5);
            assertThat(told("answered")).isEmpty();

            engine.flows.interactions().answer(token, 1, AnswerOptions.NONE);
            assertThat(told("answered")).containsExactly("answered(expired, 0)");
        }
    }

    @Test
    void aCancellationEndsOnce() {
        try (TestEngine engine = engine(recorder)) {
            Execution execution = engine.start();
            execution.cancel("enough", null);
            execution.cancel("more than enough", null);
            engine.executor.runAll();

            assertThat(told("executionEnded")).containsExactly("executionEnded(w, workflow:cancelled)");
            assertThat(told("appended")).containsExactlyElementsOf(appended(execution));
            assertThat(told("stepped")).hasSize(4);
        }
    }

    @Test
    @DisplayName("An execution that is restored is started again here; one that has ended is not")
    void restored() {
        ExecutionSnapshot waiting;
        ExecutionSnapshot ended;
        try (TestEngine engine = engine(FlowScriptObserver.NONE)) {
            Execution execution = engine.start();
            waiting = execution.snapshot();
            engine.answer(execution, 7);
            ended = execution.snapshot();
        }
        try (TestEngine engine = engine(recorder)) {
            engine.flows.restore(waiting);
            engine.executor.runAll();
            assertThat(told).containsExactly("executionStarted(w)", "stepped()");
        }
        told.clear();
        try (TestEngine engine = engine(recorder)) {
            engine.flows.restore(ended);
            engine.executor.runAll();
            assertThat(told).isEmpty();
        }
    }

    @Test
    @DisplayName("What an engine closes has not ended")
    void closing() {
        try (TestEngine engine = engine(recorder)) {
            engine.start();
        }
        assertThat(told("executionEnded")).isEmpty();
    }

    @Test
    @DisplayName("I7: an observer that throws changes nothing, and each of its methods is logged once")
    void throwing() {
        List<String> without;
        try (TestEngine engine = engine(FlowScriptObserver.NONE)) {
            without = types(run(engine));
        }
        FlowScriptObserver broken = observer((method, call) -> {
            told.add(method);
            if (told.size() % 2 == 0) {
                throw new IllegalStateException(call);
            }
            throw new AssertionError(call);
        });
        try (LogCapture logged = new LogCapture(FlowScriptObserver.class);
                TestEngine engine = engine(broken)) {
            assertThat(types(run(engine))).isEqualTo(without);
            assertThat(types(run(engine))).isEqualTo(without);

            assertThat(logged.records()).hasSize((int) told.stream().distinct().count());
            assertThat(told.stream().distinct())
                    .containsExactlyInAnyOrder(
                            "executionStarted",
                            "appended",
                            "nodeCalled",
                            "stepped",
                            "asked",
                            "answered",
                            "executionEnded");
        }
    }

    @Test
    @DisplayName("No lock is held: another thread can take the execution's lock during each call")
    void noLockIsHeld() {
        List<String> locked = new ArrayList<>();
        List<String> called = new ArrayList<>();
        FlowScript[] flows = new FlowScript[1];
        FlowScriptObserver waiting = observer((method, call) -> {
            called.add(method);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> flows[0].executions()
                    .list(null, null, null, 10)
                    .forEach(each -> {
                        assertThat(each.result()).isNotNull(); // takes its lock
                        each.cancel("ended long ago", null);
                    }));
            try {
                other.get(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                locked.add(call);
            }
        });
        FlowScriptObserver reading = observer((method, call) -> {
            called.add(method);
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> flows[0].executions()
                    .list(null, null, null, 10)
                    .forEach(each -> assertThat(each.result()).isNotNull()));
            try {
                other.get(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                locked.add(call);
            }
        });
        try (TestEngine engine = engine(reading)) {
            flows[0] = engine.flows;
            run(engine);
        }
        assertThat(called).contains("executionStarted", "appended", "stepped", "asked", "answered", "executionEnded");
        try (TestEngine engine = engine(waiting)) {
            flows[0] = engine.flows;
            Execution execution = engine.start();
            assertThat(execution.status()).as("the observer cancels it").isEqualTo(ExecutionStatus.CANCELLED);
        }
        assertThat(locked).isEmpty();
    }

    private static TestEngine engine(FlowScriptObserver observer) {
        return TestEngine.of(
                workflow("emits", "asks"),
                b -> b.node("emits", context -> {
                            context.runtime().emit("test:small", 1);
                            context.runtime().emit("test:large", "x".repeat(1_000));
                            return Edge.of("done");
                        })
                        .node(
                                "asks",
                                Node.named("asks")
                                        .ask(context -> Question.form(Map.of("type", "number"))
                                                .within(DEADLINE))
                                        .answered((context, answer) -> Edge.of("done")))
                        .forms(TestEngine.numbers())
                        .observer(observer));
    }

    private static Execution run(TestEngine engine) {
        Execution execution = engine.start();
        engine.answer(execution, 7);
        assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
        return execution;
    }

    private static List<String> types(Execution execution) {
        return events(execution).stream()
                .map(event -> event.event().type().name())
                .toList();
    }

    private static List<String> appended(Execution execution) {
        return events(execution).stream()
                .map(event -> "appended(" + event.event().type() + ", " + MemoryEventLog.weight(event.event()) + ")")
                .toList();
    }

    private static List<RecordedEvent> events(Execution execution) {
        return execution.events().read(Position.START, 1_000);
    }

    private List<String> told(String method) {
        return told.stream().filter(call -> call.startsWith(method + "(")).toList();
    }

    /** Hands the name of each method that is called, and the call as text, to something. */
    private static FlowScriptObserver observer(BiConsumer<String, String> calls) {
        return (FlowScriptObserver) Proxy.newProxyInstance(
                FlowScriptObserver.class.getClassLoader(),
                new Class<?>[] {FlowScriptObserver.class},
                (proxy, method, arguments) -> {
                    List<Object> given = arguments == null ? List.of() : Arrays.asList(arguments);
                    String text = given.toString();
                    calls.accept(method.getName(), method.getName() + "(" + text.substring(1, text.length() - 1) + ")");
                    return null;
                });
    }
}
