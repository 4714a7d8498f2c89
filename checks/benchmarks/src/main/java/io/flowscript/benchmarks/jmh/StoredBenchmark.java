package io.flowscript.benchmarks.jmh;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.snapshot.ExecutionSnapshot.Phase;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.json.EventCodec;
import io.flowscript.json.SnapshotCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to make the bytes of a durable step: its snapshot of about 1 KiB, and its events. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(2)
public class StoredBenchmark {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String ID = "2f0bd3a4-8a4e-4c0e-9d55-5f6f1a1b2c3d";
    private static final String WORKFLOW = "loop";
    private static final String EPOCH = "c29tZSBlcG9jaCBvZiBpdA";

    private final ExecutionSnapshot snapshot = snapshot();
    private final List<Event> events = List.of(
            new StateUpdated("count", 1_234_567),
            new NodeEvent.Completed("work-4321", "work", "done", null, Duration.ZERO),
            new NodeEvent.Executing("again-4322", "again", "loop", 1, "s0"));

    /** Called by JMH. */
    public StoredBenchmark() {}

    /**
     * Writes a snapshot.
     *
     * @return its bytes
     */
    @Benchmark
    public byte[] snapshotBytes() {
        return SnapshotCodec.write(snapshot);
    }

    /**
     * Writes three events that nobody has encoded yet.
     *
     * @return their bytes
     */
    @Benchmark
    public byte[] eventBytes() {
        return EventCodec.write(List.of(recorded(0), recorded(1), recorded(2)));
    }

    private RecordedEvent recorded(int index) {
        return new RecordedEvent(ID, WORKFLOW, EPOCH, 12_345 + index, TIME, events.get(index));
    }

    private static ExecutionSnapshot snapshot() {
        Map<String, Object> state = new LinkedHashMap<>();
        for (int i = 0; i < 8; i++) {
            state.put("key" + i, "v".repeat(60));
        }
        state.put("count", 1_234_567);
        return ExecutionSnapshot.builder()
                .executionId(ID)
                .workflowId(WORKFLOW)
                .definitionHash("3b".repeat(32))
                .status(ExecutionStatus.RUNNING)
                .position(1)
                .frames(List.of(new LoopFrame(0, 4_321, null, Map.of())))
                .state(state)
                .visit(Visit.builder()
                        .nodeId("again-4322")
                        .nodeName("again")
                        .step("s0")
                        .attempt(1)
                        .startedAt(TIME)
                        .phase(Phase.WORKING)
                        .build())
                .visits(4_322)
                .steps(4_322)
                .worked(Duration.ofMillis(77))
                .createdAt(TIME)
                .epoch(EPOCH)
                .seq(12_347)
                .lastEventAt(TIME)
                .build();
    }
}
