package io.flowscript.core.event;

import java.time.Instant;

/**
 * An event with its place in the log. {@code (executionId, epoch, seq)} names it for ever.
 *
 * @param executionId the execution that it belongs to
 * @param workflowId the workflow that is run
 * @param epoch the log's epoch; a log that may have lost what was already seen begins a new one
 * @param seq its number, contiguous from 1 within its execution and epoch
 * @param time when it happened, to the millisecond; never before the time of the event with the number below
 * @param event what happened
 * @since 0.1.0
 */
public record RecordedEvent(String executionId, String workflowId, String epoch, long seq, Instant time, Event event) {

    /** {@return the type of the event} */
    public EventType type() {
        return event.type();
    }
}
