package io.flowscript.core.runtime;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock with a scheduler. The engine and the delivery of events take all time from it, so a test can control time
 * by replacing it. Implementations must be safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface EngineClock extends InstantSource {

    /**
     * Runs a task once, at the given time or as soon as possible after it. If the time has passed, the task runs at
     * once, but on the clock's thread and never within this call.
     *
     * @param at the time to run the task
     * @param task a short task that neither blocks nor throws; the engine runs longer work on its executor
     * @return a timer that can cancel the task
     */
    Timer schedule(Instant at, Runnable task);

    /**
     * Returns a monotonic time for measuring how long something took. Setting the system's clock does not change it.
     * Only the difference of two values has a meaning.
     *
     * @return nanoseconds; the default is {@link System#nanoTime}
     */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** A scheduled task. */
    @FunctionalInterface
    interface Timer {

        /** Cancels the task if it has not begun; otherwise it does nothing. */
        void cancel();
    }
}
