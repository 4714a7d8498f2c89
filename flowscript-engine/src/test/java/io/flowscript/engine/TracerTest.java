package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.event.EventType;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.testing.SharedMemoryStore;
import io.flowscript.testsupport.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("A tracer makes spans of what the engine does")
class TracerTest {

    private static final Duration LEASE = Duration.ofSeconds(15);

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final ThreadLocal<String> current = new ThreadLocal<>();

    /** Tells what it is asked for, and runs something at each call. */
    private class Recorder implements FlowScriptTracer {

        void called(String what) {
            told.add(what);
        }

        private Span span(String what, String context) {
            called(what);
            return new Span() {
                @Override
                public String context() {
                    called("context");
                    return context;
                }

                @Override
                public Scope enter() {
                    called("enter " + what);
                    return () -> called("leave " + what);
                }

                @Override
                public void end(String outcome, boolean failed) {
                    called("end " + what + ": " + outcome + (failed ? " failed" : ""));
                }
            };
        }

        @Override
        public String current() {
            called("current");
            return current.get();
        }

        @Override
        public Scope enter(String context) {
            called("enter " + context);
            String before = current.get();
            current.set(context);
            return () -> current.set(before);
        }

        @Override
        public Span starting(String workflowId, String executionId) {
            return span("start", "of " + current.get());
        }

        @Override
        public Span calling(Traced execution, String nodeName, String nodeId, int attempt) {
            return span("call " + nodeName + " " + attempt + " " + execution.context(), null);
        }

        @Override
        public Span committing(Traced execution, int events) {
            return span("commit", null);
        }

        @Override
        public Span answering(Traced execution, String nodeId) {
            return span("answer", null);
        }

        @Override
        public void ended(Traced execution, Instant createdAt, Instant endedAt, EventType lastEvent) {
            called("ended");
        }
    }

    private static TestEngine engine(FlowScriptTracer tracer, MemoryStore store) {
        return TestEngine.of(
                workflow("works", "asks"),
                builder -> builder.store(store)
                        .tracer(tracer)
                        .node("works", context -> Edge.of("done"))
                        .node(
                                "asks",
                                context -> context.answer() == null
                                        ? Question.open().ask()
                                        : Edge.of("done")));
    }

    private static Execution run(TestEngine engine) {
        Execution execution = engine.start();
        engine.answer(execution, 1);
        assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
        return execution;
    }

    @Test
    @DisplayName("each span begins and ends once, and the execution keeps the context of the first")
    void spans() {
        try (TestEngine engine = engine(new Recorder(), new MemoryStore())) {
            Execution execution = run(engine);

            assertThat(execution.snapshot().trace()).isEqualTo("of null");
            assertThat(told.stream().filter(what -> !what.contains("commit")))
                    .containsExactly(
                            "start",
                            "context",
                            "end start: started",
                            "call works 1 of null",
                            "enter call works 1 of null",
                            "leave call works 1 of null",
                            "end call works 1 of null: succeeded",
                            "call asks 1 of null",
                            "enter call asks 1 of null",
                            "leave call asks 1 of null",
                            "end call asks 1 of null: succeeded",
                            "answer",
                            "end answer: accepted",
                            "call asks 1 of null",
                            "enter call asks 1 of null",
                            "leave call asks 1 of null",
                            "end call asks 1 of null: succeeded",
                            "ended");
            assertThat(told.stream().filter("commit"::equals).count())
                    .isPositive()
                    .isEqualTo(
                            told.stream().filter("end commit: stored"::equals).count());
        }
    }

