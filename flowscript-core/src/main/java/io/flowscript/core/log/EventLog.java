package io.flowscript.core.log;

import io.flowscript.core.event.RecordedEvent;
import java.util.List;

/**
 * The events of one execution, in order. The {@link Retention} bounds how many are kept. The log exists before the execution's
 * first step, so a reader can begin with the first event.
 *
 * <p>Safe for use by any thread. Reading takes no lock.
 *
 * @since 0.1.0
 */
public interface EventLog {

    /** {@return the id of the execution} */
    String executionId();

    /** {@return the id of the workflow that the execution runs} */
    String workflowId();

    /** {@return the epoch of this log, which new events belong to} */
    String epoch();

    /**
     * Returns whether a position is one of this log: whether its epoch is that of this log, or the epoch that this log
     * continues, up to where it continues. A log that a restored execution begins continues the epoch of the snapshot
     * up to the last event that the snapshot counts.
     *
     * @param position the position
     * @return whether its number is valid in this log; a position without an epoch always is
     */
    boolean has(Position position);

    /** {@return the number of the oldest event that a cursor can read; {@code latest() + 1} when no event is kept} */
    long oldest();

    /**
     * Returns the number of the oldest event that is kept in memory. With a store, cursors read older events from it.
     *
     * @return the number, at least {@link #oldest}; {@code latest() + 1} when no event is in memory
     */
    long oldestInMemory();

    /** {@return the number of the newest event; 0 when the execution has had no event yet} */
    long latest();

    /** {@return whether no further event can follow: the last event of the execution is in the log, or the log is closed} */
    boolean isEnded();

    /**
     * Returns whether the execution has left memory while it waits, so that no event can be added before it has come back. A
     * reader that has read all may then let go of this log, and read on in the log of the execution that
     * {@code ExecutionManager.onLoaded} reports. Cursors that wait are woken when this becomes true.
     *
     * @return whether the execution is not in memory; false for one that has ended
     */
    boolean isPassive();

    /**
     * Returns where one begins to read that follows many executions, when it learns of this one because it has come back into
     * memory or was changed by another engine.
     *
     * @return the position before the first event that it has not seen yet
     */
    Position joinPosition();

    /**
     * Opens a cursor that begins after a position. The cursor reports a gap first when the log no longer has the next event,
     * when the position is not {@linkplain #has one of this log}, and when it is after the newest event.
     *
     * @param after the position of the last event seen
     * @return a new cursor; the caller must close it
     */
    Cursor cursor(Position after);

    /**
     * Opens a cursor that begins at the end of the log: it reads only events that are added later.
     *
     * @return a new cursor; the caller must close it
     */
    Cursor cursorAtEnd();

    /**
     * Reads the events after a position, for callers that need no cursor. When the next event is no longer in memory, this
     * reads from the store, on the calling thread, which can block.
     *
     * @param after the position of the last event seen
     * @param max the greatest number of events, from 1
     * @return some of the events that follow, oldest first; empty when there are none, or when a gap follows the position
     * @throws IllegalArgumentException when {@code max} is less than 1
     * @throws io.flowscript.core.FlowScriptException with code {@code store_failed} when the store cannot be read
     */
    List<RecordedEvent> read(Position after, int max);

    /**
     * Reads the events after a position from memory. Never blocks.
     *
     * @param after the position of the last event seen
     * @param max the greatest number of events, from 1
     * @return the events, oldest first; empty when there are none, when a gap follows the position, and when the next event
     *     is no longer in memory
     * @throws IllegalArgumentException when {@code max} is less than 1
     */
    List<RecordedEvent> readFromMemory(Position after, int max);

    /**
     * Says that the bytes of an event are {@linkplain RecordedEvent#encodedAs kept} from now on. The log lets go of its object when
     * the event is not one of the newest.
     *
     * @param event an event of this log
     */
    void encoded(RecordedEvent event);
}
