package io.flowscript.client;

import io.flowscript.core.event.Event;
import io.flowscript.core.log.Position;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber receives: an event, or in the place of events that it does not receive, how many these are. Immutable; safe for
 * use by any thread.
 *
 * @since 0.1.0
 */
public sealed interface ClientEvent {

    /** {@return the id of the execution} */
    String executionId();

    /**
     * {@return where a subscriber stands that has handled this. Kept with what the subscriber has done, it is where the next
     * subscription {@linkplain EventStream#from goes on}.}
     */
    Position position();

    /**
     * An event.
     *
     * @param executionId the id of the execution
     * @param workflowId the id of its workflow; null when the server has not told it, as over long polls
     * @param position the epoch and the number of the event
     * @param time when it happened
     * @param event the event; values that the server has left out are absent
     * @param contextHash of an event that shows something to people: what to send as {@linkplain
     *     io.flowscript.core.interaction.AnswerOptions#seen seen} with an answer; null for other events
     * @param omitted the names of values that the server has left out, such as {@code finalState}; mostly empty
     */
    record Happened(
            String executionId,
            @Nullable String workflowId,
            Position position,
            Instant time,
            Event event,
            @Nullable String contextHash,
            Set<String> omitted)
            implements ClientEvent {

        /**
         * Copies the names.
         *
         * @param executionId the id of the execution
         * @param workflowId the id of its workflow, or null
         * @param position the epoch and the number of the event
         * @param time when it happened
         * @param event the event
         * @param contextHash the hash of what is shown, or null
         * @param omitted the names of values that the server has left out
         */
        public Happened {
            omitted = Set.copyOf(omitted);
        }

        /** {@return the number of the event} */
        public long seq() {
            return position.seq();
        }
    }

    /**
     * Events are gone: the server does not have them any more ({@code events_missed}).
     *
     * @param executionId the id of the execution
     * @param position where the subscriber stands after this
     * @param epoch the epoch that the numbers belong to; it can be an earlier one than that of the events that follow
     * @param from the number of the first missing event
     * @param to the number of the last missing event; empty when it cannot be known
     */
    record Missed(String executionId, Position position, String epoch, long from, OptionalLong to)
            implements ClientEvent {}

    /**
     * Events were left out, because newer ones took their place in a subscription that {@linkplain EventStream#conflate
     * conflates} ({@code events_skipped}).
     *
     * @param executionId the id of the execution
     * @param position where the subscriber stands after this
     * @param from the number of the first event that is skipped
     * @param to the number of the last event that is skipped
     */
    record Skipped(String executionId, Position position, long from, long to) implements ClientEvent {}
}
