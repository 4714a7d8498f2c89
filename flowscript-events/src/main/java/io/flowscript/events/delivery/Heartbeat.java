package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Pings a client at a fixed interval and notices when the answer is missing.
 *
 * <p>While a batch is in flight it neither pings nor checks the answer, because a ping cannot overtake the batch. A
 * client that does not take the batch is noticed by {@link StallWatch}. Nor does it while the client's messages are held
 * back ({@link InboundRate}) or a command of it waits, for the store for example, because its answer stands behind them.
 * Only the client's pump uses this class, except for the timer and the answer to a ping, which may come on any thread.
 */
final class Heartbeat implements Runnable {

    private final ClientChannel channel;
    private final Delivery delivery;
    private final Runnable signal;
    private volatile boolean due;
    private volatile boolean answered = true;
    private EngineClock.@Nullable Timer timer;

    Heartbeat(ClientChannel channel, Delivery delivery, Runnable signal) {
        this.channel = channel;
        this.delivery = delivery;
        this.signal = signal;
    }

    /**
     * Sets the first timer.
     *
     * @param share how much of the interval passes before the first ping, from 0 to below 1. It differs between
     *     clients, so that clients that connected together are not pinged together.
     */
    void start(double share) {
        schedule(Duration.ofNanos(1 + (long) (share * interval().toNanos())));
    }

    /**
     * Pings the client if the interval is over.
     *
     * @param busy whether a batch is in flight, or the client is not being read
     * @return false when the client has not answered the last ping
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
        schedule(interval());
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
        timer = delivery.clock().schedule(in, this);
    }

    private Duration interval() {
        return delivery.timing().heartbeat();
    }

    /** The interval is over. Called by the timer. */
    @Override
    public void run() {
        due = true;
        signal.run();
    }
}
