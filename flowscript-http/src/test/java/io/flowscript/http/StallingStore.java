package io.flowscript.http;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.testing.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A store that says for how long it has not been able to write as the test tells it. */
final class StallingStore implements ExecutionStore {

    private final MemoryStore kept = new MemoryStore();
    private final Supplier<Duration> stalled;

    StallingStore(Supplier<Duration> stalled) {
        this.stalled = stalled;
    }

    @Override
    public Duration stalled() {
        return stalled.get();
    }

    @Override
    public CompletionStage<Void> commit(Commit commit) {
        return kept.commit(commit);
    }

    @Override
    public void loadAll(int maxEvents, Receiver each) {
        kept.loadAll(maxEvents, each);
    }

    @Override
    public Optional<StoredExecution> find(String executionId, int maxEvents) {
        return kept.find(executionId, maxEvents);
    }

    @Override
    public List<RecordedEvent> events(String executionId, long after, int max) {
        return kept.events(executionId, after, max);
    }

    @Override
    public CompletionStage<Void> remove(String executionId) {
        return kept.remove(executionId);
    }

    @Override
    public void close() {
        kept.close();
    }
}
