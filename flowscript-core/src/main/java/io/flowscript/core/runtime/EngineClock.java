package io.flowscript.core.runtime;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time, and what is to happen at a time. The engine and the delivery take all time from here, so a test that
 * replaces it drives everything. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface EngineClock extends InstantSource {

    /**
     * Runs a task once, at a time or as soon as possible after it. A time that has passed means now, on the clock's
     * thread all the same, never within this call.
     *
     * @param at when
     * @param task short, does not block, does not throw; the engine hands real work on to its executor
     * @return a way to call it off
     */
    Timer schedule(Instant at, Runnable task);

    /**
     * A reading to measure by how long something took, which setting the system's clock does not move. Only the difference of two
     * readings means anything.
     *
     * @return nanoseconds, as {@link System#nanoTime}, which this gives unless it is overridden
     */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** A task that is to come. */
    @FunctionalInterface
    interface Timer {

        /** Calls the task off, if it has not begun. Harmless when it has. */
        void cancel();
    }
}
