package io.flowscript.core.log.memory;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.MemoryBudget;
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
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A log that keeps the events of one execution in memory. Safe for use by any thread.
 *
 * <p>The events are in a ring whose number of slots is a power of two: event {@code n} is in slot {@code n mod size}. The ring
 * begins small, doubles when it is full and halves when it is three quarters empty. So an append takes constant time on
 * average, and the memory is proportional to the events kept. Reading takes no lock: an event has its number, so a reader that
 * finds another event in the slot, or none, knows that its event was dropped.
 *
 * <p>The order of writes makes this correct. An append writes the slot, then {@code latest}. A drop moves {@code oldest}, then
 * clears the slot. A new ring is complete before it is published. So for each number up to {@code latest}, the slot has the
 * event, or {@code oldest} is already greater than the number.
 *
 * <p>Readers see the events up to {@code latest}. Without a store, an append moves it at once. With a store, an appended event
 * is shown by {@link #show}, after it was stored. Events that are not shown yet are never dropped.
 *
 * <p>All but the newest events are kept as {@linkplain RecordedEvent#encoded bytes} alone, if somebody has encoded them: a store, or
 * a bridge. The log itself encodes nothing.
 *
 * <p>An append does not wake waiting cursors. The engine calls {@link #wake} after it has released its own lock.
 */
public final class MemoryEventLog implements EventLog {

    private static final Logger LOGGER = System.getLogger(MemoryEventLog.class.getName());
    private static final int FIRST_SIZE = 4;

    /** How many of the newest events are kept as objects when they have bytes too. Most readers need these only. */
    static final int NEWEST = 64;

    private static final AtomicReferenceArray<@Nullable RecordedEvent> CLOSED = new AtomicReferenceArray<>(1);

    private final RecordedEvent.Origin origin;
    private final Position continued;
    private final Retention retention;
    private final MemoryBudget budget;
    private final Executor executor;

    /** Weighs one event at a time. It is also the lock that guards all writes to the fields below. */
    private final EventWeight weight = new EventWeight();

    private volatile AtomicReferenceArray<@Nullable RecordedEvent> ring = new AtomicReferenceArray<>(FIRST_SIZE);
    private volatile long oldest;

    /** The number of the last event that readers see. */
    private volatile long latest;

    /** The number of the last event that can be. Set before {@code latest}, so the event and the end become visible together. */
    private volatile long last = Long.MAX_VALUE;

    private final boolean showsAtOnce;

    private volatile boolean passive;

    /** Whether the execution goes on elsewhere, and this log follows it. */
    private volatile boolean followed;

    /** What was told; null while the changes are not told one by one. Written under the lock. */
    private volatile @Nullable ToldChanges told;

    /** The number of the last event that is known to be in the store, when not all are shown. */
    private volatile long stored;

    /** Where events are read from that are no longer in memory; null when they are nowhere. */
    private volatile @Nullable OlderEvents older;

    /** What appends to this log. Whoever has the log, such as a cursor, keeps it from being collected. */
    private @Nullable Owner owner;

    /** The cursors that wait; null until the first one does, since most executions that wait have none. */
    private volatile @Nullable Waiters waiters;

    /** The number of the last event. */
    private long appended;

    private Instant lastTime;
    private long bytes;

    /**
     * Makes a log without events.
     *
     * @param executionId the id of the execution
     * @param workflowId the id of the workflow that it runs
     * @param epoch the epoch of the event numbers
     * @param continued the position that this log continues from, for a restored execution; {@link Position#START} for a
     *     new one. Numbers of its epoch are valid here up to its number.
     * @param lastEventAt the time of that event; {@link Instant#EPOCH} for a new execution. No event gets an earlier time.
     * @param retention the bounds of what this log keeps
     * @param budget the memory that all logs of the engine share
     * @param executor runs the callbacks of waiting cursors
     * @param showsAtOnce whether readers see an event when it is appended; if not, they see it when it is {@linkplain #show shown}
     */
    public MemoryEventLog(
            String executionId,
            String workflowId,
            String epoch,
            Position continued,
            Instant lastEventAt,
            Retention retention,
            MemoryBudget budget,
            Executor executor,
            boolean showsAtOnce) {
        this.origin = new RecordedEvent.Origin(executionId, workflowId, epoch);
        this.continued = continued;
        this.latest = continued.seq();
        this.appended = continued.seq();
        this.oldest = continued.seq() + 1;
        this.lastTime = Instant.ofEpochMilli(lastEventAt.toEpochMilli());
        this.retention = retention;
        this.budget = budget;
        this.executor = executor;
        this.showsAtOnce = showsAtOnce;
    }

    @Override
    public String executionId() {
        return origin.executionId();
    }

    @Override
    public String workflowId() {
        return origin.workflowId();
    }

    @Override
    public String epoch() {
        return origin.epoch();
    }

    @Override
    public long oldest() {
        OlderEvents from = older;
        return from == null ? oldest : Math.min(oldest, from.first());
    }

    @Override
    public long oldestInMemory() {
        return oldest;
    }

    /** {@return where events are read from that are no longer in memory; null when they are nowhere} */
    @Nullable
    OlderEvents older() {
        return older;
    }

    /**
     * Says where events are read from that are no longer in memory. Must be called before anybody reads.
     *
     * @param from reads them
     */
    public void keepOlderIn(OlderEvents from) {
        older = from;
    }

    /**
     * Sets what appends to this log. As long as somebody has the log, it is not collected. Called once, before anybody reads.
     *
     * @param appends the owner of this log
     */
    public void ownedBy(Owner appends) {
        owner = appends;
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
    public boolean has(Position position) {
        String known = position.epoch();
        OlderEvents from = older;
        return known == null
                || known.equals(epoch())
                || isUpTo(continued, position)
                || (from != null && isUpTo(from.continued(), position));
    }

    private static boolean isUpTo(Position last, Position position) {
        return Objects.equals(last.epoch(), position.epoch()) && position.seq() <= last.seq();
    }

    @Override
    public boolean isPassive() {
        return passive && !followed;
    }

    @Override
    public Position joinPosition() {
        ToldChanges known = told;
        return Position.after(epoch(), known == null || !followed ? latest : Math.min(known.joinAfter(), latest));
    }

    /**
     * Says that the changes of this log are told one by one from now on, while the execution goes on elsewhere. Who follows many
     * executions begins to read this one after {@link #joinPosition}.
     *
     * @param after the number of the last event before the change that is told next, from 0
     * @param isStart whether the change is the start of the execution, of which nobody was told here
     */
    public void tell(long after, boolean isStart) {
        synchronized (weight) {
            ToldChanges known = told;
            told = known == null || (isStart && known.isBefore(0))
                    ? ToldChanges.first(latest, after)
                    : known.next(after);
        }
    }

    /** {@return whether the changes of this log are told one by one, so that it shows no more than was told} */
    public boolean isTold() {
        return told != null;
    }

    /**
     * Says that the changes up to an event were told, and shows them.
     *
     * @param upTo the number of the event
     * @param time the time of the newest event
     */
    public void told(long upTo, Instant time) {
        synchronized (weight) {
            ToldChanges known = told;
            told = known == null ? null : known.upTo(upTo);
            follow(upTo, time);
        }
    }

    /**
     * Returns whether changes are still to be told up to an event.
     *
     * @param last the number of the event
     * @return whether some were told and others are to follow
     */
    public boolean isToBeTold(long last) {
        synchronized (weight) {
            ToldChanges known = told;
            return known != null && known.isBefore(last);
        }
    }

    /** Says that the execution goes on elsewhere from the beginning of this log, which nobody has followed yet. */
    public void followedFromStart() {
        followed = true;
    }

    /**
     * Says whether the execution goes on elsewhere, and this log follows it.
     *
     * @param now whether it does
     */
    public void followed(boolean now) {
        synchronized (weight) {
            if (followed != now) {
                followed = now;
                // Who has followed it here goes on with what is told, and must not hear of anything twice.
                told = now ? ToldChanges.none(latest) : null;
            }
        }
    }

    /**
     * Says that events are in the store up to one, which this log may show later. A reader that has seen more than is shown, in
     * another engine, goes on with its position.
     *
     * @param seq the number of the event
     */
    public void isStored(long seq) {
        synchronized (weight) {
            stored = Math.max(stored, seq);
        }
    }

    /** {@return whether a cursor waits for the next event} */
    public boolean isWatched() {
        Waiters waiting = waiters;
        return waiting != null && !waiting.isEmpty();
    }

    /** Tells the owner of a log that nothing else keeps that a cursor has begun to wait, or has been closed. */
    void watchedChanged() {
        Owner appends = owner;
        if (passive && appends != null) {
            appends.watchedChanged();
        }
    }

    /** What appends to a log. */
    public interface Owner {

        /** A cursor has begun to wait or has been closed while the log was passive. Called with no lock held. */
        void watchedChanged();
    }

    /**
     * Says whether the execution has left memory. Does not wake waiting cursors.
     *
     * @param now whether it has
     */
    public void passive(boolean now) {
        passive = now;
    }

    @Override
    public Cursor cursor(Position after) {
        String known = after.epoch();
        if (known != null && !has(after)) {
            long next = after.seq() == Long.MAX_VALUE ? after.seq() : after.seq() + 1;
            return new MemoryCursor(this, 0, new Read.Missed(known, next, null));
        }
        long newest = latest;
        if (after.seq() > Math.max(newest, stored) && !seenElsewhere(after.seq())) {
            return new MemoryCursor(this, newest, new Read.Missed(epoch(), newest + 1, after.seq()));
        }
        return new MemoryCursor(this, after.seq(), null);
    }

    /**
     * Notes that somebody has seen an event, which another engine may show before this one knows that it is stored. It counts as stored from
     * then on, also when this log takes it back.
     *
     * @return false when this log has never had the event
     */
    private boolean seenElsewhere(long seq) {
        synchronized (weight) {
            if (seq > appended) {
                return false;
            }
            stored = Math.max(stored, seq);
            return true;
        }
    }

    @Override
    public List<RecordedEvent> read(Position after, int max) {
        List<RecordedEvent> events = readFromMemory(after, max);
        OlderEvents from = older;
        long newest = latest;
        if (!events.isEmpty() || from == null || after.seq() >= newest || !has(after)) {
            return events;
        }
        List<RecordedEvent> stored = from.read(after.seq(), (int) Math.min(max, newest - after.seq()));
        return stored.isEmpty() || stored.get(0).seq() > after.seq() + 1 ? List.of() : stored;
    }

    @Override
    public List<RecordedEvent> readFromMemory(Position after, int max) {
        MemoryCursor.checkMax(max);
        try (Cursor cursor = new MemoryCursor(this, after.seq(), null)) {
            return after.seq() + 1 >= oldest && has(after) && cursor.read(max) instanceof Read.Events found
                    ? found.events()
                    : List.of();
        }
    }

    @Override
    public Cursor cursorAtEnd() {
        return new MemoryCursor(this, latest, null);
    }

    /**
     * Estimates the memory of an event in a log.
     *
     * @param event the event
     * @return the estimate, in bytes; always the same for the same event
     */
    public static long weight(Event event) {
        return new EventWeight().of(event);
    }

    /** Says that no further event can follow, for an execution that had ended when this log began. Waiting cursors are woken. */
    public void end() {
        synchronized (weight) {
            last = appended;
        }
        wake();
    }

    /**
     * Adds an event with the next number, in constant time on average. Drops the oldest events when the log would be over its
     * retention or over the budget. Does not wake waiting cursors.
     *
     * @param event the event
     * @param now the current time; when it is before the time of the previous event, that time is recorded
     * @return the event as it was recorded
     * @throws IllegalStateException when the execution's last event is in the log, or the log is closed
     */
    public RecordedEvent append(Event event, Instant now) {
        synchronized (weight) {
            if (appended >= last) {
                throw new IllegalStateException(
                        ring == CLOSED
                                ? "The log of " + executionId() + " is closed, so " + event.type() + " cannot be added"
                                : "The last event of " + executionId() + " is in, so " + event.type()
                                        + " cannot follow");
            }
            int weight = (int) Math.min(this.weight.of(event), Integer.MAX_VALUE);
            makeRoom(weight);
            long seq = appended + 1;
            RecordedEvent recorded = new RecordedEvent(origin, seq, timeOf(now), event, weight);
            bytes += weight;
            budget.add(weight);
            ring.setRelease(slot(ring, seq), recorded);
            if (event.isTerminal()) {
                last = seq;
            }
            appended = seq;
            if (showsAtOnce) {
                latest = seq;
                letGoOfObject(seq - NEWEST);
            }
            return recorded;
        }
    }

    /**
     * Lets readers see events that were appended before. Does not wake waiting cursors.
     *
     * @param upTo the number of the last event to show; has no effect when readers see it already, or the log is closed
     */
    public void show(long upTo) {
        synchronized (weight) {
            if (upTo > latest && upTo <= appended && ring != CLOSED) {
                long next = latest + 1;
                latest = upTo;
                for (long seq = next; seq <= upTo; seq++) {
                    letGoOfObject(seq - NEWEST);
                }
            }
        }
    }

    /**
     * An event that is not one of the newest is kept as bytes alone, if it has bytes. The caller has moved {@code latest} before;
     * who encodes an event reads {@code latest} afterwards. So one of the two lets go of the object.
     */
    private void letGoOfObject(long seq) {
        RecordedEvent event = seq < oldest ? null : ring.getPlain(slot(ring, seq));
        if (event != null) {
            event.keepBytesOnly();
        }
    }

    @Override
    public void encoded(RecordedEvent event) {
        if (event.seq() <= latest - NEWEST) {
            event.keepBytesOnly();
        }
    }

    /**
     * Wakes all waiting cursors with one task on the executor. When the executor takes no task, this thread runs their
     * callbacks. The caller must hold no lock. Costs one volatile read when no cursor waits.
     */
    public void wake() {
        Waiters waiting = waiters;
        Waiters.Waiter taken = waiting == null ? null : waiting.takeAll();
        if (waiting == null || taken == null) {
            return;
        }
        try {
            executor.execute(() -> wakeAll(waiting, taken));
        } catch (Throwable e) {
            // The executor is shut down or has no thread. Callbacks are short by contract, and without them a client
            // would hang.
            wakeAll(waiting, taken);
        }
    }

    /** Drops all events from memory that can be read from the store. Has no effect without a store. */
    public void dropStored() {
        synchronized (weight) {
            if (older != null && ring != CLOSED) {
                while (canDrop()) {
                    dropOldest();
                }
                resize(Math.max(FIRST_SIZE, Integer.highestOneBit((int) Math.max(1, kept())) * 2));
            }
        }
    }

    /** Takes back the events that readers do not see yet: the execution goes on elsewhere, without them. */
    public void rewind() {
        synchronized (weight) {
            for (long seq = appended; seq > latest && ring != CLOSED; seq--) {
                RecordedEvent event = ring.getPlain(slot(ring, seq));
                long freed = event == null ? 0 : event.weight();
                ring.setRelease(slot(ring, seq), null);
                bytes -= freed;
                budget.add(-freed);
            }
            appended = latest;
            if (latest < last) { // an end that readers have seen stays
                last = Long.MAX_VALUE;
            }
        }
    }

    /**
     * Goes on to an event that was appended elsewhere. Readers read the events up to it from the store. Does not wake waiting
     * cursors.
     *
     * @param seq the number of the event; has no effect when this log has it already, or is closed
     * @param time the time of the event
     */
    public void follow(long seq, Instant time) {
        synchronized (weight) {
            if (seq > appended && older != null && ring != CLOSED) {
                while (canDrop()) {
                    dropOldest();
                }
                oldest = seq + 1;
                appended = seq;
                lastTime = Instant.ofEpochMilli(time.toEpochMilli());
                latest = seq;
            }
        }
    }

    /**
     * Drops all events; no event can be added afterwards, and none is read from a store. Waiting cursors are woken. A cursor
     * reports the events that it has not read as a gap, and then the end. A second call has no effect.
     */
    public void close() {
        synchronized (weight) {
            older = null;
            oldest = latest + 1;
            ring = CLOSED;
            last = latest;
            appended = latest;
            budget.add(-bytes);
            bytes = 0;
        }
        wake();
    }

    /** {@return the cursors that wait, for one that begins to} */
    Waiters waiters() {
        Waiters waiting = waiters;
        if (waiting == null) {
            synchronized (weight) {
                waiting = waiters;
                if (waiting == null) {
                    waiting = new Waiters();
                    waiters = waiting;
                }
            }
        }
        return waiting;
    }

    /** Lets a cursor wait no more. {@return its callback; null when it has none} */
    @Nullable
    Runnable removeWaiter(Waiters.Waiter waiter) {
        Waiters waiting = waiters;
        return waiting == null ? null : waiting.remove(waiter);
    }

    /** The number of slots, for tests. */
    int slots() {
        return ring.length();
    }

    /**
     * Copies events without a gap. The list is shorter than {@code max}, or empty, when events are dropped at the same time.
     *
     * @param from the number of the first event, at most {@link #latest}
     * @param max the number of events; {@code from + max - 1} is at most {@link #latest}
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

    private void wakeAll(Waiters waiting, Waiters.Waiter taken) {
        Runnable wake = waiting.poll(taken);
        while (wake != null) {
            Guard.run(
                    wake::run,
                    thrown -> LOGGER.log(Level.ERROR, "A wake-up of the log of " + executionId() + " failed", thrown));
            wake = waiting.poll(taken);
        }
    }

    private Instant timeOf(Instant now) {
        if (now.toEpochMilli() > lastTime.toEpochMilli()) {
            lastTime = Instant.ofEpochMilli(now.toEpochMilli());
        }
        return lastTime;
    }

    /** Drops old events until one more of this weight is within the bounds, and makes sure that the ring has a slot for it. */
    private void makeRoom(long weight) {
        while (canDrop() && (kept() >= retention.maxEvents() || bytes + weight > retention.maxBytes())) {
            dropOldest();
        }
        long dropped = 0;
        while (canDrop() && dropped < weight && budget.isUsedUp(weight)) {
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
        return appended - oldest + 1;
    }

    private boolean canDrop() {
        return oldest <= latest;
    }

    private long dropOldest() {
        long seq = oldest;
        int slot = slot(ring, seq);
        RecordedEvent event = ring.getPlain(slot);
        long weight = event == null ? 0 : event.weight();
        oldest = seq + 1;
        ring.setRelease(slot, null);
        bytes -= weight;
        budget.add(-weight);
        return weight;
    }

    private void resize(int size) {
        AtomicReferenceArray<@Nullable RecordedEvent> from = ring;
        AtomicReferenceArray<@Nullable RecordedEvent> to = new AtomicReferenceArray<>(size);
        for (long seq = oldest; seq <= appended; seq++) {
            to.setPlain(slot(to, seq), from.getPlain(slot(from, seq)));
        }
        ring = to;
    }

    private static int slot(AtomicReferenceArray<?> ring, long seq) {
        return (int) seq & (ring.length() - 1);
    }
}
