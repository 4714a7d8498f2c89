package io.flowscript.core.event;

import io.flowscript.core.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event of an execution as a whole.
 *
 * @since 0.1.0
 */
public sealed interface WorkflowEvent extends Event {

    /**
     * The execution began. It is an execution's first event.
     *
     * @param workflowId the id of the workflow
     * @param hash the hash of the definition that the execution runs; null in events that were stored without it
     * @param state the state at the beginning, with secret values masked; null in events that were stored without it
     */
    record Started(
            String workflowId,
            @Nullable String hash,
            @Nullable Map<String, @Nullable Object> state) implements WorkflowEvent {
        /**
         * Freezes the state.
         *
         * @param workflowId the id of the workflow
         * @param hash the hash of the definition that the execution runs; null in events that were stored without it
         * @param state the state at the beginning, with secret values masked; null in events that were stored without it
         */
        public Started {
            state = state == null ? null : Json.object(state);
        }

        @Override
        public EventType type() {
            return EventType.WORKFLOW_STARTED;
        }

        @Override
        public @Nullable String nodeName() {
            return null;
        }

        @Override
        public void describe(EventFields out) {
            out.name("workflowId", workflowId).name("hash", hash);
            if (state != null) {
                out.state("state", state);
            }
        }
    }

    /**
     * An interaction was opened: a node visit waits for an answer from outside the workflow. When the node
     * gave a {@link io.flowscript.core.runtime.Question}, {@link HumanEvent.InputRequired} follows.
     *
     * @param nodeId the id of the node visit that waits
     * @param nodeName the name of the node that waits
     * @param tokenId the id of the interaction
     * @param reason the reason, for people; null for none
     */
    record Paused(
            String nodeId,
            String nodeName,
            String tokenId,
            @Nullable String reason) implements WorkflowEvent {
        @Override
        public EventType type() {
            return EventType.WORKFLOW_PAUSED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId).name("tokenId", tokenId).text("reason", reason);
        }
    }

    /**
     * The interaction of a node visit was closed: it was answered, its deadline passed, or it was withdrawn.
     *
     * @param nodeId the id of the node visit that waited
     * @param nodeName the name of the node that waits
     * @param tokenId the id of the interaction
     * @param data the answer, any JSON value; with votes, an object with the vote that won and the {@code votes}; null when the
     *     interaction was closed without an answer
     */
    record Resumed(
            String nodeId,
            String nodeName,
            String tokenId,
            @Nullable Object data) implements WorkflowEvent {
        /**
         * Freezes the data.
         *
         * @param nodeId the id of the node visit that waited
         * @param nodeName the name of the node that waits
         * @param tokenId the id of the interaction
         * @param data the answer, any JSON value; with votes, an object with the vote that won and the {@code votes}; null when the
         *     interaction was closed without an answer
         */
        public Resumed {
            data = Json.freeze(data);
        }

        @Override
        public EventType type() {
            return EventType.WORKFLOW_RESUMED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId).name("tokenId", tokenId).value("data", data);
        }
    }

    /**
     * The execution is completed. It is an execution's last event.
     *
     * @param finalState the state at the end
     * @param exitSignal {@code explicit_exit} when it ended through {@code exit}, null when it ran to its last step
     */
    record Completed(
            Map<String, @Nullable Object> finalState,
            @Nullable String exitSignal) implements WorkflowEvent {
        /**
         * Freezes the state.
         *
         * @param finalState the state at the end
         * @param exitSignal {@code explicit_exit} when it ended through {@code exit}, null when it ran to its last step
         */
        public Completed {
            finalState = Json.object(finalState);
        }

        @Override
        public EventType type() {
            return EventType.WORKFLOW_COMPLETED;
        }

        @Override
        public @Nullable String nodeName() {
            return null;
        }

        @Override
        public void describe(EventFields out) {
            out.state("finalState", finalState).name("exitSignal", exitSignal);
        }

        @Override
        public boolean isTerminal() {
            return true;
        }
    }

    /**
     * The execution failed. It is an execution's last event.
     *
     * @param error the message for people
     * @param code the stable code for programs
     * @param nodeId the id of the node visit whose failure ended the execution; null for none
     * @param nodeName the name of that node; null for none
     * @param cause the data of the edge that no flow took; null when the failure has another reason, or when that edge
     *     had neither a code nor an error
     */
    record Failed(
            String error,
            String code,
            @Nullable String nodeId,
            @Nullable String nodeName,
            @Nullable Cause cause) implements WorkflowEvent {
        @Override
        public EventType type() {
            return EventType.WORKFLOW_FAILED;
        }

        @Override
        public void describe(EventFields out) {
            out.text("error", error).name("code", code).name("nodeId", nodeId);
            if (cause != null) {
                out.beginObject("cause")
                        .name("code", cause.code())
                        .text("error", cause.error())
                        .endObject();
            }
        }

        @Override
        public boolean isTerminal() {
            return true;
        }
    }

    /**
     * What an edge {@code error} or {@code timeout} that no flow took said about itself.
     *
     * @param code the {@code code} of the edge's data, at most 128 characters; null for none
     * @param error the {@code error} of the edge's data, at most 1,000 characters; null for none
     */
    record Cause(@Nullable String code, @Nullable String error) {}

    /**
     * The execution was cancelled. It is an execution's last event.
     *
     * @param reason the reason, for people; null for none
     * @param by the name of the person that cancelled it; null when it is not known
     */
    record Cancelled(@Nullable String reason, @Nullable String by) implements WorkflowEvent {
        @Override
        public EventType type() {
            return EventType.WORKFLOW_CANCELLED;
        }

        @Override
        public @Nullable String nodeName() {
            return null;
        }

        @Override
        public void describe(EventFields out) {
            out.text("reason", reason).name("by", by);
        }

        @Override
        public boolean isTerminal() {
            return true;
        }
    }
}
