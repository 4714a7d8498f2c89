package io.flowscript.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.store.ExecutionArchive;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoreRetention;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Removes executions that have ended from the store when they are too old, too many or too large. It works in small batches,
 * so that it never holds up those that write. It looks at the store a while after an execution has ended, and when the oldest
 * one is too old; an idle engine leaves its database alone. Safe for use by any thread.
 */
final class StoreCleanup {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    /** How long after the end of an execution the store is looked at. */
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    /** How many executions are removed at a time. */
    private static final int BATCH = 64;

    private static final int EVENTS_PER_PAGE = 1_000;

    private final ExecutionStore store;
    private final StoreRetention retention;
    private final @Nullable ExecutionArchive archive;
    private final EngineClock clock;
    private final Consumer<String> removed;
    private final BooleanSupplier isOurs;
    private final SerialTask task;
    private final EarliestTimer timer;

    /**
     * Creates an idle object.
     *
     * @param archive takes over what is removed; null for nothing
     * @param readers runs the work, which blocks
     * @param removed receives the id of each execution that was removed
     * @param isOurs whether this engine removes executions, and no other one that shares the store
     */
    StoreCleanup(
            ExecutionStore store,
            StoreRetention retention,
            @Nullable ExecutionArchive archive,
            EngineClock clock,
            Executor readers,
            Consumer<String> removed,
            BooleanSupplier isOurs) {
        this.store = store;
        this.retention = retention;
        this.archive = archive;
        this.clock = clock;
        this.removed = removed;
        this.isOurs = isOurs;
        this.task = new SerialTask(readers, this::run);
        this.timer = new EarliestTimer(clock, task::signal);
    }

    /** Begins. Called once. */
    void start() {
        task.signal();
    }

    /** An execution has ended. */
    void ended() {
        timer.after(INTERVAL);
    }

    void close() {
        task.stop();
        timer.close();
    }

    /** Removes one batch. When there is more, the next one follows in a run of its own, so that others get their turn. */
    private void run() {
        try {
            if (!isOurs.getAsBoolean()) {
                timer.after(INTERVAL);
                return;
            }
            if (removeBatch()) {
                task.signal();
                return;
            }
            for (StoredExecution oldest : store.list(new ExecutionQuery.Ended(Instant.MAX, 1))) {
                timer.at(EarliestTimer.later(oldest.snapshot().lastEventAt(), retention.maxAge()));
            }
        } catch (Throwable thrown) { // also when memory is used up: otherwise nothing would be removed any more
            Guard.report(thrown, this::failed);
            timer.after(INTERVAL);
        }
    }

    private void failed(Throwable thrown) {
        if (!timer.isClosed()) {
            LOGGER.log(
                    Level.WARNING,
                    "Executions that have ended cannot be removed from the store; this is tried again in "
                            + INTERVAL.toMinutes() + " minutes",
                    thrown);
        }
    }

    /** {@return whether there may be more to remove} */
    private boolean removeBatch() {
        Instant now = clock.instant();
        List<StoredExecution> old =
                store.list(new ExecutionQuery.Ended(EarliestTimer.earlier(now, retention.maxAge()), BATCH));
        if (!old.isEmpty()) {
            return remove(old);
        }
        StoreUsage usage = store.usage();
        long over = usage.ended() - retention.maxExecutions();
        if (over <= 0 && usage.endedBytes() <= retention.maxBytes()) {
            return false;
        }
        long tooLarge = usage.endedBytes() - retention.maxBytes();
        long few = usage.ended() == 0 ? 0 : tooLarge / Math.max(1, usage.endedBytes() / usage.ended());
        // Executions differ in size, so what is too much in bytes is seen again after some are gone.
        int batch = (int) Math.min(BATCH, Math.max(1, Math.max(over, few)));
        return remove(store.list(new ExecutionQuery.Ended(Instant.MAX, batch)));
    }

    private boolean remove(List<StoredExecution> ended) {
        List<CompletableFuture<?>> removals = new ArrayList<>();
        try {
            for (StoredExecution execution : ended) {
                String id = execution.snapshot().executionId();
                if (archive != null) {
                    archive.archive(execution, () -> new Events(id));
                }
                removals.add(store.remove(id).toCompletableFuture().thenRun(() -> removed.accept(id)));
            }
        } finally {
            removals.forEach(CompletableFuture::join);
        }
        return !ended.isEmpty();
    }

    /** The events of an execution, read page by page. */
    private final class Events implements Iterator<RecordedEvent> {

        private final String executionId;
        private Iterator<RecordedEvent> page = List.<RecordedEvent>of().iterator();
        private long last;
        private boolean atEnd;

        Events(String executionId) {
            this.executionId = executionId;
        }

        @Override
        public boolean hasNext() {
            if (!atEnd && !page.hasNext()) {
                page = store.events(executionId, last, EVENTS_PER_PAGE).iterator();
                atEnd = !page.hasNext();
            }
            return page.hasNext();
        }

        @Override
        public RecordedEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException("There is no event after " + last);
            }
            RecordedEvent next = page.next();
            last = next.seq();
            return next;
        }
    }
}
