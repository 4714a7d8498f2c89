package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.memory.MemoryEventLog;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Hands the changes of one execution to the store, and shows them when they are stored.
 *
 * <p>One commit is under way at a time. What changes meanwhile is gathered and becomes the next commit. So the events
 * that a node emits in a row share commits, and a store has at most one commit of each execution waiting.
 *
 * <p>Changes are {@linkplain #record recorded} under the execution's lock, which gives them their order. The store is
 * called without it, by {@link #flush}. This object's own lock is taken inside of the execution's and is not held around
 * foreign code. Safe for use by any thread.
 */
final class Journal {

    /** How many bytes of events may wait for the store before a node that emits more has to wait. */
    private static final long MAX_WAITING_BYTES = 4 << 20;

    private final ExecutionStore store;
    private final MemoryEventLog log;
    private final Owner owner;
    private final long number;

    private Batch next;
    private @Nullable Batch underWay;
    private @Nullable FlowScriptException failure;
    private boolean isAbandoned;

    /** The snapshot of the last commit. Used by the thread that commits. */
    private @Nullable ExecutionSnapshot committed;

    private volatile ExecutionSnapshot visible;
    private volatile boolean shown;

    /** Completes when a new execution is shown, or fails when it never will be; null for one that was loaded. */
    private final @Nullable CompletableFuture<@Nullable Void> firstShown;

    /** The fence of the shard, as it was when the execution was read from the store. */
    private final long fence;

    /** The execution. Called with no lock held. */
    interface Owner {

        /** The execution is stored for the first time. It can be found from now on; its first events are shown next. */
        void created();

        /** A commit with so many events goes to the store. {@return what watches it} */
        CommitWatch committing(int events);

        /**
         * A commit was stored that was under way when the execution was lost. No other process tells of it.
         *
         * @param after the number of the last event before it; {@link Long#MAX_VALUE} when it has no events
         * @param last the number of its last event; 0 when it has none
         */
        void storedWhenLost(long after, long last);

        /** A commit has failed for good, and nothing more will be stored. */
        void failed(FlowScriptException why);
    }

    /** What goes into one commit, and what is to be done once it is stored. */
    private static final class Batch {

        final CompletableFuture<@Nullable Void> stored = new CompletableFuture<>();
        final List<RecordedEvent> events = new ArrayList<>(4);
        final List<Runnable> afterwards = new ArrayList<>(2);

        @Nullable
        WorkflowDefinition definition;

        @Nullable
        ExecutionSnapshot snapshot;

        long bytes;

        /** Told when the store has taken or refused it. */
        CommitWatch watch = CommitWatch.NONE;

        /** Whether readers see it. Guarded by the journal. */
        boolean isShown;

        boolean isEmpty() {
            return events.isEmpty() && snapshot == null;
        }
    }

    /**
     * Creates a journal.
     *
     * @param snapshot the execution as it is now
     * @param definition the workflow of a new execution, of which nothing is stored yet; null for one that was loaded
     * @param number the place of the execution in the order in which executions were started
     * @param fence the fence of the execution's shard
     */
    Journal(
            ExecutionStore store,
            MemoryEventLog log,
            ExecutionSnapshot snapshot,
            @Nullable WorkflowDefinition definition,
            long number,
            long fence,
            Owner owner) {
        this.store = store;
        this.number = number;
        this.fence = fence;
        this.log = log;
        this.owner = owner;
        this.visible = snapshot;
        this.shown = definition == null;
        this.firstShown = definition == null ? null : new CompletableFuture<>();
        this.committed = definition == null ? snapshot : null;
        this.next = new Batch();
        this.next.definition = definition;
    }

    /** {@return the execution as it may be shown} */
    ExecutionSnapshot visible() {
        return visible;
    }

    /** {@return whether the execution may be shown at all} */
    boolean isShown() {
        return shown;
    }

    /**
     * Waits until the execution may be shown.
     *
     * @throws FlowScriptException why it never will be
     */
    void awaitShown() {
        if (firstShown != null) {
            await(firstShown);
        }
    }

    /** {@return whether all is stored and shown that was recorded} */
    synchronized boolean isIdle() {
        return (underWay == null || underWay.isShown) && next.isEmpty() && failure == null;
    }

    /**
     * Records an event that changes nothing but the log. The caller holds the execution's lock.
     *
     * @param afterwards what is to be done once the event is stored; does not throw
     */
    synchronized void record(RecordedEvent event, Runnable afterwards) {
        add(event);
        next.afterwards.add(afterwards);
    }

    /**
     * Records a step. The caller holds the execution's lock.
     *
     * @param events the events of the step
     * @param snapshot the execution after it
     * @param moved the definition that the execution runs from now on; null when that is the same as before
     * @param afterwards what is to be done once the step is stored; does not throw
     */
    synchronized void record(
            List<RecordedEvent> events,
            ExecutionSnapshot snapshot,
            @Nullable WorkflowDefinition moved,
            Runnable afterwards) {
        if (moved != null) {
            next.definition = moved;
        }
        for (RecordedEvent event : events) {
            add(event);
        }
        next.snapshot = snapshot;
        next.afterwards.add(afterwards);
    }

    private void add(RecordedEvent event) {
        next.events.add(event);
        next.bytes += event.weight();
    }

    /** {@return a future that completes when all that is recorded until now is stored; it fails when that is given up} */
    synchronized CompletableFuture<@Nullable Void> stored() {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (!next.isEmpty()) {
            return next.stored;
        }
        return underWay == null ? CompletableFuture.completedFuture(null) : underWay.stored;
    }

    /** Waits while too much is waiting for the store. Called by nodes, with no lock held. */
    void awaitRoom() {
        CompletableFuture<@Nullable Void> full = full();
        while (full != null) {
            await(full);
            full = full();
        }
    }

    private synchronized @Nullable CompletableFuture<@Nullable Void> full() {
        return next.bytes < MAX_WAITING_BYTES || underWay == null ? null : underWay.stored;
    }

    /**
     * Waits for a future of {@link #stored}, or one that follows from it.
     *
     * @return what the future has
     * @throws FlowScriptException why it is not stored
     */
    static <T extends @Nullable Object> T await(CompletableFuture<T> stored) {
        try {
            return stored.join();
        } catch (CompletionException failed) {
            throw failure(failed);
        }
    }

    /** Gives what is recorded to the store, unless a commit is under way; then it follows. Called with no lock held. */
    void flush() {
        Batch batch = take();
        while (batch != null) {
            Batch given = batch;
            // Whoever comes second, the end of the commit or this thread, goes on.
            AtomicBoolean first = new AtomicBoolean(true);
            commit(given).whenComplete((nothing, thrown) -> {
                finish(given, thrown);
                if (!first.getAndSet(false)) {
                    flush();
                }
            });
            batch = first.getAndSet(false) ? null : take();
        }
    }

    /** Gives up: nothing more is stored, and whoever waits is told. */
    void fail(Throwable thrown) {
        FlowScriptException why = failure(thrown);
        if (stop(why, false)) {
            owner.failed(why);
        }
    }

    /**
     * Gives up because the execution goes on elsewhere. What is under way may still be written; who waits for it is told then,
     * but nothing is shown and nothing follows from it.
     */
    void abandon(FlowScriptException why) {
        boolean unused = stop(why, true);
    }

    private boolean stop(FlowScriptException why, boolean abandons) {
        Batch waiting;
        synchronized (this) {
            isAbandoned |= abandons;
            if (failure != null) {
                return false;
            }
            failure = why;
            waiting = next;
            next = new Batch();
        }
        waiting.stored.completeExceptionally(why);
        if (firstShown != null) {
            firstShown.completeExceptionally(why);
        }
        return true;
    }

    private synchronized boolean isAbandoned() {
        return isAbandoned;
    }

    private synchronized @Nullable Batch take() {
        if (underWay != null || next.isEmpty() || failure != null) {
            return null;
        }
        underWay = next;
        next = new Batch();
        return underWay;
    }

    private CompletionStage<@Nullable Void> commit(Batch batch) {
        batch.watch = owner.committing(batch.events.size());
        try {
            return Objects.requireNonNull(
                    store.commit(new Commit(
                            log.executionId(),
                            batch.events,
                            batch.snapshot,
                            committed,
                            batch.definition,
                            number,
                            fence)),
                    "the stage of the commit");
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    private void finish(Batch batch, @Nullable Throwable thrown) {
        batch.watch.done(thrown == null);
        if (thrown == null && isAbandoned()) {
            List<RecordedEvent> events = batch.events;
            owner.storedWhenLost(
                    events.isEmpty() ? Long.MAX_VALUE : events.get(0).seq() - 1,
                    events.isEmpty() ? 0 : events.get(events.size() - 1).seq());
        } else if (thrown == null) {
            show(batch);
            synchronized (this) {
                batch.isShown = true;
            }
            batch.afterwards.forEach(Runnable::run);
        }
        if (thrown != null) {
            fail(thrown); // first, or else the commit would seem to be stored for a moment
        }
        synchronized (this) {
            underWay = null;
        }
        if (thrown == null) {
            batch.stored.complete(null);
        } else {
            batch.stored.completeExceptionally(failure(thrown));
        }
    }

    /** A reader that sees an event in the log also sees its effect, because the snapshot is shown first. */
    private void show(Batch batch) {
        ExecutionSnapshot now = batch.snapshot == null ? visible : batch.snapshot;
        if (batch.snapshot != null) {
            committed = batch.snapshot;
        }
        RecordedEvent last = batch.events.isEmpty() ? null : batch.events.get(batch.events.size() - 1);
        visible = last == null || now.seq() >= last.seq()
                ? now
                : now.toBuilder()
                        .epoch(last.epoch())
                        .seq(last.seq())
                        .lastEventAt(last.time())
                        .build();
        if (!shown) {
            shown = true;
            owner.created();
            if (firstShown != null) {
                firstShown.complete(null);
            }
        }
        if (last != null) {
            log.show(last.seq());
        }
    }

    private static FlowScriptException failure(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof FlowScriptException known
                ? known
                : new FlowScriptException("store_failed", "The execution could not be stored", cause);
    }
}
