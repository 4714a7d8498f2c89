package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionManager;
import io.flowscript.core.log.Position;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The executions that came to be, in the order in which they did, for the clients that follow more than single ones: a ring that all
 * of them read, each by the number of the last one it has seen. So a client that is slow costs nothing; one that is a whole
 * ring behind learns that it is. Safe for use by any thread; nothing is kept while nobody reads.
 */
final class NewExecutions {

    private final int size;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong readerNumbers = new AtomicLong();
    private final Map<Long, Reader> readers = new ConcurrentSkipListMap<>();
    private final SerialTask waking;
    private final io.flowscript.core.engine.Subscription created;
    private volatile AtomicReferenceArray<@Nullable Arrival> ring = new AtomicReferenceArray<>(1);

    /**
     * An execution that came to be.
     *
     * @param number its place among them
     * @param before where its log stood then: before its first event
     */
    record Arrival(long number, String executionId, String workflowId, Position before) {}

    NewExecutions(ExecutionManager executions, Executor executor, int size) {
        this.size = size;
        this.waking = new SerialTask(executor, () -> readers.values().forEach(Reader::wake));
        this.created = executions.onCreated(this::created);
    }

    /**
     * Begins to read. What came to be before has to be looked for elsewhere, after this; what is found there may come here too.
     *
     * @param wake run once when there is more to read, after {@link Reader#next} found nothing
     */
    Reader reader(Runnable wake) {
        synchronized (this) {
            if (ring.length() < size) {
                ring = new AtomicReferenceArray<>(size);
            }
        }
        Reader reader = new Reader(readerNumbers.incrementAndGet(), wake);
        readers.put(reader.id, reader);
        reader.seen = numbers.get();
        return reader;
    }

    void close() {
        created.close();
        waking.stop();
    }

    /** On the thread that starts the execution: the readers are woken by another one. */
    private void created(Execution execution) {
        if (readers.isEmpty()) {
            return;
        }
        Position before =
                Position.after(execution.events().epoch(), execution.events().latest());
        Arrival arrival = new Arrival(numbers.incrementAndGet(), execution.id(), execution.workflowId(), before);
        // One that is late by a whole ring must not hide a newer one.
        ring.accumulateAndGet(
                slot(arrival.number),
                arrival,
                (there, mine) -> there == null || (mine != null && mine.number > there.number) ? mine : there);
        waking.signal();
    }

    private int slot(long number) {
        return (int) (number % size);
    }

    /** One client's way through them; for its pump alone. */
    final class Reader {

        private final long id;
        private final Runnable wake;
        private final AtomicBoolean asleep = new AtomicBoolean(true);
        private long seen;
        private boolean behind;

        private Reader(long id, Runnable wake) {
            this.id = id;
            this.wake = wake;
        }

        /** The next one, null when there is none yet, upon which this reader is woken once, or when it is gone. */
        @Nullable
        Arrival next() {
            Arrival arrival = look();
            if (arrival == null) {
                asleep.set(true);
                arrival = look(); // what came before that was seen would else be slept through
            }
            if (arrival == null) {
                return null;
            }
            if (arrival.number > seen + 1) {
                behind = true;
                return null;
            }
            seen++;
            return arrival;
        }

        private @Nullable Arrival look() {
            Arrival arrival = ring.get(slot(seen + 1));
            return arrival == null || arrival.number <= seen ? null : arrival;
        }

        private void wake() {
            if (asleep.compareAndSet(true, false)) {
                wake.run();
            }
        }

        /** Whether it is so far behind that some are gone. */
        boolean isBehind() {
            return behind;
        }

        void close() {
            readers.remove(id);
        }
    }
}
