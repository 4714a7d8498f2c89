package io.flowscript.core.testing;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.json.Json;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store for tests. It keeps executions in memory, so that a test can close an engine and go on with another one. Commits
 * complete at once, on the calling thread. It fulfils the contract of a store, {@code StoreContract} in
 * {@code flowscript-testkit}. Safe for use by any thread.
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

    private static final int BYTES_OF_AN_EVENT = 200;

    /** The executions by id, in the order of their start. It is also the lock. */
    private final Map<String, Kept> executions;

    private boolean closed;

    private static final class Kept {
        WorkflowDefinition definition;
        final List<RecordedEvent> events = new ArrayList<>();
        final long number;
        ExecutionSnapshot snapshot;

        Kept(WorkflowDefinition definition, long number, ExecutionSnapshot snapshot) {
            this.definition = definition;
            this.number = number;
            this.snapshot = snapshot;
        }

        /** {@return the number of the last event; that of the snapshot while there is none} */
        long lastSeq() {
            return events.isEmpty()
                    ? snapshot.seq()
                    : events.get(events.size() - 1).seq();
        }

        StoredExecution read(int maxEvents, WorkflowDefinition shared) {
            int from = Math.max(0, events.size() - maxEvents);
            return new StoredExecution(snapshot, number, shared, lastSeq(), events.subList(from, events.size()));
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

    /** {@return true, since nothing is written to a disk} */
    @Override
    public boolean keepsSecrets() {
        return true;
    }

    @Override
    public CompletionStage<@Nullable Void> commit(Commit commit) {
        return change(() -> keep(commit));
    }

    @Override
    public CompletionStage<@Nullable Void> remove(String executionId) {
        Objects.requireNonNull(executionId, "executionId");
        return change(() -> executions.remove(executionId));
    }

    private CompletionStage<@Nullable Void> change(Runnable change) {
        try {
            synchronized (executions) {
                checkOpen();
                change.run();
            }
            return CompletableFuture.completedFuture(null);
        } catch (FlowScriptException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void keep(Commit commit) {
        Kept kept = executions.get(commit.executionId());
        WorkflowDefinition definition = commit.definition();
        if (definition != null && commit.isFirst()) {
            start(commit, definition, kept);
        } else if (kept == null) {
            throw failed("There is no execution with the id \"" + commit.executionId() + "\"");
        } else {
            checkContiguous(commit, kept.lastSeq());
            kept.events.addAll(commit.events());
            if (definition != null) {
                kept.definition = definition;
            }
            ExecutionSnapshot snapshot = commit.snapshot();
            if (snapshot != null) {
                kept.snapshot = snapshot;
            }
        }
    }

    private void start(Commit commit, WorkflowDefinition definition, @Nullable Kept there) {
        if (there != null) {
            throw new FlowScriptException(
                    "execution_exists",
                    "There is an execution with the id \"" + commit.executionId() + "\" already; choose another id");
        }
        ExecutionSnapshot snapshot = commit.snapshot();
        if (snapshot == null) {
            throw failed("The first commit of execution \"" + commit.executionId() + "\" has no snapshot");
        }
        if (!commit.events().isEmpty()) {
            checkContiguous(commit, commit.events().get(0).seq() - 1);
        }
        Kept started = new Kept(definition, commit.number(), snapshot);
        started.events.addAll(commit.events());
        executions.put(commit.executionId(), started);
    }

    private static void checkContiguous(Commit commit, long lastSeq) {
        long last = lastSeq;
        for (RecordedEvent event : commit.events()) {
            if (event.seq() != last + 1) {
                throw failed("The next event of execution \"" + commit.executionId() + "\" has the number " + (last + 1)
                        + ", not " + event.seq());
            }
            last = event.seq();
        }
    }

    @Override
    public List<StoredExecution> list(ExecutionQuery query) {
        synchronized (executions) {
            checkOpen();
            Map<String, WorkflowDefinition> definitions = new HashMap<>();
            return executions.values().stream()
                    .map(kept ->
                            kept.read(0, definitions.computeIfAbsent(kept.definition.hash(), hash -> kept.definition)))
                    .filter(query::matches)
                    .sorted(query.order())
                    .limit(query.limit())
                    .toList();
        }
    }

    @Override
    public List<ExecutionCount> count(int most) {
        checkPositive("most", most);
        synchronized (executions) {
            checkOpen();
            return ExecutionCount.of(executions.values().stream().limit(most).map(kept -> kept.snapshot));
        }
    }

    @Override
    public InteractionPage interactions(
            InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
        checkPositive("limit", limit);
        synchronized (executions) {
            checkOpen();
            return query.page(allInteractions(), order, after, limit);
        }
    }

    @Override
    public long countInteractions(InteractionQuery query, long most) {
        checkPositive("most", most);
        synchronized (executions) {
            checkOpen();
            return allInteractions().filter(query::matches).limit(most).count();
        }
    }

    private Stream<Interaction> allInteractions() {
        return executions.values().stream()
                .flatMap(kept -> Stream.concat(kept.snapshot.open().stream(), kept.snapshot.closed().stream()));
    }

    private static void checkPositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + "; it is 1 or more");
        }
    }

    @Override
    public StoreUsage usage() {
        synchronized (executions) {
            checkOpen();
            long ended = 0;
            long bytes = 0;
            for (Kept kept : executions.values()) {
                if (kept.snapshot.status().isEnded()) {
                    ended++;
                    bytes += Json.weight(kept.snapshot.state());
                    bytes += (long) BYTES_OF_AN_EVENT * kept.events.size();
                }
            }
            return new StoreUsage(ended, bytes);
        }
    }

    @Override
    public Optional<StoredExecution> find(String executionId, int maxEvents) {
        Objects.requireNonNull(executionId, "executionId");
        checkNotNegative(maxEvents);
        Kept kept;
        synchronized (executions) {
            checkOpen();
            kept = executions.get(executionId);
        }
        return Optional.ofNullable(kept).map(found -> read(found, maxEvents, found.definition));
    }

    @Override
    public Optional<WorkflowDefinition> definition(String hash) {
        Objects.requireNonNull(hash, "hash");
        synchronized (executions) {
            checkOpen();
            return executions.values().stream()
                    .map(kept -> kept.definition)
                    .filter(definition -> definition.hash().equals(hash))
                    .findFirst();
        }
    }

    @Override
    public List<RecordedEvent> events(String executionId, long after, int max) {
        if (after < 0 || max < 1) {
            throw new IllegalArgumentException(
                    "after is " + after + " and max is " + max + "; they are from 0 and from 1");
        }
        synchronized (executions) {
            checkOpen();
            Kept kept = executions.get(executionId);
            return kept == null
                    ? List.of()
                    : kept.events.stream()
                            .dropWhile(event -> event.seq() <= after)
                            .limit(max)
                            .toList();
        }
    }

    private StoredExecution read(Kept kept, int maxEvents, WorkflowDefinition shared) {
        synchronized (executions) {
            return kept.read(maxEvents, shared);
        }
    }

    private static void checkNotNegative(int maxEvents) {
        if (maxEvents < 0) {
            throw new IllegalArgumentException("maxEvents is " + maxEvents + "; it is 0 or more");
        }
    }

    private static FlowScriptException failed(String message) {
        return new FlowScriptException("store_failed", message);
    }

    @Override
    public void close() {
        synchronized (executions) {
            closed = true;
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new FlowScriptException("store_closed", "The store is closed; open it again with reopen()");
        }
    }
}
