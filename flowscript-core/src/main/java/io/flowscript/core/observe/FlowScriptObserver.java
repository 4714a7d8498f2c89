package io.flowscript.core.observe;

import io.flowscript.core.event.EventType;

/**
 * Receives notifications of what happens in an engine and in its bridges, for metrics. Every method does nothing by default.
 *
 * <p>Rules for every method:
 *
 * <ul>
 *   <li><b>Threads.</b> The thread that does the work calls the method, often several threads at once. The observer
 * must be safe for use by any thread.
 *   <li><b>Blocking.</b> A method must return quickly and must not block, because the execution or the client waits for
 * it. FlowScript holds no lock during a call, so the observer may use the engine.
 *   <li><b>Order.</b> A call comes after what it reports has taken effect. Calls from different threads come in any
 * order, so the calls for one execution may come in another order than its events.
 *   <li><b>Failures.</b> An exception from a method has no effect on the engine. The first one of each method is
 * logged, later ones of that method are not.
 *   <li><b>Arguments.</b> No argument is null. Strings are workflow ids, or codes from a fixed list. A call allocates
 * no memory, except that weights of events and durations are computed when there is an observer.
 * A duration is taken from the engine's clock, in nanoseconds, and is 0 or more.
 * </ul>
 *
 * <p>Later versions may add methods, which will do nothing by default.
 *
 * @since 0.1.0
 */
public interface FlowScriptObserver {

    /** The observer that does nothing. */
    FlowScriptObserver NONE = new FlowScriptObserver() {};

    // Executions.

    /**
     * Reports that an execution was started, or restored before it has ended. Called once for each execution, before
     * its first step. With a store, it is called when the start is stored, and so not for a start that is refused.
     *
     * @param workflowId the id of its workflow
     */
    default void executionStarted(String workflowId) {}

    /**
     * Reports that an execution has ended. Called once for each execution that was {@link #executionStarted started},
     * except those that are still running when the engine is closed.
     *
     * @param workflowId the id of its workflow
     * @param lastEvent how it ended: {@link EventType#WORKFLOW_COMPLETED}, {@link EventType#WORKFLOW_FAILED} or
     *     {@link EventType#WORKFLOW_CANCELLED}
     */
    default void executionEnded(String workflowId, EventType lastEvent) {}

    /**
     * Reports that an execution has made a step. A step processes the start of the execution, the outcome of a node, an
     * answer, a change of an interaction, a timer or a cancellation. Called once for each step, after {@link #appended}
     * for the events of that step. Emitting an event is not a step.
     */
    default void stepped() {}

    /**
     * Reports that a call of a node is over. Called once for each call, with the step that it ends. A node that asks or sleeps
     * is called again later, and that is another call.
     *
     * @param workflowId the id of the workflow
     * @param nodeName the name of the step that calls the node
     * @param succeeded whether the node has returned an edge, a question or a sleep; false when it has failed, when its time was
     *     over, or when the execution was cancelled meanwhile
     * @param nanos the time since the node was called, including what it has waited for
     */
    default void nodeCalled(String workflowId, String nodeName, boolean succeeded, long nanos) {}

    /**
     * Reports that the store has taken a commit, or has refused it. Called once for each commit of an execution that is stored.
     *
     * @param events the number of events in it
     * @param stored whether it is stored
     * @param nanos the time since it was handed to the store
     */
    default void committed(int events, boolean stored, long nanos) {}

    /**
     * Reports that this engine has taken over shards of a store that several engines share.
     *
     * @param shards the number of shards, from 1
     */
    default void shardsTaken(int shards) {}

    /**
     * Reports that an event was appended to the log of an execution. Called once for each event, more often than any other method.
     *
     * @param type the type of the event; the number of custom types, which the application defines, is not limited
     * @param weight an estimate of the memory that the log holds for it, in bytes, more than 0
     */
    default void appended(EventType type, long weight) {}

    // Interactions.

    /**
     * Reports that an interaction was opened. Called once for each interaction.
     *
     * @param workflowId the id of the workflow that requests the interaction
     */
    default void asked(String workflowId) {}

    /**
     * Reports that an answer was given and has its receipt, accepted or not. Called once for each answer, by the thread
     * that answers. An interaction that nobody answers in time is not reported here; it has an event
     * {@link EventType#HUMAN_INPUT_TIMEOUT}.
     *
     * @param receiptCode the {@link io.flowscript.core.interaction.Receipt#code() code} of the receipt, such as
     *     {@code accepted} or {@code expired}
     * @param nanos the time from the call with the answer to its receipt, and so until an accepted answer is stored
     */
    default void answered(String receiptCode, long nanos) {}

    // Clients.

    /**
     * Reports that a client has connected to a bridge. Called once for each connection, by the thread that connects it.
     *
     * @param transport how it is connected: the {@link io.flowscript.core.bridge.ClientChannel#transport() name} that its channel gives
     */
    default void connected(String transport) {}

    /**
     * Reports that a connection has ended. Called once for each connection that was {@link #connected}.
     *
     * @param transport how it was connected
     * @param closeCode the reason, a constant of {@link io.flowscript.core.bridge.CloseCode};
     *     {@link io.flowscript.core.bridge.CloseCode#NORMAL} when the
     *     client left
     */
    default void closed(String transport, int closeCode) {}

    /**
     * Reports that a batch of messages was handed to the transport of a client. Called once for each batch.
     *
     * @param events the number of events in the batch; 0 when it has only replies or notices
     * @param bytes the size of the whole batch in bytes, more than 0
     */
    default void delivered(int events, int bytes) {}

    /**
     * Reports when the newest event of a batch was appended that was just handed to the transport of a client, for a client that
     * has had all older events of the execution at least once. The time since then is the latency of delivery. Called at most once
     * for each batch, after {@link #delivered}.
     *
     * @param appendedAt the time of the event, in milliseconds since 1970
     */
    default void deliveredLive(long appendedAt) {}

    /**
     * Reports events that were not sent to a client, because of its filter or because its version of the protocol does not have
     * them. Called at most once for each run of the client's pump. Each event is
     * counted once for each client that does not get it.
     *
     * @param events the number of events, from 1
     */
    default void filtered(int events) {}

    /**
     * Reports events that were not sent to a client because newer ones of the same kind replace them, as the client has asked for. Called
     * at most once for each run of the client's pump.
     *
     * @param events the number of events, from 1
     */
    default void conflated(int events) {}

    /**
     * Reports that a client was notified of a hole: of events that it should have received but that cannot be sent any
     * more. Called once for each hole and client.
     *
     * @param cause {@code retention} when the log no longer keeps them, {@code gone} when the execution itself is not there any more
     */
    default void holeTold(String cause) {}

    /**
     * Reports that the redactor of the application has failed, so that all data of an execution was hidden from a client. Called once for each
     * failure.
     */
    default void redactionFailed() {}

    /**
     * Reports that a message of a client was handled. Called once for each message that could be read, before its reply is sent. One that is
     * refused is also reported to {@link #refused}. Requests over HTTP are not reported here.
     *
     * @param type the type of the message, such as {@code subscribe}
     */
    default void commandHandled(String type) {}

    /**
     * Reports that a request of a client or a connection was refused. Called once for each refusal by the engine's
     * operations, by a bridge, or before either is called: by REST, or where a WebSocket is to be opened. It is called
     * whether or not the client gets a reply. An answer that is not accepted is also reported to {@link #answered}.
     *
     * @param code the reason: one of the error codes that clients receive, such as {@code rate_limited},
     *     {@code forbidden} or {@code too_many_connections}
     */
    default void refused(String code) {}
}
