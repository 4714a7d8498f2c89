package io.flowscript.core.event;

import io.flowscript.core.json.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one visit of a node. {@code nodeId} is unique per visit within the execution, {@code nodeName} is
 * the node's stable name.
 *
 * @since 0.1.0
 */
public sealed interface NodeEvent extends Event {

    /** {@return the visit} */
    String nodeId();

    /** {@return the stable name of the node} */
    @Override
    String nodeName();

    /**
     * An attempt of the node begins.
     *
     * @param nodeId the visit
     * @param nodeName the node's name
     * @param nodeType action, human or control
     * @param attempt 1 for the first
     */
    record Executing(String nodeId, String nodeName, String nodeType, int attempt) implements NodeEvent {
        @Override
        public EventType type() {
            return EventType.NODE_EXECUTING;
        }

        @Override
        public void describe(EventFields out) {
            out.name("nodeId", nodeId)
                    .name("nodeName", nodeName)
                    .name("nodeType", nodeType)
                    .number("attempt", attempt);
        }
    }

    /**
     * The visit is done and took an edge.
     *
     * @param nodeId the visit
     * @param nodeName the node's name
     * @param edge the edge it took
     * @param data the edge's data, any JSON value
     * @param duration the time from the start of its first attempt, people's time included
     */
    record Completed(
            String nodeId,
            String nodeName,
            String edge,
            @Nullable Object data,
            Duration duration) implements NodeEvent {
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
                    .number("durationMs", duration.toMillis());
        }
    }

    /**
     * An attempt of the node failed.
     *
     * @param nodeId the visit
     * @param nodeName the node's name
     * @param error a sentence for people
     * @param code the stable code for machines
     * @param attempt which attempt, from 1
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
