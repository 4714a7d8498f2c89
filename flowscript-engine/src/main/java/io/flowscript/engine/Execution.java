package io.flowscript.engine;

import io.flowscript.core.CommandKey;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a workflow. Safe for use by any thread. It can still be read after the execution has ended.
 *
 * @since 0.1.0
 */
public interface Execution {

    /** {@return the id; it cannot be guessed unless the application chose it} */
    String id();

    /** {@return the id of the workflow} */
    String workflowId();

    /** {@return its place in the order in which executions were started; greater than those of all that were started before} */
    long number();

    /** {@return the current status} */
    ExecutionStatus status();

    /** {@return whether the engine's store keeps this execution} */
    boolean isStored();

    /**
     * Returns whether this engine advances the execution.
     *
     * @return true, unless the engine shares its {@linkplain io.flowscript.core.store.SharedStore store} with others and one of
     *     them has the execution
     */
    boolean isLocal();

    /** {@return the log of this execution's events} */
    EventLog events();

    /** {@return a consistent, immutable snapshot: the state, the position and the open interactions} */
    ExecutionSnapshot snapshot();

    /**
     * Returns the current value at a path of the state.
     *
     * @param path a path in the syntax of {@link io.flowscript.core.json.JsonPath#parse}
     * @return the value there, or a missing value
     */
    Value state(String path);

    /** {@return the open interactions, the oldest first} */
    List<Interaction> interactions();

    /**
     * Returns a future for the result of this execution.
     *
     * @return a future that completes with the result when the execution has completed, failed or was cancelled. It
     *     fails with code {@code engine_closed} when the engine is closed before. All callers share the future, so
     *     {@code complete} and {@code cancel} have no effect on it and return false. Futures derived from it, for
     *     instance by {@code copy} or {@code orTimeout}, belong to the caller.
     */
    CompletableFuture<ExecutionResult> result();

    /**
     * Adds a listener for this execution's events. The listener receives all events from the first one in the log,
     * also when it is added late.
     *
     * @param listener the listener
     * @param types the types of the events that the listener receives; none for all
     * @return the subscription; closing it removes the listener
     */
    Subscription listen(EventListener listener, EventType... types);

    /**
     * Cancels this execution, unless it has ended.
     *
     * @param reason the reason, as text for people; may be null
     * @param by the identity of the person who cancels; null when it is not known
     * @return true if this call ended the execution; false if it had already ended
     */
    default boolean cancel(@Nullable String reason, @Nullable Identity by) {
        return cancel(reason, by, null);
    }

    /**
     * Cancels this execution as a command, which the execution remembers, unless it has ended.
     *
     * @param reason the reason, as text for people; may be null
     * @param by the identity of the person who cancels; null when it is not known
     * @param key identifies the command; null to remember nothing. A key is not compared with earlier ones here.
     * @return true if this call ended the execution; false if it had already ended
     */
    boolean cancel(@Nullable String reason, @Nullable Identity by, @Nullable CommandKey key);
}
