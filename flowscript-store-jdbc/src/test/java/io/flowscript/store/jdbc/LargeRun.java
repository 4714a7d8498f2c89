package io.flowscript.store.jdbc;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.json.Json;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Commit;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An execution whose state is changed at will. What it does not change stays the same object, as in an engine. */
// The nullness of type arguments is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class LargeRun {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final WorkflowDefinition WORKFLOW =
            WorkflowDefinition.of(Map.of("id", "large", "nodes", List.of("first")));

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    final String id;
    final Map<String, @Nullable Object> state = new LinkedHashMap<>();
    ExecutionSnapshot snapshot;
    private boolean started;

    LargeRun(String id) {
        this.id = id;
        snapshot = ExecutionSnapshot.builder()
                .executionId(id)
                .workflowId(WORKFLOW.id())
                .definitionHash(WORKFLOW.hash())
                .createdAt(START)
                .epoch("epoch")
                .lastEventAt(START)
                .build();
    }

    LargeRun put(String key, @Nullable Object value) {
        state.put(key, Json.freeze(value));
        return this;
    }

    /** Goes on with the snapshot that was read, as an engine does after a restart. */
    void continueWith(ExecutionSnapshot read) {
        snapshot = read;
        state.clear();
        state.putAll(read.state());
    }

    /** {@return a commit with one event} */
    Commit step() {
        return commit(1, next -> next);
    }

    /** {@return a commit without an event} */
    Commit quietStep() {
        return commit(0, next -> next);
    }

    /** {@return a commit that ends the execution, with a state in its result} */
    Commit end(Map<String, @Nullable Object> last) {
        return commit(
                1,
                next -> next.status(ExecutionStatus.COMPLETED)
                        .result(new ExecutionResult(
                                ExecutionStatus.COMPLETED, last, "exit", null, null, null, null, START)));
    }

    private Commit commit(int events, UnaryOperator<ExecutionSnapshot.Builder> change) {
        ExecutionSnapshot before = snapshot;
        long seq = before.seq() + events;
        snapshot = change.apply(before.toBuilder()
                        .status(ExecutionStatus.RUNNING)
                        .state(state)
                        .steps(before.steps() + 1)
                        .seq(seq))
                .build();
        List<RecordedEvent> recorded = events == 0
                ? List.of()
                : List.of(new RecordedEvent(
                        id, WORKFLOW.id(), "epoch", seq, START.plusMillis(seq), new StateUpdated("count", seq)));
        Commit commit = new Commit(id, recorded, snapshot, started ? before : null, started ? null : WORKFLOW, number);
        started = true;
        return commit;
    }
}
