package io.flowscript.core.event;

import io.flowscript.core.Assignment;
import io.flowscript.core.json.Json;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a question that was put to people.
 *
 * @since 0.1.0
 */
public sealed interface HumanEvent extends Event {

    /** {@return the visit that asked} */
    String nodeId();

    /** {@return the one question} */
    String tokenId();

    /**
     * A person is asked.
     *
     * @param nodeId the visit that asks
     * @param tokenId names this question
     * @param info what the person is shown
     */
    record InputRequired(String nodeId, String tokenId, Info info) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_REQUIRED;
        }
    }

    /**
     * What a person is shown (protocol, section 1: nodeInfo).
     *
     * @param name the name of the node that asks
     * @param formSchema the JSON Schema of the answer, null when any answer will do
     * @param uiHints how to show it, null if nothing was said
     * @param contextData what the person needs to see, null for nothing
     * @param defaultValues what the form begins with, null for nothing
     * @param requestedAt when it was asked
     * @param deadline until when it can be answered, null for ever
     * @param assignment whom it is meant for
     * @param quorum the votes that it needs: the {@code field} that is the vote, and how many are {@code needed} for each value; null when one answer will do
     */
    record Info(
            String name,
            @Nullable Object formSchema,
            @Nullable Object uiHints,
            @Nullable Map<String, @Nullable Object> contextData,
            @Nullable Object defaultValues,
            Instant requestedAt,
            @Nullable Instant deadline,
            Assignment assignment,
            @Nullable Object quorum) {
        public Info {
            formSchema = Json.freeze(formSchema);
            uiHints = Json.freeze(uiHints);
            contextData = contextData == null ? null : Json.object(contextData);
            defaultValues = Json.freeze(defaultValues);
            quorum = Json.freeze(quorum);
        }
    }

    /**
     * A valid answer came and counts.
     *
     * @param nodeId the visit that asked
     * @param tokenId names the question
     * @param by the name of who answered, null if nobody said
     */
    record InputReceived(
            String nodeId, String tokenId, @Nullable String by) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_RECEIVED;
        }
    }

    /**
     * A valid answer came and counts, and more are needed.
     *
     * @param nodeId the visit that asked
     * @param tokenId names the question
     * @param by the name of who answered
     * @param votes how many there are by now
     */
    record InputVoted(String nodeId, String tokenId, String by, int votes) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_VOTED;
        }
    }

    /**
     * Something else is shown from now on.
     *
     * @param nodeId the visit that asked
     * @param tokenId names the question
     * @param contextData what is shown now
     * @param by the name of who changed it, null if nobody said
     */
    record InputRevised(
            String nodeId,
            String tokenId,
            Map<String, @Nullable Object> contextData,
            @Nullable String by) implements HumanEvent {
        public InputRevised {
            contextData = Json.object(contextData);
        }

        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_REVISED;
        }
    }

    /**
     * The question was closed without an answer.
     *
     * @param nodeId the visit that asked
     * @param tokenId names the question
     * @param reason {@code deadline} when its time was over, {@code cancelled} when the question was withdrawn
     */
    record InputTimeout(String nodeId, String tokenId, String reason) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_TIMEOUT;
        }
    }

    /**
     * Somebody took the question on.
     *
     * @param nodeId the visit that asked
     * @param tokenId names the question
     * @param by who
     * @param until when the claim lapses
     */
    record InputClaimed(String nodeId, String tokenId, String by, Instant until) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_CLAIMED;
        }
    }

    /**
     * Somebody gave the question back, or the claim lapsed.
     *
     * @param nodeId the visit that asked
     * @param tokenId names the question
     * @param by who held it
     * @param lapsed whether the claim lapsed; false when it was given back
     */
    record InputReleased(String nodeId, String tokenId, String by, boolean lapsed) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_RELEASED;
        }
    }

    /**
     * A reminder fell due.
     *
     * @param nodeId the visit that asked
     * @param tokenId names the question
     */
    record InputReminded(String nodeId, String tokenId) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_REMINDED;
        }
    }

    /**
     * The question went on to other people.
     *
     * @param nodeId the visit that asked
     * @param tokenId names the question
     * @param assignment whom it is meant for now
     */
    record InputEscalated(String nodeId, String tokenId, Assignment assignment) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_ESCALATED;
        }
    }
}
