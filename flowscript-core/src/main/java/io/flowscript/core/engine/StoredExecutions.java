package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads executions that are not in memory from the store of an engine, as passive ones. Safe for use by any thread. */
final class StoredExecutions {

    private final @Nullable ExecutionStore store;
    private final Executor readers;
    private final Function<StoredExecution, @Nullable WorkflowExecution> factory;
    private final DueExecutions due;

    /**
     * Creates a reader.
     *
     * @param store the store; null for an engine without one
     * @param readers runs readings, which may block
     * @param factory makes a passive execution; null when this engine cannot run it, which is logged
     * @param due activates executions in which something is due
     */
    StoredExecutions(
            @Nullable ExecutionStore store,
            Executor readers,
            Function<StoredExecution, @Nullable WorkflowExecution> factory,
            DueExecutions due) {
        this.store = store;
        this.readers = readers;
        this.factory = factory;
        this.due = due;
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
        ExecutionStore from = store;
        return from == null
                ? null
                : available(() -> from.find(executionId, 0).map(factory).orElse(null));
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
            List<WorkflowExecution> found = new ArrayList<>();
            for (StoredExecution each : from.list(query)) {
                WorkflowExecution execution = factory.apply(each);
                if (execution != null) {
                    found.add(execution);
                }
            }
            return found;
        });
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
