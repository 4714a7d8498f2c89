package io.flowscript.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Events at a steady rate: each is due at its own moment, whenever the one before it was emitted. */
final class Pace {

    private Pace() {}

    /** Emits one event. */
    interface Emission {
        void emit(int number);
    }

    /**
     * Emits on this thread.
     *
     * @param perSecond how many; 0 for as many as it can
     * @param time for how long
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
