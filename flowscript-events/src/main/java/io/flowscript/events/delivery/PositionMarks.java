package io.flowscript.events.delivery;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a client is to be told where it stands (protocol, section 3): now and then while events go by that its filter holds
 * back, and, after those or after a hole, when there is nothing more to look at. Used by the client's pump alone, but for the timer.
 */
final class PositionMarks {

    private static final int EVENTS_BETWEEN = 256;
    private static final Duration IDLE_BETWEEN = Duration.ofSeconds(1);

    private final EngineClock clock;
    private final Runnable wake;
    private volatile boolean rang;
    private int heldBack;
    private @Nullable Instant lastIdle;
    private EngineClock.@Nullable Timer timer;

    /**
     * Makes marks for one feed.
     *
     * @param wake is run, by any thread, when it is time to look again
     */
    PositionMarks(EngineClock clock, Runnable wake) {
        this.clock = clock;
        this.wake = wake;
    }

    /** An event was held back, or a hole went by. */
    void heldBack() {
        heldBack++;
    }

    /** Something was said that tells where the client stands. */
    void reported() {
        heldBack = 0;
    }

    /** Whether anything was held back since. */
    boolean isPending() {
        return heldBack > 0;
    }

    /** Whether so many were that the client should know. */
    boolean isDue() {
        return heldBack >= EVENTS_BETWEEN;
    }

    /** Whether to mark now that there is nothing more to look at; if not yet, it wakes when it is time. */
    boolean isDueWhenIdle() {
        if (rang) {
            rang = false;
            timer = null;
        }
        if (heldBack == 0) {
            return false;
        }
        Instant now = clock.instant();
        Instant due = lastIdle == null ? now : lastIdle.plus(IDLE_BETWEEN);
        if (now.isBefore(due)) {
            if (timer == null) {
                timer = clock.schedule(due, this::ring);
            }
            return false;
        }
        lastIdle = now;
        return true;
    }

    void close() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void ring() {
        rang = true;
        wake.run();
    }
}
