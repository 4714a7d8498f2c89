package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.log.Position;
import io.flowscript.engine.Execution;
import io.flowscript.engine.ExecutionManager;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The executions that have started or come back into memory last, in this order, for clients with wide subscriptions.
 *
 * <p>It is a ring buffer with one writer position and any number of readers; each {@link Reader} holds the number of
 * the last execution that it has read. A slow reader therefore costs nothing. A reader that falls behind by the whole
 * ring finds out with {@link Reader#isBehind}, and its client is closed as too slow.
 *
 * <p>The engine calls {@link #onLoaded} on the thread that starts the execution, or lets it come back. Readers are woken on the executor.
 * While there is no reader, nothing is stored. Safe for use by any thread.
 */
final class NewExecutions {

    private final int size;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong readerNumbers = new AtomicLong();
    private final Map<Long, Reader> readers = new ConcurrentSkipListMap<>();
    private final SerialTask wakeReaders;
    private final io.flowscript.engine.Subscription created;
    private volatile AtomicReferenceArray<@Nullable NewExecution> ring = new AtomicReferenceArray<>(1);

    /**
     * A started execution.
     *
     * @param number its number among all started executions, from 1
     * @param before the position before its first event
     * @param held the execution, when another engine has it; null for one in memory, which is found again
     */
    record NewExecution(
            long number,
            String executionId,
            String workflowId,
            Position before,
            @Nullable Execution held) {}

    NewExecutions(ExecutionManager executions, Executor executor, int size) {
        this.size = size;
        this.wakeReaders = new SerialTask(executor, () -> readers.values().forEach(Reader::wake));
        this.created = executions.onLoaded(this::onLoaded);
    }

    /**
     * Adds a reader that starts with the next execution. The caller lists the existing executions afterwards; an
     * execution may then appear in both.
     *
     * @param wake runs once when there is more to read, after {@link Reader#next} has returned null
     */
    Reader reader(Runnable wake) {
        synchronized (this) {
            if (ring.length() < size) {
                ring = new AtomicReferenceArray<>(size);
            }
        }
        Reader reader = new Reader(readerNumbers.incrementAndGet(), wake);
        readers.put(reader.id, reader);
        reader.lastRead = numbers.get();
        return reader;
    }

    void close() {
        created.close();
        wakeReaders.stop();
    }

    /** Stores the execution. Runs on the thread that starts it; another thread wakes the readers. */
    private void onLoaded(Execution execution) {
        if (readers.isEmpty()) {
            return;
        }
        Position before = execution.events().joinPosition();
        NewExecution next = new NewExecution(
                numbers.incrementAndGet(),
                execution.id(),
                execution.workflowId(),
                before,
                execution.isLocal() ? null : execution);
        // A thread that is late by a whole ring must not overwrite a newer execution.
        ring.accumulateAndGet(
                slot(next.number),
                next,
                (there, mine) -> there == null || (mine != null && mine.number > there.number) ? mine : there);
        wakeReaders.signal();
    }

    private int slot(long number) {
        return (int) (number % size);
    }

    /** The read position of one client. Used by its pump only. */
    final class Reader {

        private final long id;
        private final Runnable wake;
        private final AtomicBoolean asleep = new AtomicBoolean(true);
        private long lastRead;
        private boolean behind;

        private Reader(long id, Runnable wake) {
            this.id = id;
            this.wake = wake;
        }

        /**
         * Returns the next execution. Null when there is none yet, or when it was overwritten ({@link #isBehind}).
         * After null, the reader is woken once when there is more.
         */
        @Nullable
        NewExecution next() {
            NewExecution next = peek();
            if (next == null) {
                asleep.set(true);
                next = peek(); // an execution may have been added before the flag was set
            }
            if (next == null) {
                return null;
            }
            if (next.number > lastRead + 1) {
                behind = true;
                return null;
            }
            lastRead++;
            return next;
        }

        private @Nullable NewExecution peek() {
            NewExecution next = ring.get(slot(lastRead + 1));
            return next == null || next.number <= lastRead ? null : next;
        }

        private void wake() {
            if (asleep.compareAndSet(true, false)) {
                wake.run();
            }
        }

        /** Whether executions were overwritten before this reader has read them. */
        boolean isBehind() {
            return behind;
        }

        void close() {
            readers.remove(id);
        }
    }
}
