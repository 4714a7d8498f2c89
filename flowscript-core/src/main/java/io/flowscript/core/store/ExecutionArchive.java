package io.flowscript.core.store;

import io.flowscript.core.event.RecordedEvent;

/**
 * Takes over executions that are about to be removed from the store.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ExecutionArchive {

    /**
     * Keeps an execution elsewhere. It is removed from the store when this returns. After a crash, it can be called again for
     * an execution that was archived already.
     *
     * @param execution the execution, without events
     * @param events its events, from the oldest one that is stored. They are read page by page while they are iterated over.
     * @throws RuntimeException when the execution could not be kept. It stays in the store, with all that ended later, and this is
     *     tried again some minutes later.
     */
    void archive(StoredExecution execution, Iterable<RecordedEvent> events);
}
