package io.flowscript.core.engine;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an execution ended.
 *
 * @param status completed, failed or cancelled
 * @param state the state at the end
 * @param exitSignal {@code explicit_exit} when an {@code exit} ended it, else null
 * @param error a sentence for people; null when it completed
 * @param code the stable code for machines; null when it completed
 * @param nodeId the visit that brought it down, null when it was none
 * @param endedAt when
 * @since 0.1.0
 */
public record ExecutionResult(
        ExecutionStatus status,
        Map<String, @Nullable Object> state,
        @Nullable String exitSignal,
        @Nullable String error,
        @Nullable String code,
        @Nullable String nodeId,
        Instant endedAt) {

    /**
     * Freezes the state.
     *
     * @param status completed, failed or cancelled
     * @param state the state at the end
     * @param exitSignal or null
     * @param error or null
     * @param code or null
     * @param nodeId or null
     * @param endedAt when
     */
    public ExecutionResult {
        state = Json.object(state);
    }

    /**
     * What is in the final state at a path.
     *
     * @param path as {@link JsonPath#parse} reads it
     * @return the value there, or a missing one
     */
    public Value get(String path) {
        return JsonPath.parse(path).find(state);
    }

    /** {@return whether it came to its end} */
    public boolean isCompleted() {
        return status == ExecutionStatus.COMPLETED;
    }
}
