package io.flowscript.core.runtime;

import io.flowscript.core.json.Value;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets a node emit events, and ask people and wait for the answer within its code. It belongs to one attempt and is
 * closed with the attempt. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface RuntimeContext {

    /** {@return the id of the workflow} */
    String workflowId();

    /** {@return the id of the execution} */
    String executionId();

    /** {@return the id of this visit of the node, unique within the execution} */
    String nodeId();

    /**
     * Emits an event defined by the application. When this method returns, the event is in the log. It does not wait
     * for clients.
     *
     * @param type a type that is not built in, such as {@code order:packed}
     * @param payload any JSON value
     * @throws io.flowscript.core.FlowScriptException with code {@code attempt_closed} when the attempt is over,
     *     {@code reserved_event_type} for a built-in type, or {@code event_too_large}
     */
    default void emit(String type, @Nullable Object payload) {
        emit(type, payload, null);
    }

    /**
     * Emits an event defined by the application that may be conflated: a newer event with the same type and key can
     * replace it for clients that ask for this.
     *
     * @param type a type that is not built in
     * @param payload any JSON value
     * @param conflationKey the key of the changing thing that the event describes; null to keep every event
     * @throws io.flowscript.core.FlowScriptException as for {@link #emit(String, Object)}
     */
    void emit(String type, @Nullable Object payload, @Nullable String conflationKey);

    /**
     * Opens an interaction without a question: any answer closes it, and it has no deadline.
     *
     * @return the token of the interaction, which can be answered from now on, even before the node waits for the
     *     answer
     * @throws io.flowscript.core.FlowScriptException with code {@code attempt_closed}, or {@code too_many_pauses}
     */
    PauseToken pause();

    /**
     * Opens an interaction with a question for people.
     *
     * @param question the question for people
     * @return the token of the interaction, which can be answered from now on, even before the node waits for the
     *     answer
     * @throws io.flowscript.core.FlowScriptException with code {@code attempt_closed}, {@code too_many_pauses} or {@code invalid_schema}
     */
    PauseToken pause(Question question);

    /**
     * Returns a future for the answer to an interaction; no thread is held. The time until the answer does not count
     * as work of the node. The wait exists in memory only: when the execution is restored from a snapshot, the node
     * is called again and this interaction is cancelled. A node that returns an {@link Ask} does not have this limit.
     *
     * @param token a token that {@link #pause} returned during this attempt
     * @return a future that completes with the answer. It fails with a {@link io.flowscript.core.FlowScriptException}
     *     with code {@code expired} at the deadline, or with code {@code cancelled} when the engine ends the attempt
     *     early.
     * @throws io.flowscript.core.FlowScriptException with code {@code unknown_token} when this attempt did not open
     *     the interaction
     */
    CompletableFuture<Value> waitForResume(PauseToken token);
}
