package io.flowscript.core.event;

/**
 * Receives events inside the process.
 *
 * <p>The engine calls a listener on its executor, one call at a time, with no lock held. Each event comes once; the events of
 * one execution come in the order of its log. A slow listener delays neither executions nor other listeners.
 * An exception of a listener is logged, and the next event is delivered.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface EventListener {

    /**
     * Handles the next event.
     *
     * @param event the event, never null
     * @throws Exception any exception; it is logged and has no other effect
     */
    void onEvent(RecordedEvent event) throws Exception;

    /**
     * Handles a gap: the log dropped events before this listener received them, because the listener was too slow. Called in
     * place of these events, before the next event.
     *
     * @param executionId the id of the execution
     * @param from the number of the first event missed
     * @param to the number of the last event missed
     * @throws Exception any exception; it is logged and has no other effect
     */
    default void onMissed(String executionId, long from, long to) throws Exception {}
}
