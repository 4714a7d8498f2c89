package io.flowscript.benchmarks.jmh;

import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of a step without a store: a node runs and changes one of ten values of the state. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(2)
public class StepBenchmark {

    private static final int STEPS = 200;

    private static final Map<String, Object> STATE = Map.of(
            "count",
            0,
            "a",
            "text",
            "b",
            1,
            "c",
            true,
            "d",
            List.of(1, 2, 3),
            "e",
            Map.of("x", 1),
            "f",
            2,
            "g",
            3,
            "h",
            4,
            "i",
            5);

    private FlowScript flows;

    /** Called by JMH. */
    public StepBenchmark() {}

    /** Makes an engine whose workflow has one node many times. */
    @Setup(Level.Trial)
    public void start() {
        flows = FlowScript.builder()
                .retention(new Retention(10_000, 1L << 30, Duration.ZERO))
                .node("count", context -> {
                    context.state().set("$.count", context.state().get("count").asInt() + 1);
                    return Edge.of("done");
                })
                .workflow(WorkflowDefinition.of(Map.of("id", "chain", "nodes", Collections.nCopies(STEPS, "count"))))
                .build();
    }

    /** Ends the engine. */
    @TearDown(Level.Trial)
    public void end() {
        flows.close();
    }

    /**
     * Runs an execution of many steps.
     *
     * @return its result
     * @throws Exception if it does not end
     */
    @Benchmark
    @OperationsPerInvocation(STEPS)
    public Object step() throws Exception {
        return flows.start("chain", STATE).result().get(1, TimeUnit.MINUTES);
    }
}
