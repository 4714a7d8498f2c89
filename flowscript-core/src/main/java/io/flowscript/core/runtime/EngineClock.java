package io.flowscript.core.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock with a scheduler. The engine and the delivery of events take all time from it, so a test can control time
 * by replacing it. Implementations must be safe for use by any thread.
 *
 * <p>It has two times. {@link #instant} is the time of day; it jumps when somebody sets the system's clock, and is for
 * moments. {@link #nanoTime} is monotonic; it never jumps, and is for durations. An implementation must keep them
 * apart: a duration that is computed from the time of day lasts an hour longer when the clock is set back by an hour.
 *
 * @since 0.1.0
 */
public interface EngineClock extends InstantSource {

    /**
     * Runs a task once, at a moment of the time of day or as soon as possible after it. If the time of day jumps, the
     * new time counts from then on; a task may come up to a second late because of a jump. If the moment has passed,
     * the task runs at once, but on the clock's thread and never within this call.
     *
     * @param at the moment to run the task
     * @param task a short task that neither blocks nor throws; the engine runs longer work on its executor
     * @return a timer that can cancel the task
     */
    Timer schedule(Instant at, Runnable task);

    /**
     * Runs a task once, when a duration has passed on the monotonic time or as soon as possible after that. Setting the
     * system's clock has no effect on it. If the duration is zero or negative, the task runs at once, but on the
     * clock's thread and never within this call.
     *
     * @param after the duration from now; one that is too long for {@link #nanoTime} never ends
     * @param task a short task that neither blocks nor throws; the engine runs longer work on its executor
     * @return a timer that can cancel the task
     */
    Timer schedule(Duration after, Runnable task);

    /**
     * Returns the monotonic time. Setting the system's clock does not change it. Only the difference of two values has
     * a meaning.
     *
     * @return nanoseconds
     */
    long nanoTime();

    /** A scheduled task. */
    @FunctionalInterface
    interface Timer {

        /** Cancels the task if it has not begun; otherwise it does nothing. */
        void cancel();
    }
}
