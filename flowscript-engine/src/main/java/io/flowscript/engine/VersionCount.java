package io.flowscript.engine;

import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Counts the executions of each version of one workflow. For use by one thread. */
final class VersionCount {

    private final String workflowId;
    private final @Nullable WorkflowDefinition registered;
    private final Map<String, Version> byHash = new LinkedHashMap<>();

    private record Version(WorkflowDefinition definition, Map<ExecutionStatus, Integer> executions) {}

    VersionCount(String workflowId, @Nullable WorkflowDefinition registered) {
        this.workflowId = workflowId;
        this.registered = registered;
        if (registered != null) {
            of(registered);
        }
    }

    void add(WorkflowExecution execution, Predicate<? super Execution> counted) {
        if (execution.workflowId().equals(workflowId) && counted.test(execution)) {
            of(execution.definition()).merge(execution.status(), 1, Integer::sum);
        }
    }

    List<WorkflowVersion> versions() {
        return byHash.values().stream()
                .map(version -> new WorkflowVersion(
                        version.definition(),
                        registered != null
                                && registered.hash().equals(version.definition().hash()),
                        version.executions()))
                .toList();
    }

    private Map<ExecutionStatus, Integer> of(WorkflowDefinition definition) {
        return byHash.computeIfAbsent(
                        definition.hash(), hash -> new Version(definition, new EnumMap<>(ExecutionStatus.class)))
                .executions();
    }
}
