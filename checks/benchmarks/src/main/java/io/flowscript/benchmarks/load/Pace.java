package io.flowscript.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Emits events at a steady rate. Each event has a due time of its own, whenever the previous one was emitted. */
final class Pace {

    private Pace() {}

    /** Emits one event. */
    interface Emission {
        void emit(int number);
    }

    /**
     * Emits events on this thread.
     *
     * @param perSecond events per second; 0 for full speed
     * @param time how long
     */
    static void keep(int perSecond, Duration time, Emission emission) {
        long begun = System.nanoTime();
        int number = 0;
        for (long now = begun; now - begun < time.toNanos(); now = System.nanoTime()) {
            if (perSecond == 0 || number * 1_000_000_000L <= (now - begun) * perSecond) {
                emission.emit(number++);
            } else {
                LockSupport.parkNanos(begun + number * 1_000_000_000L / perSecond - now);
            }
        }
    }
}
