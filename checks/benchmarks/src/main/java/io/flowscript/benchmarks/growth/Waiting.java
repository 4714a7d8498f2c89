package io.flowscript.benchmarks.growth;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition that nothing announces. */
final class Waiting {

    private static final long NAP_NANOS = 20_000;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private Waiting() {}

    static void until(BooleanSupplier done) {
        long begun = System.nanoTime();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - begun > LONGEST_NANOS) {
                throw new IllegalStateException("It has not come within five minutes");
            }
            LockSupport.parkNanos(NAP_NANOS);
        }
    }
}
