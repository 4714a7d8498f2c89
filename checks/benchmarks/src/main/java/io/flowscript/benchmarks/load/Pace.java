package io.flowscript.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

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
        long end = System.nanoTime() + time.toNanos();
        keep(perSecond, () -> System.nanoTime() - end < 0, emission);
    }

    /**
     * Emits events on this thread.
     *
     * @param perSecond events per second; 0 for full speed
     * @param goesOn whether to go on
     */
    static void keep(int perSecond, BooleanSupplier goesOn, Emission emission) {
        long begun = System.nanoTime();
        int number = 0;
        while (goesOn.getAsBoolean()) {
            long now = System.nanoTime();
            if (perSecond == 0 || number * 1_000_000_000L <= (now - begun) * perSecond) {
                emission.emit(number++);
            } else {
                LockSupport.parkNanos(begun + number * 1_000_000_000L / perSecond - now);
            }
        }
    }
}
