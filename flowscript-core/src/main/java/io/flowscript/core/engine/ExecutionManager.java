package io.flowscript.core.engine;

import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every execution that the engine knows. Finished ones are forgotten when their retention is over. Safe for use by any
 * thread.
 *
 * @since 0.1.0
 */
public interface ExecutionManager {

    /**
     * An execution by its id.
     *
     * @param executionId the id
     * @return the execution, empty when there is none or it was forgotten
     */
    Optional<Execution> find(String executionId);

    /**
     * Executions, the newest first.
     *
     * @param workflowId only those of this workflow; null for all
     * @param status only those with this status; null for all
     * @param olderThan only those that were started before this one; null to begin with the newest
     * @param limit how many at the most, from 1 to 1,000
     * @return the executions
     */
    List<Execution> list(
            @Nullable String workflowId, @Nullable ExecutionStatus status, @Nullable String olderThan, int limit);

    /** {@return how many executions are known, finished ones included} */
    int size();

    /**
     * Hears the events of all executions, from each one's first on, for executions that begin from now on.
     *
     * @param listener hears them
     * @param types only events of these types; none for all
     * @return ends it
     */
    Subscription listen(EventListener listener, EventType... types);

    /**
     * Is told of each execution that comes to be, before its first event, on the thread that starts it.
     *
     * @param observer short, does not block; what it throws is logged
     * @return ends it
     */
    Subscription onCreated(Consumer<Execution> observer);

    /**
     * Is told whenever what an execution asks people has changed: a question was opened, claimed, answered, ...; when an execution is restored that asks
     * something; and when an execution is forgotten. What the observer then reads of the execution is the change or something newer. Calls may come in another
     * order than the changes, also after the one for forgetting: whether an execution can still be found says if it is there.
     *
     * @param observer short, does not block; may be called by several threads at a time; what it throws is logged
     * @return ends it
     */
    Subscription onInteraction(Consumer<Execution> observer);
}
