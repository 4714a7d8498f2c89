package io.flowscript.events.operations;

import java.time.Duration;

/**
 * A rate limit: a token bucket. A caller that refuses what is beyond the rate uses {@link #take}; a caller that slows
 * the sender down uses {@link #spend}. The time is monotonic, so setting the system's clock has no effect. Not safe for use by several threads at once.
 *
 * @since 0.1.0
 */
public final class TokenBucket {

    private static final double NANOS = 1e9;

    private final int perSecond;
    private final int burst;
    private double tokens;
    private long filled;

    /**
     * Creates a full bucket.
     *
     * @param perSecond how many requests per second are accepted on average, from 1
     * @param burst how many requests are accepted at once, from 1
     * @param now the monotonic time, in nanoseconds
     */
    public TokenBucket(int perSecond, int burst, long now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.filled = now;
    }

    /**
     * Counts a request if it is within the rate.
     *
     * @param now the monotonic time, in nanoseconds; a time before that of the previous call counts as that time
     * @return whether it is; a request beyond the rate is not counted
     */
    public boolean take(long now) {
        fill(now);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /**
     * Counts a request, whether it is within the rate or not.
     *
     * @param cost how many requests it stands for, from 0
     * @param now the time, as for {@link #take}
     * @return how long to wait before the next request; zero when it may follow at once
     */
    public Duration spend(int cost, long now) {
        fill(now);
        tokens -= cost;
        return tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(-tokens / perSecond * NANOS));
    }

    private void fill(long now) {
        if (now - filled > 0) {
            tokens = Math.min(burst, tokens + perSecond * ((now - filled) / NANOS));
            filled = now;
        }
    }
}
