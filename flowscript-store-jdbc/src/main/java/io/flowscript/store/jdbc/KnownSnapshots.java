package io.flowscript.store.jdbc;

import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last snapshot that this store has written of each execution which has values apart from it. So the store relies on
 * nothing but its own writing when it leaves a value out: the first step of an execution after the store was opened writes all
 * of them. Bounded. Safe for use by any thread.
 */
final class KnownSnapshots {

    private static final int LIMIT = 100_000;

    private final Map<String, ExecutionSnapshot> snapshots = new ConcurrentHashMap<>();

    /** {@return the snapshot before a commit; null when it is not certain that the store has just this one} */
    @SuppressWarnings("ReferenceEquality") // an equal snapshot may have other objects in it
    @Nullable
    ExecutionSnapshot of(Commit commit) {
        ExecutionSnapshot known = snapshots.get(commit.executionId());
        return known == commit.before() ? known : null;
    }

    /** Remembers what a change has written. When there is no more room, the values of others are written at each step. */
    void written(Change change) {
        if (change instanceof Change.Start start) {
            written(start.executionId(), start.head());
        } else if (change instanceof Change.Step step) {
            if (step.head() != null) {
                written(step.executionId(), step.head());
            }
        } else {
            snapshots.remove(change.executionId());
        }
    }

    private void written(String executionId, Change.Head head) {
        if (head.apart() > 0 && (snapshots.size() < LIMIT || snapshots.containsKey(executionId))) {
            snapshots.put(executionId, head.whole());
        } else {
            snapshots.remove(executionId);
        }
    }

    /** Forgets the execution of a change that has failed, since it may be written all the same. */
    void failed(Change change) {
        snapshots.remove(change.executionId());
    }
}
