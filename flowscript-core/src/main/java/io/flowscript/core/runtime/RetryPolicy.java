package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;

/**
 * How often a failing node is tried again, and after which delays. The first delay is {@code first}. Each further
 * delay is {@code factor} times the previous one and at most {@code max}. Each delay is shortened at random by a
 * fraction of up to {@code jitter}. No delay is longer than 100 years, whatever the policy says.
 *
 * @param attempts the total number of attempts, from 1 (no retry) to 1,000
 * @param first the delay before the second attempt, zero or more
 * @param factor the factor between delays, 1 or more
 * @param max the longest delay, zero or more
 * @param jitter the largest fraction by which a delay is shortened, from 0 (none) to 1
 * @since 0.1.0
 */
public record RetryPolicy(int attempts, Duration first, double factor, Duration max, double jitter) {

    /** A single attempt, without a retry. */
    public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO, 0);

    private static final Duration LONGEST = Duration.ofDays(36_525);

    /**
     * Checks the bounds.
     *
     * @param attempts the total number of attempts, from 1 to 1,000
     * @param first the delay before the second attempt, zero or more
     * @param factor the factor between delays, 1 or more
     * @param max the longest delay, zero or more
     * @param jitter the largest fraction by which a delay is shortened, from 0 to 1
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public RetryPolicy {
        boolean fits = attempts >= 1
                && attempts <= 1_000
                && !first.isNegative()
                && factor >= 1
                && !max.isNegative()
                && jitter >= 0
                && jitter <= 1;
        if (!fits) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "A retry policy needs 1 to 1000 attempts, delays that are not negative, a factor from 1 and a jitter from 0 to 1, but was "
                            + attempts + ", " + first + ", " + factor + ", " + max + ", " + jitter);
        }
    }

    /**
     * Returns a policy whose delays double up to five minutes. Each delay is shortened at random by up to a half.
     *
     * @param attempts the total number of attempts, from 1 to 1,000
     * @param first the delay before the second attempt
     * @return the policy
     */
    public static RetryPolicy exponential(int attempts, Duration first) {
        return new RetryPolicy(attempts, first, 2, Duration.ofMinutes(5), 0.5);
    }

    /**
     * Returns a policy with the same delay before each retry.
     *
     * @param attempts the total number of attempts, from 1 to 1,000
     * @param delay the delay
     * @return the policy
     */
    public static RetryPolicy fixed(int attempts, Duration delay) {
        return new RetryPolicy(attempts, delay, 1, delay, 0);
    }

    /**
     * Returns the delay after a failed attempt.
     *
     * @param failedAttempt the number of the attempt that failed, from 1
     * @param random a number from 0 (inclusive) to 1 (exclusive)
     * @return the delay before the next one, from 0 to 100 years
     */
    public Duration delayAfter(int failedAttempt, double random) {
        double millis = millis(first) * Math.pow(factor, Math.max(0, failedAttempt - 1));
        double capped = Math.min(millis, Math.min(millis(max), millis(LONGEST)));
        return Duration.ofMillis((long) (capped * (1 - jitter * random)));
    }

    /** Unlike {@link Duration#toMillis}, takes every duration. */
    private static double millis(Duration duration) {
        return duration.getSeconds() * 1e3 + duration.getNano() / 1e6;
    }
}
