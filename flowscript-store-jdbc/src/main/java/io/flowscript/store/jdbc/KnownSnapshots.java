package io.flowscript.store.jdbc;

import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last snapshot that this store has written of each execution which has values apart from it. So the store relies on
 * nothing but its own writing when it leaves a value out: the first step of an execution after the store was opened writes all
 * of them. An engine that goes on with a snapshot has it itself, so none is kept in memory here. Bounded. Safe for use by any
 * thread.
 */
final class KnownSnapshots {

    private static final int LIMIT = 100_000;

    /** Those that were written last are at the end. */
    private final Map<String, Known> snapshots = new LinkedHashMap<>();

    private final ReferenceQueue<ExecutionSnapshot> cleared = new ReferenceQueue<>();

    /** A snapshot as long as somebody else has it. */
    private static final class Known extends WeakReference<ExecutionSnapshot> {

        private final String executionId;

        Known(String executionId, ExecutionSnapshot snapshot, ReferenceQueue<ExecutionSnapshot> cleared) {
            super(snapshot, cleared);
            this.executionId = executionId;
        }
    }

    /** {@return the snapshot before a commit; null when it is not certain that the store has just this one} */
    @SuppressWarnings("ReferenceEquality") // an equal snapshot may have other objects in it
    @Nullable
    synchronized ExecutionSnapshot of(Commit commit) {
        Known known = snapshots.get(commit.executionId());
        ExecutionSnapshot before = commit.before();
        return known != null && before != null && known.get() == before ? before : null;
    }

    /** Remembers what a change has written. When there is no more room, the one that was written first is forgotten. */
    synchronized void written(Change change) {
        dropCleared();
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
        snapshots.remove(executionId);
        if (head.apart() > 0 && !head.whole().status().isEnded()) {
            snapshots.put(executionId, new Known(executionId, head.whole(), cleared));
            if (snapshots.size() > LIMIT) {
                Iterator<Known> eldest = snapshots.values().iterator();
                eldest.next();
                eldest.remove();
            }
        }
    }

    private void dropCleared() {
        for (Reference<?> each = cleared.poll(); each != null; each = cleared.poll()) {
            if (each instanceof Known known) {
                snapshots.remove(known.executionId, known);
            }
        }
    }

    /** Forgets the execution of a change that has failed, since it may be written all the same. */
    synchronized void failed(Change change) {
        snapshots.remove(change.executionId());
    }

    /** {@return how many are known} */
    synchronized int size() {
        return snapshots.size();
    }
}
