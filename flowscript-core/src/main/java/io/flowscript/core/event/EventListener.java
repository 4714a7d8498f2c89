package io.flowscript.core.event;

/**
 * Hears events inside the process. Called by one thread at a time, in the order of each execution's log, each event
 * once, on the engine's executor and never with a lock held. It may be slow and it may throw: only this listener
 * suffers. What it throws is logged and the next event comes all the same.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface EventListener {

    /**
     * Something happened.
     *
     * @param event what, never null
     * @throws Exception anything; it is logged, and changes nothing
     */
    void onEvent(RecordedEvent event) throws Exception;

    /**
     * Events that this listener should have heard are gone, because it fell behind what the log keeps. Called in their
     * place, before the next event.
     *
     * @param executionId the execution
     * @param from the number of the first event missed
     * @param to the number of the last event missed
     * @throws Exception anything; it is logged, and changes nothing
     */
    default void onMissed(String executionId, long from, long to) throws Exception {}
}
