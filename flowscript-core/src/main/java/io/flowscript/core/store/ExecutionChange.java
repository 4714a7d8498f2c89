package io.flowscript.core.store;

/**
 * An execution that another engine has changed.
 *
 * @param executionId the id of the execution
 * @param started whether it was started
 * @param after the number of the last event before the change; {@link Long#MAX_VALUE} when the change has no events
 * @param last the number of its last event; 0 when it has none
 * @since 0.1.0
 */
public record ExecutionChange(String executionId, boolean started, long after, long last) {

    /**
     * Joins this change with one of the same execution that has followed.
     *
     * @param later the later change
     * @return both as one
     */
    public ExecutionChange then(ExecutionChange later) {
        return new ExecutionChange(
                executionId, started || later.started, Math.min(after, later.after), Math.max(last, later.last));
    }
}
