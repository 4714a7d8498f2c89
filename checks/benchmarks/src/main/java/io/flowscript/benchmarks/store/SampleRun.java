package io.flowscript.benchmarks.store;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Commit;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.json.EventCodec;
import io.flowscript.json.SnapshotCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** An execution whose steps have three events of about 270 bytes and a snapshot of about 1 KiB. */
final class SampleRun {

    private static final int EVENTS = 3;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final WorkflowDefinition WORKFLOW =
            WorkflowDefinition.of(Map.of("id", "orders", "nodes", List.of("work")));

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final String id = UUID.randomUUID().toString();
    private final Map<String, Object> state = new LinkedHashMap<>();
    private ExecutionSnapshot snapshot;
    private boolean started;

    SampleRun() {
        for (int i = 0; i < 8; i++) {
            state.put("key" + i, "v".repeat(60));
        }
        snapshot = ExecutionSnapshot.builder()
                .executionId(id)
                .workflowId(WORKFLOW.id())
                .definitionHash(WORKFLOW.hash())
                .createdAt(START)
                .epoch("epoch-1")
                .lastEventAt(START)
                .build();
    }

    /** {@return how many bytes a step has} */
    static int bytes() {
        Commit step = new SampleRun().step();
        ExecutionSnapshot after = java.util.Objects.requireNonNull(step.snapshot());
        return EventCodec.write(step.events()).length + SnapshotCodec.write(after).length;
    }

    Commit step() {
        List<RecordedEvent> events = new ArrayList<>(EVENTS);
        for (int i = 1; i <= EVENTS; i++) {
            long seq = snapshot.seq() + i;
            events.add(new RecordedEvent(
                    id,
                    WORKFLOW.id(),
                    "epoch-1",
                    seq,
                    START.plusMillis(seq),
                    new StateUpdated("count" + i, "d".repeat(200))));
        }
        state.put("count", snapshot.steps() + 1);
        ExecutionSnapshot before = snapshot;
        snapshot = before.toBuilder()
                .status(ExecutionStatus.RUNNING)
                .state(new LinkedHashMap<>(state))
                .steps(before.steps() + 1)
                .seq(before.seq() + EVENTS)
                .build();
        Commit commit = new Commit(id, events, snapshot, started ? before : null, started ? null : WORKFLOW, number);
        started = true;
        return commit;
    }
}
