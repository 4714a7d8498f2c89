package io.flowscript.core.event;

import io.flowscript.core.json.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An event of one visit of a node. A visit begins each time the execution reaches the node, and may take several attempts.
 * {@code nodeId} is the id of the visit, unique within the execution. {@code nodeName} is the name of the node in the
 * workflow.
 *
 * @since 0.1.0
 */
public sealed interface NodeEvent extends Event {

    /** {@return the id of the visit} */
    String nodeId();

    /** {@return the name of the node} */
    @Override
    String nodeName();

    /**
     * An attempt to run the node begins.
     *
     * @param nodeId the id of the visit
     * @param nodeName the name of the node
     * @param nodeType {@code action}, {@code human} or {@code control}
     * @param attempt the number of the attempt, from 1
     * @param step the id of the step of the workflow's {@link io.flowscript.core.workflow.WorkflowGraph} that is visited; null in
     *     events that were stored without it
     */
    record Executing(
            String nodeId,
            String nodeName,
            String nodeType,
            int attempt,
            @Nullable String step) implements NodeEvent {
        @Override
        public EventType type() {
            return EventType.NODE_EXECUTING;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId)
                    .name("nodeName", nodeName)
                    .name("nodeType", nodeType)
                    .number("attempt", attempt)
                    .name("step", step);
        }
    }

    /**
     * The visit is done, and the node chose an edge.
     *
     * @param nodeId the id of the visit
     * @param nodeName the name of the node
     * @param edge the name of the edge
     * @param data the data that the node gave with the edge, any JSON value
     * @param duration the time since the first attempt began, with the time that people took
     */
    record Completed(
            String nodeId,
            String nodeName,
            String edge,
            @Nullable Object data,
            Duration duration) implements NodeEvent {
        /**
         * Freezes the data.
         *
         * @param nodeId the id of the visit
         * @param nodeName the name of the node
         * @param edge the name of the edge
         * @param data the data that the node gave with the edge, any JSON value
         * @param duration the time since the first attempt began, with the time that people took
         */
        public Completed {
            data = Json.freeze(data);
        }

        @Override
        public EventType type() {
            return EventType.NODE_COMPLETED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId)
                    .name("nodeName", nodeName)
                    .name("edge", edge)
                    .value("data", data)
                    .duration("durationMs", duration);
        }
    }

    /**
     * An attempt to run the node failed.
     *
     * @param nodeId the id of the visit
     * @param nodeName the name of the node
     * @param error the message for people
     * @param code the stable code for programs
     * @param attempt the number of the attempt, from 1
     * @param willRetry whether another attempt follows
     */
    record Failed(String nodeId, String nodeName, String error, String code, int attempt, boolean willRetry)
            implements NodeEvent {
        @Override
        public EventType type() {
            return EventType.NODE_FAILED;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId)
                    .name("nodeName", nodeName)
                    .text("error", error)
                    .name("code", code)
                    .number("attempt", attempt)
                    .flag("willRetry", willRetry);
        }
    }
}
