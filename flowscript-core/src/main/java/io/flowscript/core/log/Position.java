package io.flowscript.core.log;

import io.flowscript.core.FlowScriptException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in an execution's log: everything up to and with {@code seq} has been seen.
 *
 * @param epoch the log's epoch that the number belongs to; null to trust that it is the present one
 * @param seq the number of the last event seen, 0 for none
 * @since 0.1.0
 */
public record Position(@Nullable String epoch, long seq) {

    /** Before the first event. */
    public static final Position START = new Position(null, 0);

    /**
     * Checks the number.
     *
     * @param epoch the epoch, or null
     * @param seq the number, 0 or more
     * @throws FlowScriptException with code {@code invalid_position} when the number is negative
     */
    public Position {
        if (seq < 0) {
            throw new FlowScriptException("invalid_position", "A position is 0 or more, this one is " + seq);
        }
    }

    /**
     * After an event of the present epoch.
     *
     * @param seq the number of the last event seen, 0 for none
     * @return the position
     */
    public static Position after(long seq) {
        return new Position(null, seq);
    }

    /**
     * After an event of an epoch.
     *
     * @param epoch the epoch
     * @param seq the number of the last event seen, 0 for none
     * @return the position
     */
    public static Position after(String epoch, long seq) {
        return new Position(Objects.requireNonNull(epoch, "epoch"), seq);
    }
}
