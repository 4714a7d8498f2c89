package io.flowscript.core.event;

import io.flowscript.core.Assignment;
import io.flowscript.core.json.Json;
import java.time.Duration;
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

    /** {@return the stable name of the node that asked} */
    @Override
    String nodeName();

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

        /** {@return the same, without saying whom it is meant for} */
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
         * Describes all of it as one object.
         *
         * @param field the field that the object is
         * @param out takes the fields
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
            if (!assignment.isForAnybody()) {
                out.texts("assignees", assignment.people()).texts("groups", assignment.groups());
            }
            out.optional("quorum", quorum).endObject();
        }
    }

    /**
     * A valid answer came and counts.
     *
     * @param nodeId the visit that asked
     * @param nodeName the stable name of its node
     * @param tokenId names the question
     * @param by the name of who answered, null if nobody said
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
     * A valid answer came and counts, and more are needed.
     *
     * @param nodeId the visit that asked
     * @param nodeName the stable name of its node
     * @param tokenId names the question
     * @param by the name of who answered
     * @param votes how many there are by now
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
     * Something else is shown from now on.
     *
     * @param nodeId the visit that asked
     * @param nodeName the stable name of its node
     * @param tokenId names the question
     * @param contextData what is shown now
     * @param by the name of who changed it, null if nobody said
     */
    record InputRevised(
            String nodeId,
            String nodeName,
            String tokenId,
            Map<String, @Nullable Object> contextData,
            @Nullable String by)
            implements HumanEvent {
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
     * The question was closed without an answer.
     *
     * @param nodeId the visit that asked
     * @param nodeName the stable name of its node
     * @param tokenId names the question
     * @param reason {@code deadline} when its time was over, {@code cancelled} when the question was withdrawn
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
     * Somebody took the question on.
     *
     * @param nodeId the visit that asked
     * @param nodeName the stable name of its node
     * @param tokenId names the question
     * @param by who
     * @param until when the claim lapses
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
     * Somebody gave the question back, or the claim lapsed.
     *
     * @param nodeId the visit that asked
     * @param nodeName the stable name of its node
     * @param tokenId names the question
     * @param by who held it
     * @param lapsed whether the claim lapsed; false when it was given back
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
     * A reminder fell due.
     *
     * @param nodeId the visit that asked
     * @param nodeName the stable name of its node
     * @param tokenId names the question
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
     * The question went on to other people.
     *
     * @param nodeId the visit that asked
     * @param nodeName the stable name of its node
     * @param tokenId names the question
     * @param assignment whom it is meant for now
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
