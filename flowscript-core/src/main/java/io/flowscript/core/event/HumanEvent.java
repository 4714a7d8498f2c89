package io.flowscript.core.event;

import io.flowscript.core.json.Json;
import java.time.Instant;
import java.util.List;
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
     * @param assignees the names of people or groups it is meant for; empty for anybody
     */
    record Info(
            String name,
            @Nullable Object formSchema,
            @Nullable Object uiHints,
            @Nullable Map<String, @Nullable Object> contextData,
            @Nullable Object defaultValues,
            Instant requestedAt,
            @Nullable Instant deadline,
            List<String> assignees) {
        public Info {
            formSchema = Json.freeze(formSchema);
            uiHints = Json.freeze(uiHints);
            contextData = contextData == null ? null : Json.object(contextData);
            defaultValues = Json.freeze(defaultValues);
            assignees = List.copyOf(assignees);
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
     */
    record InputReleased(String nodeId, String tokenId, String by) implements HumanEvent {
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
     * @param assignees whom it is meant for now
     */
    record InputEscalated(String nodeId, String tokenId, List<String> assignees) implements HumanEvent {
        public InputEscalated {
            assignees = List.copyOf(assignees);
        }

        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_ESCALATED;
        }
    }
}
