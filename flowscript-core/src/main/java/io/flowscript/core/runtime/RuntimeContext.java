package io.flowscript.core.runtime;

import io.flowscript.core.json.Value;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Through this a node emits events and, if it likes to wait in its middle, waits for an answer. It belongs to one
 * attempt and is closed with it. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface RuntimeContext {

    /** {@return the workflow that is run} */
    String workflowId();

    /** {@return the execution} */
    String executionId();

    /** {@return this visit of the node, unique within the execution} */
    String nodeId();

    /**
     * Emits an event of the application's own. It is in the log when this returns; no client is waited for.
     *
     * @param type any type that is not built in, such as {@code order:packed}
     * @param payload any JSON value
     * @throws io.flowscript.core.FlowScriptException with code {@code attempt_closed} when the attempt is over,
     *     {@code reserved_event_type} for a built-in type, or {@code event_too_large}
     */
    default void emit(String type, @Nullable Object payload) {
        emit(type, payload, null);
    }

    /**
     * Emits an event of the application's own that newer ones with the same type and key may stand for.
     *
     * @param type any type that is not built in
     * @param payload any JSON value
     * @param conflationKey the changing thing that it is about, or null
     * @throws io.flowscript.core.FlowScriptException as above
     */
    void emit(String type, @Nullable Object payload, @Nullable String conflationKey);

    /**
     * Opens a pause that any answer ends, and that never times out.
     *
     * @return its token; it can be answered from now on, even before anybody waits
     * @throws io.flowscript.core.FlowScriptException with code {@code attempt_closed}, or {@code too_many_pauses}
     */
    PauseToken pause();

    /**
     * Opens a pause with a question for people.
     *
     * @param question what is asked
     * @return its token; it can be answered from now on, even before anybody waits
     * @throws io.flowscript.core.FlowScriptException with code {@code attempt_closed}, {@code too_many_pauses} or {@code invalid_schema}
     */
    PauseToken pause(Question question);

    /**
     * Waits for the answer without holding a thread. The time until it comes counts as people's time. Such a wait lives in memory: when
     * the execution is continued elsewhere, the visit runs anew and this question is withdrawn. A node that returns an
     * {@link Ask} has no such limit.
     *
     * @param token what {@link #pause} of this attempt gave
     * @return completes with the answer; fails with a {@link io.flowscript.core.FlowScriptException} of code {@code expired} at the deadline, or
     *     {@code cancelled} when the attempt is ended from outside
     * @throws io.flowscript.core.FlowScriptException with code {@code unknown_token} when this attempt did not open it
     */
    CompletableFuture<Value> waitForResume(PauseToken token);
}