    @Test
    @DisplayName("I7: a tracer that throws changes nothing, and each of its methods is logged once")
    void throwing() {
        FlowScriptTracer broken = new Recorder() {
            @Override
            void called(String what) {
                super.called(what);
                // An execution without a context is not traced; so this one must come through for the rest to be
                // called.
                if (!what.equals("start") && !what.equals("context")) {
                    if (what.startsWith("e")) {
                        throw new AssertionError(what);
                    }
                    throw new IllegalStateException(what);
                }
            }
        };
        try (LogCapture logged = new LogCapture(FlowScriptTracer.class);
                TestEngine engine = engine(broken, new MemoryStore())) {
            run(engine);
            run(engine);

            assertThat(told).contains("call works 1 of null", "commit", "answer", "ended");
            assertThat(logged.records().stream()
                            .map(record -> record.getMessage().split(" ", -1)[3]))
                    .containsExactlyInAnyOrder("Span.end", "calling", "committing", "answering", "ended");
        }
    }

    @Test
    @DisplayName("a context that is too long, or no text, is not kept")
    void contexts() {
        for (String context : List.of("x".repeat(513), "", "a\nb", "\u00e9")) {
            FlowScriptTracer tracer = new FlowScriptTracer() {
                @Override
                public Span starting(String workflowId, String executionId) {
                    return new Span() {
                        @Override
                        public String context() {
                            return context;
                        }
                    };
                }
            };
            try (LogCapture logged = new LogCapture(FlowScriptTracer.class);
                    TestEngine engine = engine(tracer, new MemoryStore())) {
                assertThat(run(engine).snapshot().trace()).isNull();
                assertThat(logged.records()).hasSize(1);
            }
        }
    }

    @Test
    @DisplayName("No lock is held: another thread can take the execution's lock during each call")
    void noLockIsHeld() {
        TestEngine[] engines = new TestEngine[1];
        List<String> locked = new CopyOnWriteArrayList<>();
        FlowScriptTracer waiting = new Recorder() {
            @Override
            void called(String what) {
                super.called(what);
                CompletableFuture<Void> other = CompletableFuture.runAsync(() -> engines[0]
                        .flows
                        .executions()
                        .forEach(each -> assertThat(each.result()).isNotNull())); // takes its lock
                try {
                    other.get(20, TimeUnit.SECONDS);
                } catch (Exception e) {
                    locked.add(what);
                }
            }
        };
        try (TestEngine engine = engine(waiting, new MemoryStore())) {
            engines[0] = engine;
            run(engine);
        }
        assertThat(told).contains("ended");
        assertThat(locked).isEmpty();
    }

    @Test
    @DisplayName("an execution that was started without a tracer is not traced later")
    void startedWithout() {
        MemoryStore store = new MemoryStore();
        ExecutionSnapshot before;
        try (TestEngine engine = engine(FlowScriptTracer.NONE, store)) {
            before = engine.start().snapshot();
            assertThat(before.trace()).isNull();
        }
        try (TestEngine engine = engine(new Recorder(), store.reopen())) {
            Execution again =
                    engine.flows.executions().find(before.executionId()).orElseThrow();
            engine.answer(again, 1);
            assertThat(again.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(told).isEmpty();
        }
    }

    @Test
    @DisplayName("where processes share a store, the caller's span is the parent of what another process starts")
    void elsewhere() {
        ManualClock clock = new ManualClock();
        SharedMemoryStore first = SharedMemoryStore.create(clock, LEASE);
        try (FlowScript one = shared(first, clock);
                FlowScript two = shared(first.join(), clock)) {
            await().until(() -> {
                clock.advance(LEASE.dividedBy(3));
                return ((Engine) two).ownedShards() == SharedStore.SHARDS / 2
                        && ((Engine) one).ownedShards() == SharedStore.SHARDS / 2;
            });
            String foreign = IntStream.iterate(0, i -> i + 1)
                    .mapToObj(i -> "run-" + i)
                    .filter(((Engine) two)::owns)
                    .findFirst()
                    .orElseThrow();
            current.set("the caller");
            Execution started = one.start("w", Map.of(), foreign);
            current.remove();

            assertThat(started.snapshot().trace()).isEqualTo("of the caller");
        }
    }

    private FlowScript shared(SharedStore member, ManualClock clock) {
        return FlowScript.builder()
                .clock(clock)
                .store(member)
                .tracer(new Recorder())
                .node("done", context -> Edge.of("done"))
                .workflow(workflow("done"))
                .build();
    }
}
