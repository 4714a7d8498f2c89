package io.flowscript.core.log.memory;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.log.Retention;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The events of one execution, in memory. Safe for use by any thread.
 *
 * <p>They lie in a ring of a power of two slots: event {@code n} in slot {@code n mod size}. It begins small, doubles when it is full and
 * halves when it is three quarters empty, so an append takes constant time on average and memory follows what is kept. Reading
 * takes no lock: an event carries its own number, so a reader that finds another one in the slot, or none, knows that its
 * event was dropped.
 *
 * <p>The order of writes is what makes that sound. An append writes the slot, then {@code latest}; a drop moves {@code oldest}, then
 * clears the slot; a new ring is complete before it is published. So up to {@code latest} a slot holds its event, or {@code oldest}
 * is past it already.
 *
 * <p>An append wakes nobody. The engine calls {@link #wake} when it has let go of its own lock.
 */
public final class MemoryEventLog implements EventLog {

    private static final Logger LOGGER = System.getLogger(MemoryEventLog.class.getName());
    private static final int FIRST_SIZE = 8;
    private static final AtomicReferenceArray<@Nullable RecordedEvent> CLOSED = new AtomicReferenceArray<>(1);

    private final String executionId;
    private final String workflowId;
    private final String epoch;
    private final Retention retention;
    private final LogBudget budget;
    private final Executor executor;
    private final Waiters waiters = new Waiters();

    /** Guards every write below. */
    private final Object lock = new Object();

    private volatile AtomicReferenceArray<@Nullable RecordedEvent> ring = new AtomicReferenceArray<>(FIRST_SIZE);
    private volatile long oldest;
    private volatile long latest;

    /** The number of the last event, known before that is in: the end comes with it in one step. */
    private volatile long last = Long.MAX_VALUE;

    private Instant lastTime;
    private long bytes;

    /**
     * A log without events.
     *
     * @param executionId the execution
     * @param workflowId the workflow that it runs
     * @param epoch the epoch of its numbers
     * @param lastSeq the number of the last event that was kept elsewhere, 0 for a new execution
     * @param lastEventAt the time of that event; for a new execution a time before which no event is, such as
     *     {@link Instant#EPOCH}
     * @param retention how much is kept
     * @param budget what all logs of the engine hold together
     * @param executor runs the wake-ups
     */
    public MemoryEventLog(
            String executionId,
            String workflowId,
            String epoch,
            long lastSeq,
            Instant lastEventAt,
            Retention retention,
            LogBudget budget,
            Executor executor) {
        this.executionId = executionId;
        this.workflowId = workflowId;
        this.epoch = epoch;
        this.latest = lastSeq;
        this.oldest = lastSeq + 1;
        this.lastTime = Instant.ofEpochMilli(lastEventAt.toEpochMilli());
        this.retention = retention;
        this.budget = budget;
        this.executor = executor;
    }

    @Override
    public String executionId() {
        return executionId;
    }

    @Override
    public String workflowId() {
        return workflowId;
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public long oldest() {
        return oldest;
    }

    @Override
    public long latest() {
        return latest;
    }

    @Override
    public boolean isEnded() {
        return latest >= last;
    }

    @Override
    public Cursor cursor(Position after) {
        String known = after.epoch();
        if (known != null && !known.equals(epoch)) {
            long next = after.seq() == Long.MAX_VALUE ? after.seq() : after.seq() + 1;
            return new MemoryCursor(this, 0, new Read.Missed(known, next, null));
        }
        long newest = latest;
        if (after.seq() > newest) {
            return new MemoryCursor(this, newest, new Read.Missed(epoch, newest + 1, after.seq()));
        }
        return new MemoryCursor(this, after.seq(), null);
    }

    @Override
    public Cursor cursorAtEnd() {
        return new MemoryCursor(this, latest, null);
    }

    /**
     * What an event weighs in a log.
     *
     * @param event the event
     * @return an estimate of the memory that it holds, in bytes; the same for the same event
     */
    public static long weight(Event event) {
        return EventWeight.of(event);
    }

    /**
     * Gives an event its number and keeps it, in constant time on average. Drops from the beginning what is over the retention, or
     * over the budget. Wakes nobody.
     *
     * @param event what happened
     * @param now the time; where it is before that of the event before, that one's is taken
     * @return the event as it was recorded
     * @throws IllegalStateException when the last event is in, or the log is closed
     */
    public RecordedEvent append(Event event, Instant now) {
        long weight = EventWeight.of(event);
        synchronized (lock) {
            if (isEnded()) {
                throw new IllegalStateException(
                        ring == CLOSED
                                ? "The log of " + executionId + " is closed, so " + event.type() + " cannot be added"
                                : "The last event of " + executionId + " is in, so " + event.type() + " cannot follow");
            }
            makeRoom(weight);
            long seq = latest + 1;
            RecordedEvent recorded = new RecordedEvent(executionId, workflowId, epoch, seq, timeOf(now), event);
            bytes += weight;
            budget.add(weight);
            ring.setRelease(slot(ring, seq), recorded);
            if (event.isTerminal()) {
                last = seq;
            }
            latest = seq;
            return recorded;
        }
    }

    /**
     * Wakes the cursors that wait, by one task on the executor for all of them. To be called after appending, with no
     * lock held. Costs one volatile read when nobody waits.
     */
    public void wake() {
        Waiters.Waiter taken = waiters.takeAll();
        if (taken == null) {
            return;
        }
        try {
            executor.execute(() -> wakeAll(taken));
        } catch (RuntimeException | Error e) {
            // It takes no more work, or has no thread. Waking is short by contract, and without it a client would hang.
            wakeAll(taken);
        }
    }

    /**
     * Forgets every event and lets nothing follow. Cursors are woken: they are told of what they have not read as a hole, and then of
     * the end. Closing twice is harmless.
     */
    public void close() {
        synchronized (lock) {
            oldest = latest + 1;
            ring = CLOSED;
            last = latest;
            budget.add(-bytes);
            bytes = 0;
        }
        wake();
    }

    Waiters waiters() {
        return waiters;
    }

    /** How many slots there are, for tests of what is kept. */
    int slots() {
        return ring.length();
    }

    /**
     * The events from one on, without a hole: fewer than asked for, or none, when they are dropped meanwhile.
     *
     * @param from a number up to {@link #latest}
     * @param max how many, so that the last one is up to {@link #latest} too
     */
    List<RecordedEvent> copy(long from, int max) {
        AtomicReferenceArray<@Nullable RecordedEvent> here = ring;
        RecordedEvent[] found = new RecordedEvent[max];
        int count = 0;
        while (count < max) {
            RecordedEvent event = here.getAcquire(slot(here, from + count));
            if (event == null || event.seq() != from + count) {
                break;
            }
            found[count++] = event;
        }
        return Collections.unmodifiableList(Arrays.asList(count == max ? found : Arrays.copyOf(found, count)));
    }

    private void wakeAll(Waiters.Waiter taken) {
        Runnable wake = waiters.poll(taken);
        while (wake != null) {
            try {
                wake.run();
            } catch (RuntimeException | Error e) {
                LOGGER.log(Level.ERROR, "A wake-up of the log of " + executionId + " failed", e);
            }
            wake = waiters.poll(taken);
        }
    }

    private Instant timeOf(Instant now) {
        if (now.toEpochMilli() > lastTime.toEpochMilli()) {
            lastTime = Instant.ofEpochMilli(now.toEpochMilli());
        }
        return lastTime;
    }

    /** Drops what is over the bounds once an event of this weight is in, and sees to it that there is a slot for it. */
    private void makeRoom(long weight) {
        while (kept() >= retention.maxEvents() || (kept() > 0 && bytes + weight > retention.maxBytes())) {
            dropOldest();
        }
        long dropped = 0;
        while (kept() > 0 && dropped < weight && budget.isUsedUp(weight)) {
            dropped += dropOldest();
        }
        int size = ring.length();
        if (kept() == size) {
            resize(size * 2);
        } else if (size > FIRST_SIZE && kept() < size / 4) {
            resize(size / 2);
        }
    }

    private long kept() {
        return latest - oldest + 1;
    }

    private long dropOldest() {
        long seq = oldest;
        int slot = slot(ring, seq);
        RecordedEvent event = ring.getPlain(slot);
        long weight = event == null ? 0 : EventWeight.of(event.event());
        oldest = seq + 1;
        ring.setRelease(slot, null);
        bytes -= weight;
        budget.add(-weight);
        return weight;
    }

    private void resize(int size) {
        AtomicReferenceArray<@Nullable RecordedEvent> from = ring;
        AtomicReferenceArray<@Nullable RecordedEvent> to = new AtomicReferenceArray<>(size);
        for (long seq = oldest; seq <= latest; seq++) {
            to.setPlain(slot(to, seq), from.getPlain(slot(from, seq)));
        }
        ring = to;
    }

    private static int slot(AtomicReferenceArray<?> ring, long seq) {
        return (int) seq & (ring.length() - 1);
    }
}
