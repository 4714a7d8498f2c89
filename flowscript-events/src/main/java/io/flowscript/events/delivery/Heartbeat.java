package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks a client for a sign of life now and then. While a batch is under way it neither asks nor judges: a sign could not get
 * past it, and a client that does not take the batch is noticed by {@link StallWatch}. Used by the client's pump alone, but for
 * the tick and the pong.
 */
final class Heartbeat {

    private final ClientChannel channel;
    private final EngineClock clock;
    private final Duration interval;
    private final Runnable signal;
    private volatile boolean due;
    private volatile boolean answered = true;
    private EngineClock.@Nullable Timer timer;

    Heartbeat(ClientChannel channel, EngineClock clock, Duration interval, Runnable signal) {
        this.channel = channel;
        this.clock = clock;
        this.interval = interval;
        this.signal = signal;
    }

    /**
     * Begins.
     *
     * @param share of the interval until it asks first, from 0 to below 1; another for each client, so that those who came together are not asked
     *     together
     */
    void start(double share) {
        schedule(Duration.ofNanos(1 + (long) (share * interval.toNanos())));
    }

    /**
     * Asks, when it is time to.
     *
     * @param busy whether a batch is under way
     * @return false when the last sign did not come
     */
    boolean beat(boolean busy) {
        if (!due) {
            return true;
        }
        due = false;
        if (!busy) {
            if (!answered) {
                return false;
            }
            answered = false;
            if (!channel.ping(this::pong)) {
                return true;
            }
        }
        schedule(interval);
        return true;
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void pong() {
        answered = true;
    }

    private void schedule(Duration in) {
        timer = clock.schedule(clock.instant().plus(in), this::tick);
    }

    private void tick() {
        due = true;
        signal.run();
    }
}
