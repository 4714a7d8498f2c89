package io.flowscript.events.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A token bucket that can get into debt: a message beyond the rate is refused and still counts, so a client that keeps on
 * sending runs up a debt, and one that waits pays it off. For one thread at a time.
 */
final class RateLimiter {

    /** What becomes of a message. */
    enum Verdict {
        /** It is taken. */
        TAKEN,
        /** It is refused, and the client told so. */
        REFUSED,
        /** The client has had enough of telling. */
        EXCESSIVE
    }

    private static final double NANOS = 1e9;

    private final InstantSource clock;
    private final int perSecond;
    private final int burst;
    private double tokens;
    private Instant filled;

    RateLimiter(InstantSource clock, int perSecond, int burst) {
        this.clock = clock;
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.filled = clock.instant();
    }

    Verdict take() {
        Instant now = clock.instant();
        if (now.isAfter(filled)) {
            Duration elapsed = Duration.between(filled, now);
            tokens = Math.min(burst, tokens + perSecond * (elapsed.getSeconds() + elapsed.getNano() / NANOS));
            filled = now;
        }
        tokens -= 1;
        if (tokens >= 0) {
            return Verdict.TAKEN;
        }
        return tokens > -burst ? Verdict.REFUSED : Verdict.EXCESSIVE;
    }
}
