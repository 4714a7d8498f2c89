package io.flowscript.core.event;

import java.time.Instant;

/**
 * An event as it is in the log. The execution's id, the epoch and the number together identify an event permanently.
 * Immutable; safe for use by any thread.
 *
 * @param executionId the id of the execution
 * @param workflowId the id of the workflow that the execution runs
 * @param epoch the epoch of the log. A log begins a new epoch when it may have lost events that a client has seen.
 * @param seq the number of the event; numbers begin at 1 and have no gaps within one execution and epoch
 * @param time when the event was recorded, in milliseconds; never before the time of the previous event
 * @param event the event itself
 * @since 0.1.0
 */
public record RecordedEvent(String executionId, String workflowId, String epoch, long seq, Instant time, Event event) {

    /** {@return the type of the event} */
    public EventType type() {
        return event.type();
    }
}
