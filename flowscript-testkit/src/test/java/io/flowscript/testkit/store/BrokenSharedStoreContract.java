package io.flowscript.testkit.store;

import io.flowscript.core.store.SharedStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.SharedMemoryStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The contract on {@link BrokenSharedStore}, with the fault that {@link SharedStoreContractTest} wants. */
@ExtendWith(BrokenSharedStoreContract.Wanted.class)
class BrokenSharedStoreContract extends SharedStoreContract {

    private final ManualClock clock = new ManualClock();
    private final BrokenSharedStore.Together together = new BrokenSharedStore.Together();
    private @Nullable SharedMemoryStore first;
    private SharedFault fault = SharedFault.NONE;

    @Override
    protected SharedStore join() {
        SharedMemoryStore right =
                first == null ? SharedMemoryStore.create(clock, Duration.ofMinutes(10)) : first.join();
        if (first == null) {
            first = right;
        }
        return BrokenSharedStore.of(right, fault, together);
    }

    @Override
    protected void outlast(Duration lease) {
        if (fault != SharedFault.LETS_NO_LEASE_END) {
            clock.advance(lease);
        }
    }

    static final class Wanted implements BeforeEachCallback {
        @Override
        public void beforeEach(ExtensionContext context) {
            BrokenSharedStoreContract contract = (BrokenSharedStoreContract) context.getRequiredTestInstance();
            contract.fault = context.getConfigurationParameter(ContractRun.FAULT)
                    .map(SharedFault::valueOf)
                    .orElse(SharedFault.NONE);
        }
    }
}
