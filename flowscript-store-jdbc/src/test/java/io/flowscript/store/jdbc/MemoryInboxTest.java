package io.flowscript.store.jdbc;

import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.MemoryStore;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The inbox of an engine whose store is in memory")
class MemoryInboxTest extends InboxModel {

    private MemoryStore store = new MemoryStore();

    @Override
    ExecutionStore open() {
        store = store.reopen();
        return store;
    }
}
