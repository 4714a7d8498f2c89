package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads executions that are not in memory from the store of an engine, as passive ones. Safe for use by any thread. */
final class StoredExecutions {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    /** So many executions that this engine cannot run are logged. */
    private static final int MAX_LOGGED = 1_000;

    private final Set<String> logged = ConcurrentHashMap.newKeySet();
    private final @Nullable ExecutionStore store;
    private final Executor readers;
    private final Factory factory;
    private final OwnShards shards;
    private final DueExecutions due;
    private final Runnable onEnded;

    /** Makes a passive execution from what a store has. */
    interface Factory {

        /**
         * Makes an execution.
         *
         * @param after the number of the last event that its log shows
         * @param fence the fence of its shard, from before it was read
         * @throws FlowScriptException when this engine cannot run it
         */
        WorkflowExecution make(StoredExecution stored, long after, long fence);
    }

    /**
     * Creates a reader.
     *
     * @param store the store; null for an engine without one
     * @param readers runs readings, which may block
     * @param factory makes a passive execution
     * @param shards which executions this engine advances
     * @param due activates executions in which something is due
     * @param onEnded is told that an execution in the store has ended
     */
    StoredExecutions(
            @Nullable ExecutionStore store,
            Executor readers,
            Factory factory,
            OwnShards shards,
            DueExecutions due,
            Runnable onEnded) {
        this.store = store;
        this.readers = readers;
        this.factory = factory;
        this.shards = shards;
        this.due = due;
        this.onEnded = onEnded;
    }

    boolean isUsed() {
        return store != null;
    }

    Executor readers() {
        return readers;
    }

    /** {@return whether an execution that waits until a time should rather stay in memory} */
    boolean isDueSoon(@Nullable Instant at) {
        return due.isSoon(at);
    }

    /** An execution has ended. */
    void ended() {
        onEnded.run();
    }

    /** An execution has left memory that waits until a time; null for no time. */
    void left(@Nullable Instant at) {
        due.left(at);
    }

    /**
     * Reads an execution. Blocks.
     *
     * @return a passive execution; null when there is none that this engine can run
     * @throws FlowScriptException with code {@code store_unavailable}
     */
    @Nullable
    WorkflowExecution read(String executionId) {
        return readAsOf(executionId, Long.MAX_VALUE);
    }

    /**
     * Reads an execution, whose log shows its events only up to one until it {@linkplain WorkflowExecution#catchUp catches up}.
     * Blocks.
     *
     * @return a passive execution; null when there is none that this engine can run
     * @throws FlowScriptException with code {@code store_unavailable}
     */
    @Nullable
    WorkflowExecution readAsOf(String executionId, long after) {
        ExecutionStore from = store;
        if (from == null) {
            return null;
        }
        return available(() -> {
            long fence = shards.fence(executionId);
            try {
                return from.find(executionId, 0)
                        .map(found -> factory.make(found, after, shards.whenRead(executionId, fence)))
                        .orElse(null);
            } catch (FlowScriptException e) {
                cannotGoOn(executionId, e);
                return null;
            }
        });
    }

    /**
     * Reads executions. Blocks.
     *
     * @return passive executions; those that this engine cannot run are left out
     * @throws FlowScriptException with code {@code store_unavailable}
     */
    List<WorkflowExecution> list(ExecutionQuery query) {
        ExecutionStore from = store;
        if (from == null) {
            return List.of();
        }
        return available(() -> {
            OwnShards.Fences fences = shards.fences();
            List<WorkflowExecution> found = new ArrayList<>();
            for (StoredExecution each : from.list(query)) {
                String id = each.snapshot().executionId();
                try {
                    found.add(factory.make(each, Long.MAX_VALUE, shards.whenRead(id, fences.of(id))));
                } catch (FlowScriptException e) {
                    cannotGoOn(id, e);
                }
            }
            return found;
        });
    }

    /**
     * Counts executions. Blocks.
     *
     * @throws FlowScriptException with code {@code store_unavailable}
     */
    List<ExecutionCount> count(int most) {
        ExecutionStore from = store;
        return from == null ? List.of() : available(() -> from.count(most));
    }

    /**
     * Reads interactions. Blocks.
     *
     * @throws FlowScriptException with code {@code store_unavailable}
     */
    InteractionPage interactions(
            InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
        ExecutionStore from = store;
        return from == null ? InteractionPage.EMPTY : available(() -> from.interactions(query, order, after, limit));
    }

    /**
     * Counts interactions. Blocks.
     *
     * @throws FlowScriptException with code {@code store_unavailable}
     */
    long countInteractions(InteractionQuery query, long most) {
        ExecutionStore from = store;
        return from == null ? 0 : available(() -> from.countInteractions(query, most));
    }

    /**
     * Logs, once for each execution, that this engine cannot run it.
     *
     * @throws FlowScriptException when it can later, or the store is closed
     */
    void cannotGoOn(String executionId, FlowScriptException why) {
        if (why.code().equals("store_failed") || why.code().equals("store_closed")) {
            throw why;
        }
        if (logged.size() < MAX_LOGGED && logged.add(executionId)) {
            LOGGER.log(Level.ERROR, "Execution " + executionId + " cannot go on; it stays in the store", why);
        }
    }

    private static <T extends @Nullable Object> T available(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (FlowScriptException e) {
            if (!e.code().equals("store_failed")) {
                throw e;
            }
            throw new FlowScriptException(
                    "store_unavailable",
                    "The server cannot read what it has stored at the moment; nothing was done. Try again later",
                    e);
        }
    }
}
