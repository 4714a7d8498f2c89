package io.flowscript.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/**
 * Emits events at a steady rate. Each event has a due time of its own, whenever the previous one was emitted. None is left
 * out, so an event that comes late has an age that says so.
 */
public final class Pace {

    private Pace() {}

    /** Emits one event. */
    public interface Emission {
        /**
         * Emits an event.
         *
         * @param number its number, from 0
         * @param due when it was to be emitted, by {@link System#nanoTime}
         */
        void emit(int number, long due);
    }

    /**
     * Emits events on this thread.
     *
     * @param perSecond events per second; 0 for full speed
     * @param time how long
     * @param emission emits them
     */
    public static void keep(int perSecond, Duration time, Emission emission) {
        long begun = System.nanoTime();
        if (perSecond == 0) {
            int number = 0;
            for (long now = begun; now - begun < time.toNanos(); now = System.nanoTime()) {
                emission.emit(number++, now);
            }
            return;
        }
        long count = perSecond * time.toMillis() / 1_000;
        keep(perSecond, number -> number < count, emission);
    }

    /**
     * Emits events on this thread.
     *
     * @param perSecond events per second, from 1
     * @param goesOn whether to emit the event with that number too, asked before each
     * @param emission emits them
     */
    static void keep(int perSecond, IntPredicate goesOn, Emission emission) {
        long begun = System.nanoTime();
        for (int number = 0; goesOn.test(number); number++) {
            long due = begun + number * 1_000_000_000L / perSecond;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            emission.emit(number, due);
        }
    }
}
