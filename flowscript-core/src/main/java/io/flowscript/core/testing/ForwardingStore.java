package io.flowscript.core.testing;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A store for tests that passes everything on to another one. A subclass overrides what is to be different: it is slow,
 * fails, or counts. As safe for use by many threads as the other store.
 *
 * @since 0.1.0
 */
public abstract class ForwardingStore implements ExecutionStore {

    private final ExecutionStore store;

    /**
     * Creates a store.
     *
     * @param store the store that everything is passed on to
     */
    protected ForwardingStore(ExecutionStore store) {
        this.store = Objects.requireNonNull(store, "store");
    }

    @Override
    public CompletionStage<@Nullable Void> commit(Commit commit) {
        return store.commit(commit);
    }

    @Override
    public List<StoredExecution> list(ExecutionQuery query) {
        return store.list(query);
    }

    @Override
    public InteractionPage interactions(
            InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
        return store.interactions(query, order, after, limit);
    }

    @Override
    public List<ExecutionCount> count(int most) {
        return store.count(most);
    }

    @Override
    public long countInteractions(InteractionQuery query, long most) {
        return store.countInteractions(query, most);
    }

    @Override
    public StoreUsage usage() {
        return store.usage();
    }

    @Override
    public Optional<StoredExecution> find(String executionId, int maxEvents) {
        return store.find(executionId, maxEvents);
    }

    @Override
    public Optional<WorkflowDefinition> definition(String hash) {
        return store.definition(hash);
    }

    @Override
    public List<RecordedEvent> events(String executionId, long after, int max) {
        return store.events(executionId, after, max);
    }

    @Override
    public CompletionStage<@Nullable Void> remove(String executionId) {
        return store.remove(executionId);
    }

    @Override
    public boolean keepsSecrets() {
        return store.keepsSecrets();
    }

    @Override
    public Duration stalled() {
        return store.stalled();
    }

    @Override
    public void close() {
        store.close();
    }
}
