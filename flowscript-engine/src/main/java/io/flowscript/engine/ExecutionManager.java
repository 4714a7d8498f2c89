package io.flowscript.engine;

import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionCount;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The executions of an engine. Without a store, finished executions are removed when their retention time is over. Safe for use by any
 * thread.
 *
 * @since 0.1.0
 */
public interface ExecutionManager {

    /**
     * Finds an execution by its id. One that is not in memory is read from the store, on the calling thread, which can block.
     *
     * @param executionId the id
     * @return the execution; empty when it does not exist or was removed
     * @throws io.flowscript.core.FlowScriptException with code {@code store_unavailable} when the store cannot be read
     */
    Optional<Execution> find(String executionId);

    /**
     * Finds an execution by its id without blocking.
     *
     * @param executionId the id
     * @return completes with what {@link #find} returns: at once when no store has to be read, otherwise on another thread.
     *     It fails as {@link #find} does.
     */
    CompletionStage<Optional<Execution>> findLater(String executionId);

    /**
     * Returns whether an execution is in memory. With a store, one that has ended or waits leaves memory after a while, and
     * comes back when something happens to it.
     *
     * @param executionId the id
     * @return whether it is in memory now
     */
    boolean isLoaded(String executionId);

    /**
     * Lists executions, the newest first. Those that are not in memory are read from the store, on the calling thread, which
     * can block.
     *
     * @param workflowId the workflow whose executions are listed; null for all
     * @param status the status of the listed executions; null for all
     * @param olderThan the id of an execution; only executions started before it are listed; null to begin with the
     *     newest
     * @param limit the maximum number of executions to return, from 1 to 1,000
     * @return the executions
     * @throws io.flowscript.core.FlowScriptException with code {@code store_unavailable} when the store cannot be read
     */
    List<Execution> list(
            @Nullable String workflowId, @Nullable ExecutionStatus status, @Nullable String olderThan, int limit);

    /**
     * Lists executions by when they were started, the newest first, as {@link #list}. A span of time is found at once, however many
     * executions were started after it. While the system's clock goes over times again after it was set back, executions count as
     * started at the latest time before.
     *
     * @param from only executions that were started at this time or later; null for all
     * @param to only executions that were started before this time; null for all
     * @param before only executions with a smaller {@link Execution#number}; {@link Long#MAX_VALUE} to begin with the newest. The one
     *     with this number need not exist any more
     * @param limit the maximum number of executions to return, from 1 to 1,000
     * @return the executions; fewer than the limit only when there are no more
     * @throws io.flowscript.core.FlowScriptException as for {@link #list}
     */
    List<Execution> listStarted(@Nullable Instant from, @Nullable Instant to, long before, int limit);

    /**
     * Counts executions by workflow and status. With a store, it counts those in the store, on the calling thread, which can
     * block.
     *
     * @param most where the count ends, from 1
     * @return one for each workflow and status that occur. When there are more executions than {@code most}, about {@code most} of
     *     them are counted, at least {@code most}.
     * @throws io.flowscript.core.FlowScriptException with code {@code store_unavailable} when the store cannot be read
     */
    List<ExecutionCount> count(int most);

    /**
     * Calls code for each execution in memory, the newest first. All executions are included that are in memory during the
     * whole call; one that enters or leaves it meanwhile may be included.
     *
     * @param each receives the executions, on the calling thread and with no lock held. What it throws ends the call.
     */
    void forEach(Consumer<? super Execution> each);

    /**
     * Calls code for executions, the newest first, also for those that are not in memory; these are read from the store page by
     * page, on the calling thread, which can block. All are included that exist during the whole call; one that starts or is
     * removed meanwhile may be included.
     *
     * @param workflowId the workflow of the executions; null for all
     * @param status the status of the executions; null for all
     * @param each receives the executions with no lock held, and says whether to go on. What it throws ends the call.
     * @throws io.flowscript.core.FlowScriptException with code {@code store_unavailable} when the store cannot be read
     */
    void visit(@Nullable String workflowId, @Nullable ExecutionStatus status, Predicate<? super Execution> each);

    /** {@return the number of executions in memory, finished ones included} */
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
     * Adds an observer that is called for each execution that enters memory: a new one, and one that comes back from the store
     * because something is about to happen to it. It is called before the next event.
     *
     * @param observer a short task that does not block and may be called by several threads at a time; its exceptions
     *     are logged
     * @return the subscription; closing it removes the observer
     */
    Subscription onLoaded(Consumer<Execution> observer);

    /**
     * Adds an observer that is called when the interactions of an execution have changed (one was opened, claimed,
     * answered and so on), when an execution with open interactions is restored, and when an execution is removed or
     * leaves memory. When it is called, the execution already shows the change or a newer one. Calls may arrive in
     * a different order than the changes, even after the call for the removal. An execution that is not
     * {@linkplain #isLoaded loaded} is not in memory any more.
     *
     * @param observer a short task that does not block and may be called by several threads at a time; its exceptions
     *     are logged
     * @return the subscription; closing it removes the listener or observer
     */
    Subscription onInteraction(Consumer<Execution> observer);
}
