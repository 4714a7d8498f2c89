package io.flowscript.core.event;

import io.flowscript.core.Assignment;
import io.flowscript.core.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event of an interaction: a node asks people for an answer, and people respond.
 *
 * @since 0.1.0
 */
public sealed interface HumanEvent extends Event {

    /** {@return the id of the node visit that asks} */
    String nodeId();

    /** {@return the name of the node that asks} */
    @Override
    String nodeName();

    /** {@return the id of the interaction} */
    String tokenId();

    /**
     * An interaction was opened: people are asked for an answer.
     *
     * @param nodeId the id of the node visit that asks
     * @param tokenId the id of the interaction
     * @param info what people are shown
     */
    record InputRequired(String nodeId, String tokenId, Info info) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_REQUIRED;
        }

        @Override
        public String nodeName() {
            return info.name();
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId).name("tokenId", tokenId);
            info.describe("nodeInfo", out);
        }
    }

    /**
     * What people are shown when they are asked ({@code nodeInfo} in section 1 of the protocol).
     *
     * @param name the name of the node that asks
     * @param formSchema the JSON Schema of the answer; null when any answer is valid
     * @param uiHints hints for the display of the form, any JSON value; null for none
     * @param contextData the data that people need for their answer; null for none
     * @param defaultValues the values that the form has at first, any JSON value; null for none
     * @param requestedAt when the interaction was opened
     * @param deadline until when it can be answered; null for no limit
     * @param assignment the people that it is assigned to
     * @param quorum the number of votes: an object with {@code field}, the name of the answer's field that is the vote, and
     *     {@code needed}, the number of votes needed for each value; null when one answer is enough
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
        /**
         * Freezes the JSON values.
         *
         * @param name the name of the node that asks
         * @param formSchema the JSON Schema of the answer; null when any answer is valid
         * @param uiHints hints for the display of the form, any JSON value; null for none
         * @param contextData the data that people need for their answer; null for none
         * @param defaultValues the values that the form has at first, any JSON value; null for none
         * @param requestedAt when the interaction was opened
         * @param deadline until when it can be answered; null for no limit
         * @param assignment the people that it is assigned to
         * @param quorum the number of votes: an object with {@code field}, the name of the answer's field that is the vote, and
         *     {@code needed}, the number of votes needed for each value; null when one answer is enough
         */
        public Info {
            formSchema = Json.freeze(formSchema);
            uiHints = Json.freeze(uiHints);
            contextData = contextData == null ? null : Json.object(contextData);
            defaultValues = Json.freeze(defaultValues);
            quorum = Json.freeze(quorum);
        }

        /** {@return a copy that is assigned to everybody} */
        public Info withoutAssignment() {
            return new Info(
                    name,
                    formSchema,
                    uiHints,
                    contextData,
                    defaultValues,
                    requestedAt,
                    deadline,
                    Assignment.ANYBODY,
                    quorum);
        }

        /**
         * Passes all fields as one object.
         *
         * @param field the name of the object's field
         * @param out receives the fields
         */
        public void describe(String field, EventFields out) {
            out.beginObject(field)
                    .name("name", name)
                    .optional("formSchema", formSchema)
                    .optional("uiHints", uiHints)
                    .optional("contextData", contextData)
                    .contextHash("contextHash", contextData)
                    .optional("defaultValues", defaultValues)
                    .time("requestedAt", requestedAt);
            if (deadline != null) {
                out.duration("timeout", Duration.between(requestedAt, deadline)).time("deadline", deadline);
            }
            // An empty list would read as "meant for nobody".
            if (!assignment.people().isEmpty()) {
                out.texts("assignees", assignment.people());
            }
            if (!assignment.groups().isEmpty()) {
                out.texts("groups", assignment.groups());
            }
            out.optional("quorum", quorum).endObject();
        }
    }

    /**
     * A valid answer was accepted; no more are needed.
     *
     * @param nodeId the id of the node visit that asks
     * @param nodeName the name of the node that asks
     * @param tokenId the id of the interaction
     * @param by the name of the person that answered; null when it is not known
     */
    record InputReceived(
            String nodeId,
            String nodeName,
            String tokenId,
            @Nullable String by) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_RECEIVED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId).name("tokenId", tokenId).name("by", by);
        }
    }

    /**
     * A valid answer was accepted as a vote; more votes are needed.
     *
     * @param nodeId the id of the node visit that asks
     * @param nodeName the name of the node that asks
     * @param tokenId the id of the interaction
     * @param by the name of the person that answered
     * @param votes the number of votes so far, from 1
     */
    record InputVoted(String nodeId, String nodeName, String tokenId, String by, int votes) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_VOTED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId).name("tokenId", tokenId).name("by", by).number("votes", votes);
        }
    }

    /**
     * The data that people are shown was changed.
     *
     * @param nodeId the id of the node visit that asks
     * @param nodeName the name of the node that asks
     * @param tokenId the id of the interaction
     * @param contextData the new data
     * @param by the name of the person that changed it; null when it is not known
     */
    record InputRevised(
            String nodeId,
            String nodeName,
            String tokenId,
            Map<String, @Nullable Object> contextData,
            @Nullable String by)
            implements HumanEvent {
        /**
         * Freezes the data.
         *
         * @param nodeId the id of the node visit that asks
         * @param nodeName the name of the node that asks
         * @param tokenId the id of the interaction
         * @param contextData the new data
         * @param by the name of the person that changed it; null when it is not known
         */
        public InputRevised {
            contextData = Json.object(contextData);
        }

        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_REVISED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId)
                    .name("tokenId", tokenId)
                    .value("contextData", contextData)
                    .contextHash("contextHash", contextData)
                    .name("by", by);
        }
    }

    /**
     * The interaction was closed without an answer.
     *
     * @param nodeId the id of the node visit that asks
     * @param nodeName the name of the node that asks
     * @param tokenId the id of the interaction
     * @param reason {@code deadline} when its deadline passed, {@code cancelled} when it was withdrawn
     */
    record InputTimeout(String nodeId, String nodeName, String tokenId, String reason) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_TIMEOUT;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId).name("tokenId", tokenId).name("reason", reason);
        }
    }

    /**
     * A person claimed the interaction.
     *
     * @param nodeId the id of the node visit that asks
     * @param nodeName the name of the node that asks
     * @param tokenId the id of the interaction
     * @param by the name of the person
     * @param until when the claim expires
     */
    record InputClaimed(String nodeId, String nodeName, String tokenId, String by, Instant until)
            implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_CLAIMED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId).name("tokenId", tokenId).name("by", by).time("until", until);
        }
    }

    /**
     * A claim ended: the person released the interaction, or the claim expired.
     *
     * @param nodeId the id of the node visit that asks
     * @param nodeName the name of the node that asks
     * @param tokenId the id of the interaction
     * @param by the name of the person that had claimed it
     * @param lapsed true when the claim expired, false when the person released the interaction
     */
    record InputReleased(String nodeId, String nodeName, String tokenId, String by, boolean lapsed)
            implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_RELEASED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId).name("tokenId", tokenId).name("by", by).flag("lapsed", lapsed);
        }
    }

    /**
     * The time of a reminder came.
     *
     * @param nodeId the id of the node visit that asks
     * @param nodeName the name of the node that asks
     * @param tokenId the id of the interaction
     */
    record InputReminded(String nodeId, String nodeName, String tokenId) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_REMINDED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId).name("tokenId", tokenId);
        }
    }

    /**
     * The interaction was escalated: it is assigned to other people.
     *
     * @param nodeId the id of the node visit that asks
     * @param nodeName the name of the node that asks
     * @param tokenId the id of the interaction
     * @param assignment the people that it is assigned to from now on
     */
    record InputEscalated(String nodeId, String nodeName, String tokenId, Assignment assignment) implements HumanEvent {
        @Override
        public EventType type() {
            return EventType.HUMAN_INPUT_ESCALATED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId)
                    .name("tokenId", tokenId)
                    .texts("assignees", assignment.people())
                    .texts("groups", assignment.groups());
        }
    }
}
