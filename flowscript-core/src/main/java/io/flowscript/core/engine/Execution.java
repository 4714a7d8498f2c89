package io.flowscript.core.engine;

import io.flowscript.core.Identity;
import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.EventLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a workflow. Safe for use by any thread; stays usable after the end.
 *
 * @since 0.1.0
 */
public interface Execution {

    /** {@return its id; cannot be guessed unless the application gave it} */
    String id();

    /** {@return the workflow that it runs} */
    String workflowId();

    /** {@return where it is in its life} */
    ExecutionStatus status();

    /** {@return its events, from the first} */
    EventLog events();

    /** {@return the execution as a plain, consistent value: its state, its position, its open questions} */
    ExecutionSnapshot snapshot();

    /**
     * What is in its state at a path, now.
     *
     * @param path as {@link io.flowscript.core.json.JsonPath#parse} reads it
     * @return the value there, or a missing one
     */
    Value state(String path);

    /** {@return the questions that wait for an answer, the oldest first} */
    List<Interaction> interactions();

    /**
     * How it ends.
     *
     * @return completes with the result when the execution has ended, however it ended; fails with code
     *     {@code engine_closed} when the engine was closed before. All callers share the future, so none can complete or
     *     cancel it, which is answered by false; what is made of it, by {@code copy} or {@code orTimeout} for instance, is
     *     the caller's own.
     */
    CompletableFuture<ExecutionResult> result();

    /**
     * Hears its events, from the first on, whenever this is called.
     *
     * @param listener hears them
     * @param types only events of these types; none for all
     * @return ends it
     */
    Subscription listen(EventListener listener, EventType... types);

    /**
     * Cancels it, at any moment.
     *
     * @param reason why, for people; null to say nothing
     * @param by who; null to say nothing
     * @return true when this call ended it, false when it had ended before
     */
    boolean cancel(@Nullable String reason, @Nullable Identity by);
}
