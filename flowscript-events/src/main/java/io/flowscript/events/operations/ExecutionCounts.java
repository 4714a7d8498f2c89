package io.flowscript.events.operations;

import io.flowscript.core.concurrent.RecentValue;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.engine.FlowScript;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of an engine's executions by workflow and status. Counting costs as much as there are executions, up to a limit, so what was
 * counted is kept for a second, and one thread counts at a time while the others take the numbers before. Safe for use by any thread.
 */
final class ExecutionCounts {

    /** How many executions are counted at most. */
    static final int MOST = 200_000;

    private final FlowScript flows;
    private final RecentValue<List<ExecutionCount>> counts = new RecentValue<>(Duration.ofSeconds(1));

    ExecutionCounts(FlowScript flows) {
        this.flows = flows;
    }

    /** Counts the executions that match a filter of workflows and statuses. */
    Operations.ExecutionCount count(ExecutionFilter filter) {
        List<ExecutionCount> all =
                counts.get(flows.clock().nanoTime(), () -> flows.executions().count(MOST));
        Map<ExecutionStatus, Long> byStatus = new EnumMap<>(ExecutionStatus.class);
        long total = 0;
        for (ExecutionCount each : all) {
            total += each.count();
            if ((filter.workflowId() == null || filter.workflowId().equals(each.workflowId()))
                    && (filter.statuses().isEmpty() || filter.statuses().contains(each.status()))) {
                byStatus.merge(each.status(), each.count(), Long::sum);
            }
        }
        return Operations.ExecutionCount.of(byStatus, total < MOST);
    }
}
