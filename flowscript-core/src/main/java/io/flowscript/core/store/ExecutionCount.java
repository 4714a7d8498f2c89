package io.flowscript.core.store;

import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How many executions of a workflow have a status.
 *
 * @param workflowId the workflow
 * @param status the status
 * @param count how many, from 1
 * @since 0.1.0
 */
public record ExecutionCount(String workflowId, ExecutionStatus status, long count) {

    /**
     * Counts executions.
     *
     * @param executions the executions; the stream is consumed
     * @return one for each workflow and status that occur, in no order
     */
    public static List<ExecutionCount> of(Stream<ExecutionSnapshot> executions) {
        Map<String, Map<ExecutionStatus, Long>> counts = new HashMap<>();
        executions.forEach(each -> counts.computeIfAbsent(each.workflowId(), id -> new EnumMap<>(ExecutionStatus.class))
                .merge(each.status(), 1L, Long::sum));
        List<ExecutionCount> list = new ArrayList<>();
        counts.forEach((workflowId, byStatus) ->
                byStatus.forEach((status, count) -> list.add(new ExecutionCount(workflowId, status, count))));
        return list;
    }
}
