package io.flowscript.store.jdbc;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Commit;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the commits that an engine would hand in for one execution, and keeps what a store is then to return. */
final class StoredRun {

    static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

    final WorkflowDefinition definition;
    final String id;
    final List<RecordedEvent> events = new ArrayList<>();
    ExecutionSnapshot snapshot;
    private boolean started;

    StoredRun(String id) {
        this(id, definition("orders"));
    }

    StoredRun(String id, WorkflowDefinition definition) {
        this.id = id;
        this.definition = definition;
        this.snapshot = ExecutionSnapshot.builder()
                .executionId(id)
                .workflowId(definition.id())
                .definitionHash(definition.hash())
                .createdAt(START)
                .epoch("epoch-1")
                .lastEventAt(START)
                .build();
    }

    static WorkflowDefinition definition(String id) {
        return WorkflowDefinition.of(Map.of("id", id, "nodes", List.of("first", "second")));
    }

    /** A step: three events and a snapshot. The first one starts the execution. */
    Commit step() {
        long step = snapshot.steps() + 1;
        List<Event> happened = new ArrayList<>();
        if (!started) {
            happened.add(new WorkflowEvent.Started(definition.id()));
        }
        happened.add(new NodeEvent.Executing("visit-" + step, "first", "first", 1));
        happened.add(new StateUpdated("count", step));
        return commit(happened, true);
    }

    /** Events that a node emits, without a snapshot. */
    Commit emit(int count) {
        List<Event> happened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            happened.add(new StateUpdated("emitted", (long) i));
        }
        return commit(happened, false);
    }

    /** A snapshot without events. */
    Commit quietStep() {
        return commit(List.of(), true);
    }

    private Commit commit(List<Event> happened, boolean stepped) {
        List<RecordedEvent> recorded = new ArrayList<>();
        for (Event event : happened) {
            long seq = events.size() + 1L;
            RecordedEvent one = new RecordedEvent(id, definition.id(), "epoch-1", seq, START.plusMillis(seq), event);
            recorded.add(one);
            events.add(one);
        }
        ExecutionSnapshot before = started ? snapshot : null;
        if (stepped) {
            Map<String, Object> state = new LinkedHashMap<>(snapshot.state());
            state.put("count", snapshot.steps() + 1);
            state.putIfAbsent("text", "x".repeat(700) + "\u00e4\u0000");
            snapshot = snapshot.toBuilder()
                    .status(ExecutionStatus.RUNNING)
                    .state(state)
                    .steps(snapshot.steps() + 1)
                    .seq(events.size())
                    .lastEventAt(START.plusMillis(events.size()))
                    .build();
        }
        Commit commit = new Commit(id, recorded, stepped ? snapshot : null, before, started ? null : definition);
        started = true;
        return commit;
    }
}
