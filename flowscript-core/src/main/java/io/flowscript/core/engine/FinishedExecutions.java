package io.flowscript.core.engine;

import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.EngineClock.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The executions that have ended, in the order of their ends. They are removed when they are too old or too many, when
 * a new execution needs their place, or when the logs need their memory. One timer serves all. Safe for use by any
 * thread; removes executions with no lock held.
 */
final class FinishedExecutions {

    private final EngineClock clock;
    private final Duration keptFor;
    private final int max;
    private final Consumer<WorkflowExecution> forget;

    private final Deque<Finished> finished = new ArrayDeque<>();
    private @Nullable Timer timer;
    private boolean closed;

    private record Finished(WorkflowExecution execution, long since) {}

    FinishedExecutions(EngineClock clock, Duration keptFor, int max, Consumer<WorkflowExecution> forget) {
        this.clock = clock;
        this.keptFor = keptFor;
        this.max = max;
        this.forget = forget;
    }

    void add(WorkflowExecution execution) {
        List<WorkflowExecution> over;
        synchronized (this) {
            if (closed) {
                return;
            }
            finished.addLast(new Finished(execution, clock.nanoTime()));
            over = takeOver(max);
            setTimer();
        }
        over.forEach(forget);
    }

    /** Removes the oldest execution; false when there is none. */
    boolean forgetOldest() {
        Finished oldest;
        synchronized (this) {
            oldest = finished.pollFirst();
        }
        if (oldest == null) {
            return false;
        }
        forget.accept(oldest.execution());
        return true;
    }

    synchronized void close() {
        closed = true;
        finished.clear();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** Removes one after the other, so that no execution is between the queue and its removal when the memory is used up. */
    private void expire() {
        WorkflowExecution old = takeOld();
        while (old != null) {
            forget.accept(old);
            old = takeOld();
        }
    }

    private synchronized @Nullable WorkflowExecution takeOld() {
        timer = null;
        Finished oldest = finished.peekFirst();
        if (oldest != null && left(oldest).compareTo(Duration.ZERO) <= 0) {
            finished.removeFirst();
            return oldest.execution();
        }
        setTimer();
        return null;
    }

    private List<WorkflowExecution> takeOver(int most) {
        List<WorkflowExecution> over = new ArrayList<>(0);
        while (finished.size() > most) {
            over.add(finished.removeFirst().execution());
        }
        return over;
    }

    private Duration left(Finished execution) {
        return keptFor.minusNanos(clock.nanoTime() - execution.since());
    }

    /**
     * Schedules the timer for the oldest execution. If that one is removed earlier, the timer is scheduled again when
     * it fires.
     */
    private void setTimer() {
        Finished oldest = finished.peekFirst();
        if (timer == null && oldest != null && !closed) {
            timer = clock.schedule(left(oldest), this::expire);
        }
    }
}
