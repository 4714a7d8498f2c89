package io.flowscript.engine;

import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.EngineClock.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executions that leave memory: the oldest first, when they have been here for too long, when they are too many, or when
 * their memory is needed. One timer serves all. Safe for use by any thread; lets executions leave with no lock held.
 */
final class ExpiryQueue {

    private final EngineClock clock;
    private final Duration keptFor;
    private final int max;
    private final Expiry expiry;

    private final Deque<Kept> all = new ArrayDeque<>();
    /** The timer that is set, or that rings at this moment; null while there is none. */
    private @Nullable Timer timer;

    private boolean closed;

    /** Lets an execution leave memory. */
    interface Expiry {

        /**
         * Called once for each time that the execution was added.
         *
         * @param decisions its {@link WorkflowExecution#decisions} when it was added
         */
        void expire(WorkflowExecution execution, long decisions);
    }

    private record Kept(WorkflowExecution execution, long decisions, long since) {}

    ExpiryQueue(EngineClock clock, Duration keptFor, int max, Expiry expiry) {
        this.clock = clock;
        this.keptFor = keptFor;
        this.max = max;
        this.expiry = expiry;
    }

    void add(WorkflowExecution execution) {
        Kept added = new Kept(execution, execution.decisions(), clock.nanoTime());
        List<Kept> over;
        synchronized (this) {
            if (closed) {
                return;
            }
            all.addLast(added);
            over = takeOver(max);
            setTimer();
        }
        over.forEach(this::expire);
    }

    /** Lets the oldest execution leave; false when there is none. */
    boolean expireOldest() {
        Kept oldest;
        synchronized (this) {
            oldest = all.pollFirst();
        }
        if (oldest == null) {
            return false;
        }
        expire(oldest);
        return true;
    }

    private void expire(Kept kept) {
        expiry.expire(kept.execution(), kept.decisions());
    }

    synchronized void close() {
        closed = true;
        all.clear();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Takes one after the other, so that no execution is between the queue and its end when the memory is used up. */
    private void expireOld() {
        try {
            for (Kept old = takeOld(); old != null; old = takeOld()) {
                expire(old);
            }
        } finally {
            setNextTimer();
        }
    }

    private synchronized @Nullable Kept takeOld() {
        Kept oldest = all.peekFirst();
        return oldest != null && left(oldest).compareTo(Duration.ZERO) <= 0 ? all.removeFirst() : null;
    }

    private synchronized void setNextTimer() {
        timer = null;
        setTimer();
    }

    private List<Kept> takeOver(int most) {
        List<Kept> over = new ArrayList<>(0);
        while (all.size() > most) {
            over.add(all.removeFirst());
        }
        return over;
    }

    private Duration left(Kept kept) {
        return keptFor.minusNanos(clock.nanoTime() - kept.since());
    }

    /**
     * Schedules the timer for the oldest execution. If that one is removed earlier, the timer is scheduled again when
     * it fires.
     */
    private void setTimer() {
        Kept oldest = all.peekFirst();
        if (timer == null && oldest != null && !closed) {
            timer = clock.schedule(left(oldest), this::expireOld);
        }
    }
}
