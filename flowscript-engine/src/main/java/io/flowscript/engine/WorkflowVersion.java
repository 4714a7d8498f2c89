package io.flowscript.engine;

import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * A version of a workflow, and how many executions there are of it. Immutable; safe for use by any thread.
 *
 * @param definition the definition; its {@link WorkflowDefinition#hash hash} identifies the version
 * @param registered whether new executions begin with this version
 * @param executions how many executions there are in each status, without statuses that no execution is in; immutable
 * @since 0.1.0
 */
public record WorkflowVersion(
        WorkflowDefinition definition, boolean registered, Map<ExecutionStatus, Integer> executions) {

    /**
     * Copies the numbers of executions.
     *
     * @param definition the definition
     * @param registered whether new executions begin with this version
     * @param executions how many executions there are in each status
     */
    public WorkflowVersion {
        Map<ExecutionStatus, Integer> ordered = new EnumMap<>(ExecutionStatus.class);
        ordered.putAll(executions);
        executions = Collections.unmodifiableMap(ordered);
    }

    /** {@return the hash of the definition: 64 hexadecimal digits} */
    public String hash() {
        return definition.hash();
    }

    /** {@return how many executions have not ended} */
    public int notEnded() {
        return count(false);
    }

    /** {@return how many executions have ended and are still kept} */
    public int ended() {
        return count(true);
    }

    private int count(boolean ended) {
        return executions.entrySet().stream()
                .filter(entry -> entry.getKey().isEnded() == ended)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
