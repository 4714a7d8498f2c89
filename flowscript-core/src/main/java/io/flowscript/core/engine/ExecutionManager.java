package io.flowscript.core.engine;

import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The executions of an engine. Finished executions are removed when their retention time is over. Safe for use by any
 * thread.
 *
 * @since 0.1.0
 */
public interface ExecutionManager {

    /**
     * Finds an execution by its id.
     *
     * @param executionId the id
     * @return the execution; empty when it does not exist or was removed
     */
    Optional<Execution> find(String executionId);

    /**
     * Lists executions, the newest first.
     *
     * @param workflowId the workflow whose executions are listed; null for all
     * @param status the status of the listed executions; null for all
     * @param olderThan the id of an execution; only executions started before it are listed; null to begin with the
     *     newest
     * @param limit the maximum number of executions to return, from 1 to 1,000
     * @return the executions
     */
    List<Execution> list(
            @Nullable String workflowId, @Nullable ExecutionStatus status, @Nullable String olderThan, int limit);

    /**
     * Calls code for each execution, the newest first. All executions are included that exist during the whole call; one that
     * starts or is removed meanwhile may be included.
     *
     * @param each receives the executions, on the calling thread and with no lock held. What it throws ends the call.
     */
    void forEach(Consumer<? super Execution> each);

    /** {@return the number of executions, finished ones included} */
    int size();

    /**
     * Adds a listener for the events of all executions that start from now on. It receives all events of each
     * execution.
     *
     * @param listener the listener
     * @param types the types of the events that the listener receives; none for all
     * @return the subscription; closing it removes the listener or observer
     */
    Subscription listen(EventListener listener, EventType... types);

    /**
     * Adds an observer that is called for each new execution, before its first event, on the thread that starts it.
     *
     * @param observer a short task that does not block; its exceptions are logged
     * @return the subscription; closing it removes the listener or observer
     */
    Subscription onCreated(Consumer<Execution> observer);

    /**
     * Adds an observer that is called when the interactions of an execution have changed (one was opened, claimed,
     * answered and so on), when an execution with open interactions is restored, and when an execution is removed.
     * When it is called, the execution already shows the change or a newer one. Calls may arrive in a different order
     * than the changes, even after the call for the removal. Use {@link #find} to check whether the execution still
     * exists.
     *
     * @param observer a short task that does not block and may be called by several threads at a time; its exceptions
     *     are logged
     * @return the subscription; closing it removes the listener or observer
     */
    Subscription onInteraction(Consumer<Execution> observer);
}
