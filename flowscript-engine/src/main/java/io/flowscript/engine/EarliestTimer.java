package io.flowscript.engine;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One timer for a task, set for the earliest of the times that were asked for since it rang last. Safe for use by any thread. */
final class EarliestTimer {

    private final EngineClock clock;
    private final Runnable task;

    private EngineClock.@Nullable Timer timer;
    private Instant next = Instant.MAX;
    private boolean closed;

    /**
     * Creates a timer that is not set.
     *
     * @param task a short task that does not block
     */
    EarliestTimer(EngineClock clock, Runnable task) {
        this.clock = clock;
        this.task = task;
    }

    /** Lets the task run at a time, or earlier. */
    synchronized void at(Instant time) {
        if (!closed && time.isBefore(next)) {
            cancel();
            next = time;
            timer = clock.schedule(time, this::ring);
        }
    }

    /** Lets the task run after a duration, or earlier. */
    void after(Duration duration) {
        at(later(clock.instant(), duration));
    }

    synchronized void close() {
        closed = true;
        cancel();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** {@return a time that is later by a duration, at most the latest there is} */
    static Instant later(Instant time, Duration by) {
        return Duration.between(time, Instant.MAX).compareTo(by) < 0 ? Instant.MAX : time.plus(by);
    }

    /** {@return a time that is earlier by a duration, at least the earliest there is} */
    static Instant earlier(Instant time, Duration by) {
        return Duration.between(Instant.MIN, time).compareTo(by) < 0 ? Instant.MIN : time.minus(by);
    }

    private void ring() {
        synchronized (this) {
            next = Instant.MAX;
        }
        task.run();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
