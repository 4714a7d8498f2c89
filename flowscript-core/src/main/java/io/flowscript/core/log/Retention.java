package io.flowscript.core.log;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;

/**
 * How much of an execution's log is kept. What is dropped is dropped from its beginning, and whoever has not read it is
 * told of the hole.
 *
 * @param maxEvents how many events of one execution at the most, from 1
 * @param maxBytes how much memory the events of one execution may hold at the most, estimated, in bytes, from 1; the
 *     newest event is kept whatever its size
 * @param afterEnd how long a finished execution and its log are kept, zero or more
 * @since 0.1.0
 */
public record Retention(int maxEvents, long maxBytes, Duration afterEnd) {

    private static final Retention DEFAULTS = new Retention(100_000, 64L << 20, Duration.ofHours(1));

    /**
     * Checks the bounds.
     *
     * @param maxEvents from 1
     * @param maxBytes from 1
     * @param afterEnd zero or more
     * @throws FlowScriptException with code {@code invalid_setting}
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
     * 100,000 events and 64 MiB per execution, kept for an hour after the end.
     *
     * @return the retention
     */
    public static Retention defaults() {
        return DEFAULTS;
    }
}
