package io.flowscript.events.delivery;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Notices a client that does not take what is sent to it. It looks only while something is under way, with one timer at the most.
 * Used by the client's pump alone, but for the tick.
 */
final class StallWatch {

    private final EngineClock clock;
    private final Duration patience;
    private final Runnable signal;
    private volatile boolean watching;
    private EngineClock.@Nullable Timer timer;

    StallWatch(EngineClock clock, Duration patience, Runnable signal) {
        this.clock = clock;
        this.patience = patience;
        this.signal = signal;
    }

    /**
     * Looks.
     *
     * @param busySince since when a batch has been under way, null when none is
     * @return whether that has been too long
     */
    boolean isStalled(@Nullable Instant busySince) {
        if (busySince == null) {
            return false;
        }
        Instant deadline = busySince.plus(patience);
        if (!clock.instant().isBefore(deadline)) {
            return true;
        }
        if (!watching) {
            watching = true;
            timer = clock.schedule(deadline, this::tick);
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
