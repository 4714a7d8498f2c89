package io.flowscript.events.operations;

import java.time.Duration;
import java.time.Instant;

/**
 * A rate limit: a token bucket that can go into debt. A request beyond the rate is refused, but still consumes a token.
 * So a client that keeps sending goes into debt, and a client that waits pays it off. A request beyond the maximum debt
 * consumes nothing. Not safe for use by several threads at once.
 *
 * @since 0.1.0
 */
public final class TokenBucket {

    private static final double NANOS = 1e9;

    /** The decision about a request. */
    public enum Verdict {
        /** The request is within the rate. */
        TAKEN,
        /** The request is beyond the rate. */
        REFUSED,
        /** The request is beyond the rate and the maximum debt. */
        EXCESSIVE
    }

    private final int perSecond;
    private final int burst;
    private final int maxDebt;
    private double tokens;
    private Instant filled;

    /**
     * Creates a full bucket.
     *
     * @param perSecond how many requests per second are accepted on average, from 1
     * @param burst how many requests are accepted at once, from 1
     * @param maxDebt the maximum debt, in requests, from 0
     * @param now the time
     */
    public TokenBucket(int perSecond, int burst, int maxDebt, Instant now) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.maxDebt = maxDebt;
        this.tokens = burst;
        this.filled = now;
    }

    /**
     * Counts a request.
     *
     * @param now the time; a time before that of the previous call counts as that time
     * @return the decision
     */
    public Verdict take(Instant now) {
        if (now.isAfter(filled)) {
            Duration elapsed = Duration.between(filled, now);
            tokens = Math.min(burst, tokens + perSecond * (elapsed.getSeconds() + elapsed.getNano() / NANOS));
            filled = now;
        }
        if (tokens - 1 >= 0) {
            tokens--;
            return Verdict.TAKEN;
        }
        if (tokens - 1 > -maxDebt) {
            tokens--;
            return Verdict.REFUSED;
        }
        return Verdict.EXCESSIVE;
    }
}
