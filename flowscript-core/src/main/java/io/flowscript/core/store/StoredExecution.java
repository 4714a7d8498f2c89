package io.flowscript.core.store;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.List;

/**
 * An execution as a store returns it.
 *
 * @param snapshot the snapshot of the last commit that had one
 * @param number its place in the order in which executions were started
 * @param definition the workflow that the execution was started with
 * @param lastSeq the number of the last event that was committed; 0 when there is none. It can be later than that of the
 *     snapshot, when the node that was working has emitted events.
 * @param events the newest events of the execution, in their order and without a gap, up to the last one committed
 * @since 0.1.0
 */
public record StoredExecution(
        ExecutionSnapshot snapshot,
        long number,
        WorkflowDefinition definition,
        long lastSeq,
        List<RecordedEvent> events) {

    /**
     * Copies the list.
     *
     * @param snapshot the snapshot of the last commit that had one
     * @param number its place in the order in which executions were started
     * @param definition the workflow that the execution was started with
     * @param lastSeq the number of the last event that was committed
     * @param events the newest events of the execution
     */
    public StoredExecution {
        events = List.copyOf(events);
    }
}
