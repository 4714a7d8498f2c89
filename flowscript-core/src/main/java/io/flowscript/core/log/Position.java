package io.flowscript.core.log;

import io.flowscript.core.FlowScriptException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A position in the log of an execution: a reader has seen the events up to {@code seq}, inclusive. Immutable; safe for use by
 * any thread.
 *
 * @param epoch the epoch of the log that the number belongs to; null for the log's current epoch
 * @param seq the number of the last event seen; 0 for none
 * @since 0.1.0
 */
public record Position(@Nullable String epoch, long seq) {

    /** The position before the first event. */
    public static final Position START = new Position(null, 0);

    /**
     * Checks the number.
     *
     * @param epoch the epoch; null for the current one
     * @param seq the number of the last event seen; 0 for none
     * @throws FlowScriptException with code {@code invalid_position} when the number is negative
     */
    public Position {
        if (seq < 0) {
            throw new FlowScriptException("invalid_position", "A position is 0 or more, this one is " + seq);
        }
    }

    /**
     * The position after an event of the log's current epoch.
     *
     * @param seq the number of the last event seen; 0 for none
     * @return the position
     * @throws FlowScriptException with code {@code invalid_position} when the number is negative
     */
    public static Position after(long seq) {
        return new Position(null, seq);
    }

    /**
     * The position after an event of a given epoch.
     *
     * @param epoch the epoch, not null
     * @param seq the number of the last event seen; 0 for none
     * @return the position
     * @throws FlowScriptException with code {@code invalid_position} when the number is negative
     */
    public static Position after(String epoch, long seq) {
        return new Position(Objects.requireNonNull(epoch, "epoch"), seq);
    }
}
