package io.flowscript.core.testing;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store for tests. It keeps executions in memory, so that a test can close an engine and go on with another one. Commits
 * complete at once, on the calling thread. Safe for use by any thread.
 *
 * <pre>{@code
 * MemoryStore store = new MemoryStore();
 * try (FlowScript flows = builder().store(store).build()) {
 *     flows.start("expense", Map.of());
 * }
 * try (FlowScript flows = builder().store(store.reopen()).build()) {
 *     // The execution is there again.
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public final class MemoryStore implements ExecutionStore {

    /** The executions by id, in the order of their start. It is also the lock. */
    private final Map<String, Kept> executions;

    private boolean closed;

    private static final class Kept {
        final WorkflowDefinition definition;
        final List<RecordedEvent> events = new ArrayList<>();
        ExecutionSnapshot snapshot;

        Kept(WorkflowDefinition definition, ExecutionSnapshot snapshot) {
            this.definition = definition;
            this.snapshot = snapshot;
        }

        StoredExecution read(int maxEvents) {
            int from = Math.max(0, events.size() - maxEvents);
            return new StoredExecution(snapshot, definition, events.subList(from, events.size()));
        }
    }

    /** Creates an empty store. */
    public MemoryStore() {
        this(new LinkedHashMap<>());
    }

    private MemoryStore(Map<String, Kept> executions) {
        this.executions = executions;
    }

    /**
     * Opens the executions of this store again, as a new process would.
     *
     * @return an open store with the same executions; this store is closed
     */
    public MemoryStore reopen() {
        close();
        return new MemoryStore(executions);
    }

    @Override
    public CompletionStage<@Nullable Void> commit(Commit commit) {
        try {
            synchronized (executions) {
                keep(commit);
            }
            return CompletableFuture.completedFuture(null);
        } catch (FlowScriptException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void keep(Commit commit) {
        checkOpen();
        Kept kept = executions.get(commit.executionId());
        WorkflowDefinition definition = commit.definition();
        if (definition != null) {
            if (kept != null) {
                throw new FlowScriptException(
                        "execution_exists",
                        "There is an execution with the id \"" + commit.executionId() + "\" already");
            }
            kept = new Kept(definition, Objects.requireNonNull(commit.snapshot(), "the snapshot of the first commit"));
            executions.put(commit.executionId(), kept);
        }
        if (kept == null) {
            throw new FlowScriptException(
                    "store_failed", "There is no execution with the id \"" + commit.executionId() + "\"");
        }
        kept.events.addAll(commit.events());
        ExecutionSnapshot snapshot = commit.snapshot();
        if (snapshot != null) {
            kept.snapshot = snapshot;
        }
    }

    @Override
    public void loadAll(int maxEvents, Consumer<StoredExecution> each) {
        List<Kept> all;
        synchronized (executions) {
            checkOpen();
            all = List.copyOf(executions.values());
        }
        for (Kept kept : all) {
            each.accept(read(kept, maxEvents));
        }
    }

    @Override
    public Optional<StoredExecution> find(String executionId, int maxEvents) {
        Kept kept;
        synchronized (executions) {
            checkOpen();
            kept = executions.get(executionId);
        }
        return Optional.ofNullable(kept).map(found -> read(found, maxEvents));
    }

    private StoredExecution read(Kept kept, int maxEvents) {
        synchronized (executions) {
            return kept.read(maxEvents);
        }
    }

    @Override
    public CompletionStage<@Nullable Void> remove(String executionId) {
        synchronized (executions) {
            executions.remove(executionId);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        synchronized (executions) {
            closed = true;
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new FlowScriptException("store_closed", "The store is closed");
        }
    }
}
