package io.flowscript.core.log;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;

/**
 * The bounds of what is kept in memory of an execution's log. A log over a bound drops its oldest events. A cursor that has
 * not read them loads them from the store; without a store, it reports a gap. Immutable; safe for use by any thread.
 *
 * @param maxEvents the greatest number of events per execution, from 1
 * @param maxBytes the greatest memory of the events per execution, estimated, in bytes, from 1. The newest event is always
 *     kept, whatever its size.
 * @param afterEnd how long a finished execution and its log are kept; zero or more
 * @since 0.1.0
 */
public record Retention(int maxEvents, long maxBytes, Duration afterEnd) {

    private static final Retention DEFAULTS = new Retention(100_000, 64L << 20, Duration.ofHours(1));

    /**
     * Checks the bounds.
     *
     * @param maxEvents the greatest number of events per execution, from 1
     * @param maxBytes the greatest memory of the events per execution, in bytes, from 1
     * @param afterEnd how long a finished execution and its log are kept; zero or more
     * @throws FlowScriptException with code {@code invalid_setting} when a value is out of its range
     */
    public Retention {
        if (maxEvents < 1 || maxBytes < 1 || afterEnd.isNegative()) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "Retention needs maxEvents and maxBytes from 1 and a duration that is not negative, but was "
                            + maxEvents + ", " + maxBytes + ", " + afterEnd);
        }
    }

    /**
     * The default bounds: 100,000 events and 64 MiB per execution, which is kept for an hour after its end.
     *
     * @return the retention
     */
    public static Retention defaults() {
        return DEFAULTS;
    }
}
