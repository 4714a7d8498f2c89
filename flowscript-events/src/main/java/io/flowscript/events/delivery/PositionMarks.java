package io.flowscript.events.delivery;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a client is sent its position (protocol, section 3). This is necessary while a filter holds events back:
 * after every {@value #HELD_BACK_PER_MARK} of them. When the feed has nothing more to read, it is necessary after held-back
 * events and after a gap, at most once a second. Only the client's pump uses this class, except for the timer.
 */
final class PositionMarks {

    private static final int HELD_BACK_PER_MARK = 256;
    private static final Duration IDLE_INTERVAL = Duration.ofSeconds(1);

    private final EngineClock clock;
    private final Runnable wake;
    private volatile boolean timerFired;
    private int heldBack;
    private boolean wasIdle;
    /** When the position was last sent because the feed had nothing more to read, if it ever was. */
    private long lastIdle;

    private EngineClock.@Nullable Timer timer;

    /**
     * Creates the marks of one feed.
     *
     * @param wake runs on any thread when the feed has to check again
     */
    PositionMarks(EngineClock clock, Runnable wake) {
        this.clock = clock;
        this.wake = wake;
    }

    /** Notes that an event was held back, or that there was a gap. */
    void heldBack() {
        heldBack++;
    }

    /** Notes that a message has told the client its position. */
    void reported() {
        heldBack = 0;
    }

    /** Whether events were held back since the client last got its position. */
    boolean isPending() {
        return heldBack > 0;
    }

    /** Whether enough events were held back to send the position now. */
    boolean isDue() {
        return heldBack >= HELD_BACK_PER_MARK;
    }

    /**
     * Whether to send the position now that the feed has nothing more to read. If it is too early, a timer wakes the
     * feed.
     */
    boolean isDueWhenIdle() {
        if (timerFired) {
            timerFired = false;
            timer = null;
        }
        if (heldBack == 0) {
            return false;
        }
        long now = clock.nanoTime();
        Duration left = wasIdle ? IDLE_INTERVAL.minusNanos(now - lastIdle) : Duration.ZERO;
        if (left.compareTo(Duration.ZERO) > 0) {
            if (timer == null) {
                timer = clock.schedule(left, this::onTimer);
            }
            return false;
        }
        wasIdle = true;
        lastIdle = now;
        return true;
    }

    void close() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void onTimer() {
        timerFired = true;
        wake.run();
    }
}
