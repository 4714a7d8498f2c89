package io.flowscript.engine;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The passive executions that somebody still has, by id. They are not kept from being collected. Safe for use by any thread.
 *
 * <p>It also counts departures, each time an execution becomes passive or is removed. What was read from the store is up to
 * date when there was no departure since before it was read, and there is no object for it. Counters are shared by ids with
 * the same hash; a departure of another one only lets the execution be read once more.
 */
final class PassiveExecutions {

    private static final int COUNTERS = 64;

    private final ConcurrentMap<String, Reference> byId = new ConcurrentHashMap<>();
    private final ReferenceQueue<WorkflowExecution> collected = new ReferenceQueue<>();
    /** Those that somebody waits for. */
    private final Set<WorkflowExecution> kept = ConcurrentHashMap.newKeySet();

    private final AtomicLongArray departures = new AtomicLongArray(COUNTERS);

    private static final class Reference extends WeakReference<WorkflowExecution> {

        private final String id;

        Reference(WorkflowExecution execution, ReferenceQueue<WorkflowExecution> collected) {
            super(execution, collected);
            this.id = execution.id();
        }
    }

    /** The departures of all ids at one time. */
    static final class Departures {

        private final long[] counts;

        private Departures(long[] counts) {
            this.counts = counts;
        }

        long of(String executionId) {
            return counts[counter(executionId)];
        }
    }

    @Nullable
    WorkflowExecution get(String executionId) {
        Reference found = byId.get(executionId);
        return found == null ? null : found.get();
    }

    /** Adds an execution that has become passive. */
    void departed(WorkflowExecution execution) {
        departures.incrementAndGet(counter(execution.id()));
        add(execution);
    }

    /** Adds an execution that was read from the store. */
    void add(WorkflowExecution execution) {
        removeCollected();
        byId.put(execution.id(), new Reference(execution, collected));
    }

    /** Removes an execution that has become active. */
    void remove(String executionId) {
        byId.remove(executionId);
    }

    /** Removes an execution that does not exist any more. */
    void forget(String executionId) {
        departures.incrementAndGet(counter(executionId));
        byId.remove(executionId);
    }

    /** Keeps an execution from being collected, or not any more. */
    void keep(WorkflowExecution execution, boolean keeps) {
        if (keeps) {
            kept.add(execution);
        } else {
            kept.remove(execution);
        }
    }

    List<WorkflowExecution> all() {
        List<WorkflowExecution> all = new ArrayList<>();
        for (Reference reference : byId.values()) {
            WorkflowExecution execution = reference.get();
            if (execution != null) {
                all.add(execution);
            }
        }
        return all;
    }

    long departures(String executionId) {
        return departures.get(counter(executionId));
    }

    Departures departures() {
        long[] counts = new long[COUNTERS];
        for (int i = 0; i < COUNTERS; i++) {
            counts[i] = departures.get(i);
        }
        return new Departures(counts);
    }

    private static int counter(String executionId) {
        return (executionId.hashCode() & Integer.MAX_VALUE) % COUNTERS;
    }

    private void removeCollected() {
        for (Object reference = collected.poll(); reference != null; reference = collected.poll()) {
            byId.remove(((Reference) reference).id, reference);
        }
    }
}
