package io.flowscript.testkit.store;

import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.MemoryStore;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The store in memory fulfils the contract of a store")
class MemoryStoreContractTest extends StoreContract {

    private MemoryStore last = new MemoryStore();

    @Override
    protected ExecutionStore open() {
        last = last.reopen();
        return last;
    }

    @Override
    protected boolean completesOnTheCallingThread() {
        return true;
    }
}
