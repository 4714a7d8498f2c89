package io.flowscript.testkit.store;

import io.flowscript.core.store.ExecutionStore;
import java.time.Duration;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The contract on {@link BrokenStore}, with the fault that {@link StoreContractTest} wants. */
@ExtendWith(BrokenStoreContract.Wanted.class)
class BrokenStoreContract extends StoreContract {

    private final BrokenStore.Disk disk = new BrokenStore.Disk();
    private Fault fault = Fault.NONE;
    private boolean breaks;

    @Override
    protected ExecutionStore open() {
        return new BrokenStore(disk, fault);
    }

    /** A rule that breaks since something never happens does not wait for it as long. */
    @Override
    protected Duration patience() {
        return Duration.ofSeconds(breaks ? 5 : 60);
    }

    /** Many contracts run at the same time. */
    @Override
    protected boolean isForeign(Thread thread) {
        return !thread.getName().startsWith(disk.threadName());
    }

    static final class Wanted implements BeforeEachCallback {
        @Override
        public void beforeEach(ExtensionContext context) {
            BrokenStoreContract contract = (BrokenStoreContract) context.getRequiredTestInstance();
            contract.fault = context.getConfigurationParameter(ContractRun.FAULT)
                    .map(Fault::valueOf)
                    .orElse(Fault.NONE);
            contract.breaks = switch (contract.fault) {
                case LEAVES_A_THREAD, COMPLETES_ON_THE_WRITING_THREAD ->
                    contract.fault.rules().contains(context.getDisplayName().split(" ", 2)[0]);
                default -> false;
            };
        }
    }
}
