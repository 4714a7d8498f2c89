package io.flowscript.core.event;

import io.flowscript.core.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an execution as a whole.
 *
 * @since 0.1.0
 */
public sealed interface WorkflowEvent extends Event {

    /**
     * The execution began. Always the first event.
     *
     * @param workflowId the workflow that is run
     */
    record Started(String workflowId) implements WorkflowEvent {
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
            out.name("workflowId", workflowId);
        }
    }

    /**
     * The execution waits for somebody outside.
     *
     * @param nodeId the visit that waits
     * @param nodeName the stable name of its node
     * @param tokenId names the one question
     * @param reason why, for people; null if nobody said
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
     * The wait is over, by an answer or by its timeout.
     *
     * @param nodeId the visit that waited
     * @param nodeName the stable name of its node
     * @param tokenId names the one question
     * @param data the answer, any JSON value; null after a timeout
     */
    record Resumed(
            String nodeId,
            String nodeName,
            String tokenId,
            @Nullable Object data) implements WorkflowEvent {
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
     * The execution came to its end. A last event.
     *
     * @param finalState the state at the end
     * @param exitSignal {@code explicit_exit} when an {@code exit} ended it, null when it ran to its last step
     */
    record Completed(
            Map<String, @Nullable Object> finalState,
            @Nullable String exitSignal) implements WorkflowEvent {
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
     * The execution failed. A last event.
     *
     * @param error a sentence for people
     * @param code the stable code for machines
     * @param nodeId the visit that brought it down, null when it was none
     * @param nodeName the stable name of its node, null when it was none
     */
    record Failed(
            String error,
            String code,
            @Nullable String nodeId,
            @Nullable String nodeName) implements WorkflowEvent {
        @Override
        public EventType type() {
            return EventType.WORKFLOW_FAILED;
        }

        @Override
        public void describe(EventFields out) {
            out.text("error", error).name("code", code).name("nodeId", nodeId);
        }

        @Override
        public boolean isTerminal() {
            return true;
        }
    }

    /**
     * The execution was cancelled. A last event.
     *
     * @param reason why, for people; null if nobody said
     * @param by the name of who did it; null if nobody said
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
