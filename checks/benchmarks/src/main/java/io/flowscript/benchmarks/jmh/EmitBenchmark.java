package io.flowscript.benchmarks.jmh;

import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.RuntimeContext;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of emitting an event in a node, while cursors sleep at the end of another execution's log, and of its own.
 * A woken cursor does not sleep again here, so that emitting is measured and not delivery.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(2)
public class EmitBenchmark {

    private static final Map<String, Object> PAYLOAD =
            Map.of("n", 7, "text", "the quick brown fox jumps over the lazy dog");

    /** The number of sleeping cursors. */
    @Param({"0", "1", "10000"})
    public int sleeping;

    private final CompletableFuture<RuntimeContext> running = new CompletableFuture<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Cursor> cursors = new ArrayList<>();
    private FlowScript flows;
    private RuntimeContext runtime;
    private Execution execution;

    /** Called by JMH. */
    public EmitBenchmark() {}

    /**
     * Starts an execution whose node is running.
     *
     * @throws Exception if it does not start
     */
    @Setup(Level.Trial)
    public void start() throws Exception {
        flows = FlowScript.builder()
                .retention(new Retention(10_000, 1L << 30, Duration.ZERO))
                .node("busy", context -> {
                    running.complete(context.runtime());
                    over.await();
                    return Edge.of("done");
                })
                .workflow(WorkflowDefinition.of(Map.of("id", "busy", "nodes", List.of("busy"))))
                .build();
        execution = flows.start("busy", Map.of());
        runtime = running.get(10, TimeUnit.SECONDS);
    }

    /** Creates the sleeping cursors. */
    @Setup(Level.Iteration)
    public void sleep() {
        for (int i = 0; i < sleeping; i++) {
            Cursor cursor = execution.events().cursorAtEnd();
            cursor.wakeWhenReadable(() -> {});
            cursors.add(cursor);
        }
    }

    /** Closes the cursors. */
    @TearDown(Level.Iteration)
    public void wake() {
        cursors.forEach(Cursor::close);
        cursors.clear();
    }

    /** Ends the execution. */
    @TearDown(Level.Trial)
    public void end() {
        over.countDown();
        flows.close();
    }

    /** Measures the overhead of the measurement itself. */
    @Benchmark
    public void nothing() {}

    /** Emits an event with an immutable payload, as a node does that emits the same payload again. */
    @Benchmark
    public void emit() {
        runtime.emit("bench:progress", PAYLOAD);
    }
}
