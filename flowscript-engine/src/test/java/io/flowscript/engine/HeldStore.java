package io.flowscript.engine;

import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A store that writes a commit when the test says so. */
final class HeldStore extends ForwardingStore {

    private final MemoryStore kept;
    private final List<Held> waiting = new ArrayList<>();
    private boolean holds = true;
    private volatile Duration stalled = Duration.ZERO;

    private record Held(Commit commit, CompletableFuture<@Nullable Void> done) {}

    HeldStore() {
        this(new MemoryStore());
    }

    HeldStore(MemoryStore kept) {
        super(kept);
        this.kept = kept;
    }

    MemoryStore kept() {
        return kept;
    }

    /** Writes whatever comes from now on at once, and what waits. */
    HeldStore letThrough() {
        synchronized (this) {
            holds = false;
        }
        writeAll();
        return this;
    }

    /** Writes whatever comes from now on at once. What waits goes on waiting. */
    synchronized void holdNoMore() {
        holds = false;
    }

    synchronized void hold() {
        holds = true;
    }

    @Override
    public boolean keepsSecrets() {
        return false;
    }

    /** Says for how long it has not been able to write. */
    void stalled(Duration time) {
        stalled = time;
    }

    @Override
    public Duration stalled() {
        return stalled;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    /** The commit that waits longest. */
    synchronized Commit first() {
        return waiting.get(0).commit();
    }

    void writeAll() {
        while (write()) {}
    }

    /** Writes the commit that waits longest; false when none does. */
    boolean write() {
        Held next = take();
        if (next == null) {
            return false;
        }
        kept.commit(next.commit()).whenComplete((nothing, thrown) -> {
            if (thrown == null) {
                next.done().complete(null);
            } else {
                next.done().completeExceptionally(thrown);
            }
        });
        return true;
    }

    /** Fails the commit that waits longest. */
    void fail(Throwable thrown) {
        take().done().completeExceptionally(thrown);
    }

    private synchronized @Nullable Held take() {
        return waiting.isEmpty() ? null : waiting.remove(0);
    }

    @Override
    public CompletionStage<@Nullable Void> commit(Commit commit) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (holds) {
                waiting.add(new Held(commit, done));
                return done;
            }
        }
        return kept.commit(commit);
    }

    ExecutionSnapshot snapshot(String executionId) {
        return kept.find(executionId, 0).orElseThrow().snapshot();
    }
}
