package io.flowscript.core.log;

import io.flowscript.core.event.RecordedEvent;
import java.util.List;

/**
 * The events of one execution, in order, as far as they are kept. It exists from the moment the execution has an id,
 * before its first step, so nobody can come too early or too late.
 *
 * <p>Safe for use by any thread. Reading takes no lock.
 *
 * @since 0.1.0
 */
public interface EventLog {

    /** {@return the execution that this log belongs to} */
    String executionId();

    /** {@return the workflow that the execution runs} */
    String workflowId();

    /** {@return the epoch of this log; another one means that numbers of old say nothing any more} */
    String epoch();

    /** {@return the number of the oldest event that is kept; {@code latest() + 1} when none is} */
    long oldest();

    /** {@return the number of the newest event, 0 when there has been none} */
    long latest();

    /** {@return whether the last event is in, so that no other can follow} */
    boolean isEnded();

    /**
     * A cursor that begins after a position.
     *
     * @param after the position of the last event seen
     * @return a new cursor, to be closed by the caller
     */
    Cursor cursor(Position after);

    /**
     * A cursor that begins at the end: it sees only what comes from now on.
     *
     * @return a new cursor, to be closed by the caller
     */
    Cursor cursorAtEnd();

    /**
     * What is kept right now after a position, for looking at it without a cursor.
     *
     * @param after the position of the last event seen
     * @param max how many at the most, from 1
     * @return the events, oldest first; empty when there are none or when a hole follows the position
     */
    default List<RecordedEvent> read(Position after, int max) {
        try (Cursor cursor = cursor(after)) {
            return cursor.read(max) instanceof Read.Events found ? found.events() : List.of();
        }
    }
}
