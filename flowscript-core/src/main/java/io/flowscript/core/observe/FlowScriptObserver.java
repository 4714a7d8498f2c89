package io.flowscript.core.observe;

import io.flowscript.core.event.EventType;

/**
 * Is told what happens in an engine and in the bridges on it, where it happens; for metrics. Every method does nothing unless it is overridden.
 *
 * <p>What holds for every method:
 *
 * <ul>
 *   <li><b>Threads.</b> It is called by the thread that does the work, often by several threads at once. It has to be safe for use by any thread.
 *   <li><b>Blocking.</b> It must return quickly and must not block: the execution or the client waits for it. No lock of FlowScript is held
 *       during a call, so the observer may use the engine.
 *   <li><b>Order.</b> A call comes after what it reports has taken effect. Calls by different threads come in any order, so the calls for one execution may
 *       come in another order than its events.
 *   <li><b>Failures.</b> What it throws changes nothing. The first failure of each method is logged, later ones of that method are not.
 *   <li><b>Arguments.</b> None is ever null. Strings are workflow ids, or codes from a closed list. Nothing is allocated for a call, but for the weight
 *       of an event, which is computed only where there is an observer.
 * </ul>
 *
 * <p>Methods may be added in later versions; they will do nothing by default.
 *
 * @since 0.1.0
 */
public interface FlowScriptObserver {

    /** Does nothing. */
    FlowScriptObserver NONE = new FlowScriptObserver() {};

    // Executions.

    /**
     * An execution was started, or restored before its end. Called once for each, before its first step, by the thread that starts it.
     *
     * @param workflowId the workflow that it runs
     */
    default void executionStarted(String workflowId) {}

    /**
     * An execution has ended. Called once for each that was {@link #executionStarted started}; not for those that are under way when the engine
     * is closed.
     *
     * @param workflowId the workflow that it ran
     * @param lastEvent how it ended: {@link EventType#WORKFLOW_COMPLETED}, {@link EventType#WORKFLOW_FAILED} or {@link EventType#WORKFLOW_CANCELLED}
     */
    default void executionEnded(String workflowId, EventType lastEvent) {}

    /**
     * An execution has made a step: it took in its start, the outcome of a node, an answer, a change of an interaction, a timer or a cancellation.
     * Called once for each step, after {@link #appended} for the events of that step. Emitting an event is no step.
     */
    default void stepped() {}

    /**
     * An event was appended to the log of an execution. Called once for each event. This is the method that is called most often.
     *
     * @param type the type of the event; custom types are the application's own, and there may be any number of them
     * @param weight an estimate of the memory that the log holds for it, in bytes, more than 0
     */
    default void appended(EventType type, long weight) {}

    // Interactions.

    /**
     * An interaction was opened. Called once for each.
     *
     * @param workflowId the workflow that asks
     */
    default void asked(String workflowId) {}

    /**
     * An answer was given and has its receipt, whether it counts or not. Called once for each answer, by the thread that answers. An interaction that nobody answers
     * in time is not reported here: it has an event {@link EventType#HUMAN_INPUT_TIMEOUT}.
     *
     * @param receiptCode the {@link io.flowscript.core.interaction.Receipt#code() code} of the receipt, such as {@code accepted} or {@code expired}
     */
    default void answered(String receiptCode) {}

    // Clients.

    /** A client has connected to a bridge. Called once for each connection, by the thread that connects it. */
    default void connected() {}

    /**
     * A connection has ended. Called once for each that was {@link #connected}.
     *
     * @param closeCode why, a constant of {@link io.flowscript.core.bridge.CloseCode}; {@link io.flowscript.core.bridge.CloseCode#NORMAL} when the
     *     client left
     */
    default void closed(int closeCode) {}

    /**
     * A batch was handed to the transport of a client. Called once for each batch.
     *
     * @param events how many events are in it, from 0: a batch may have replies only
     * @param bytes how many bytes it has, with its replies and reports; more than 0
     */
    default void delivered(int events, int bytes) {}

    /**
     * Events were held back from a client: by its filter, by its conflation, or since its version of the protocol does not have them. Called at most
     * once for each run of the client's pump; each event is counted once for each client that it is held back from.
     *
     * @param events how many, from 1
     */
    default void filtered(int events) {}

    /** A client was told of a hole: of events that it wants and that the log no longer keeps. Called once for each hole and client. */
    default void holeTold() {}

    /**
     * A request of a client was refused, or a connection. Called once for each refusal by the engine's operations or by a bridge, whichever transport the
     * request came by, and whether or not the client is told. An answer that does not count is reported to {@link #answered} too.
     *
     * @param code why: one of the codes that clients are told, such as {@code rate_limited}, {@code forbidden} or {@code too_many_connections}
     */
    default void refused(String code) {}
}
