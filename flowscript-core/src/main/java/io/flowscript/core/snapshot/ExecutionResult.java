package io.flowscript.core.snapshot;

import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of an execution that has ended.
 *
 * @param status completed, failed or cancelled
 * @param state the state at the end
 * @param exitSignal {@code explicit_exit} when an {@code exit} ended the execution, otherwise null
 * @param error the reason as a sentence for people; null when the execution completed
 * @param code the stable error code; null when the execution completed
 * @param cause the data of the edge that no flow took, when the code is {@code unhandled_edge}; null otherwise, or when
 *     that edge had neither a code nor an error
 * @param nodeId the id of the visit that failed the execution; null when no visit did
 * @param endedAt the time at which the execution ended
 * @since 0.1.0
 */
public record ExecutionResult(
        ExecutionStatus status,
        Map<String, @Nullable Object> state,
        @Nullable String exitSignal,
        @Nullable String error,
        @Nullable String code,
        WorkflowEvent.@Nullable Cause cause,
        @Nullable String nodeId,
        Instant endedAt) {

    /**
     * Makes an immutable copy of the state.
     *
     * @param status completed, failed or cancelled
     * @param state the state at the end
     * @param exitSignal the exit signal, or null
     * @param error the reason, or null
     * @param code the error code, or null
     * @param cause the data of the edge that no flow took, or null
     * @param nodeId the id of the visit, or null
     * @param endedAt the time at which the execution ended
     */
    public ExecutionResult {
        state = Json.object(state);
    }

    /**
     * Returns the value at a path of the final state.
     *
     * @param path a path in the syntax of {@link JsonPath#parse}
     * @return the value there, or a missing value
     */
    public Value get(String path) {
        return JsonPath.parse(path).find(state);
    }

    /** {@return all fields, with the names of the state alone, since its values may be secret} */
    @Override
    public String toString() {
        return "ExecutionResult[status=" + status + ", state=" + state.keySet() + ", exitSignal=" + exitSignal
                + ", error=" + error + ", code=" + code + ", cause=" + cause + ", nodeId=" + nodeId + ", endedAt="
                + endedAt + "]";
    }

    /** {@return whether the execution completed, that is, neither failed nor was cancelled} */
    public boolean isCompleted() {
        return status == ExecutionStatus.COMPLETED;
    }
}
