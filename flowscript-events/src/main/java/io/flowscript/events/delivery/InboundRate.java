package io.flowscript.events.delivery;

import io.flowscript.core.runtime.EngineClock;
import io.flowscript.events.operations.TokenBucket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Slows down a client that sends faster than it may: its next message is demanded only when the rate allows it, and so
 * the transport's back-pressure reaches the client. No message is refused.
 *
 * <p>Only the client's pump uses this class, except for the timer, which signals the pump.
 */
final class InboundRate {

    private final EngineClock clock;
    private final TokenBucket rate;
    private final Runnable signal;
    private volatile boolean due;
    private @Nullable Runnable waiting;
    private EngineClock.@Nullable Timer timer;

    InboundRate(BridgeLimits limits, EngineClock clock, Runnable signal) {
        this.clock = clock;
        this.rate = new TokenBucket(limits.messagesPerSecond(), limits.messageBurst(), clock.nanoTime());
        this.signal = signal;
    }

    /**
     * Demands the next message, now or later.
     *
     * @param cost how many messages the last one counts as, from 1
     * @param demandNext demands it from the transport
     */
    void demand(int cost, Runnable demandNext) {
        Duration wait = rate.spend(cost, clock.nanoTime());
        if (wait.isZero()) {
            demandNext.run();
        } else {
            waiting = demandNext;
            timer = clock.schedule(wait, this::tick);
        }
    }

    /** Demands the message that waited, if its time has come. */
    void resume() {
        Runnable demanded = waiting;
        if (due && demanded != null) {
            due = false;
            waiting = null;
            demanded.run();
        }
    }

    /** Whether the client is not being read now, because it has sent too fast. */
    boolean isHoldingBack() {
        return waiting != null;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void tick() {
        due = true;
        signal.run();
    }
}
