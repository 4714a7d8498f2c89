package io.flowscript.events.delivery;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Detects a client that does not take a batch in time. It sets at most one timer, and only while a batch is in flight.
 * Only the client's pump uses this class, except for the timer, which signals the pump.
 */
final class StallWatch {

    private final EngineClock clock;
    private final Duration timeout;
    private final Runnable signal;
    private volatile boolean watching;
    private EngineClock.@Nullable Timer timer;

    StallWatch(EngineClock clock, Duration timeout, Runnable signal) {
        this.clock = clock;
        this.timeout = timeout;
        this.signal = signal;
    }

    /**
     * Checks the batch in flight, and sets the timer if it is not due yet.
     *
     * @param busyFor how long a batch has been in flight; null when none is
     * @return whether it has been in flight for the whole timeout
     */
    boolean isStalled(@Nullable Duration busyFor) {
        if (busyFor == null) {
            return false;
        }
        Duration left = timeout.minus(busyFor);
        if (left.isNegative() || left.isZero()) {
            return true;
        }
        if (!watching) {
            watching = true;
            timer = clock.schedule(left, this::tick);
        }
        return false;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void tick() {
        watching = false;
        signal.run();
    }
}
