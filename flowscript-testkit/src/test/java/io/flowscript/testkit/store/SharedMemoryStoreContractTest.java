package io.flowscript.testkit.store;

import io.flowscript.core.store.SharedStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.SharedMemoryStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The shared store in memory fulfils the contract of a shared store")
class SharedMemoryStoreContractTest extends SharedStoreContract {

    private final ManualClock clock = new ManualClock();
    private @Nullable SharedMemoryStore first;

    @Override
    protected SharedStore join() {
        if (first != null) {
            return first.join();
        }
        first = SharedMemoryStore.create(clock, Duration.ofMinutes(10));
        return first;
    }

    @Override
    protected void outlast(Duration lease) {
        clock.advance(lease);
    }
}
