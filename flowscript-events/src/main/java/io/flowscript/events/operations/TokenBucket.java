package io.flowscript.events.operations;

import java.time.Duration;
import java.time.Instant;

/**
 * Limits a rate: a token bucket that can get into debt. A request beyond the rate is refused and counts all the same, so a client that keeps on
 * sending runs into debt, and one that waits pays it off. A request beyond the debt does not count. For one thread at a time.
 *
 * @since 0.1.0
 */
public final class TokenBucket {

    private static final double NANOS = 1e9;

    /** What becomes of a request. */
    public enum Verdict {
        /** It is taken. */
        TAKEN,
        /** It is beyond the rate. */
        REFUSED,
        /** It is beyond the rate and the debt. */
        EXCESSIVE
    }

    private final int perSecond;
    private final int burst;
    private final int maxDebt;
    private double tokens;
    private Instant filled;

    /**
     * Makes a full bucket.
     *
     * @param perSecond how many requests are taken in a second in the long run, from 1
     * @param burst how many are taken at once, from 1
     * @param maxDebt how large the debt can get, in requests, from 0
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
     * @param now the time; an earlier one than before counts as the same
     * @return what becomes of the request
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
