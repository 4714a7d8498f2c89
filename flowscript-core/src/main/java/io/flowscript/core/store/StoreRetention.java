package io.flowscript.core.store;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;

/**
 * How many executions that have ended a store keeps, and for how long. What is beyond a bound is removed with its events, the
 * earliest end first. An execution that has not ended is never removed. Immutable; safe for use by any thread.
 *
 * @param maxAge how long an execution is kept after its end; more than zero
 * @param maxExecutions the greatest number of executions that have ended; 0 or more
 * @param maxBytes the greatest size of their events and snapshots together, in bytes as the store estimates them; 0 or more
 * @since 0.1.0
 */
public record StoreRetention(Duration maxAge, long maxExecutions, long maxBytes) {

    private static final StoreRetention DEFAULTS = new StoreRetention(Duration.ofDays(30), 1_000_000, 10L << 30);

    /**
     * Checks the bounds.
     *
     * @param maxAge how long an execution is kept after its end; more than zero
     * @param maxExecutions the greatest number of executions that have ended; 0 or more
     * @param maxBytes the greatest size of their events and snapshots together, in bytes; 0 or more
     * @throws FlowScriptException with code {@code invalid_setting} when a value is out of its range
     */
    public StoreRetention {
        if (maxAge.isNegative() || maxAge.isZero() || maxExecutions < 0 || maxBytes < 0) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "StoreRetention needs a duration of more than zero, and numbers of 0 or more, but was " + maxAge
                            + ", " + maxExecutions + ", " + maxBytes);
        }
    }

    /**
     * The default bounds: 30 days, 1,000,000 executions and 10 GiB.
     *
     * @return the retention
     */
    public static StoreRetention defaults() {
        return DEFAULTS;
    }
}
