package io.flowscript.testkit.transport;

import io.flowscript.core.bridge.Transport;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The contract on {@link PipeTransport}, with the fault and the capabilities that {@link TransportContractTest} wants. */
@ExtendWith(PipeContract.Wanted.class)
class PipeContract extends TransportContract {

    static final String FAULT = "fault";
    static final String PLAIN = "plain";

    private Fault fault = Fault.NONE;
    private boolean plain;
    private boolean breaks;
    private PipeTransport transport;

    @Override
    protected Transport transport() {
        transport = new PipeTransport(fault);
        return transport;
    }

    @Override
    protected Peer connect(Transport to) {
        return ((PipeTransport) to).connect();
    }

    @Override
    protected Set<Capability> capabilities() {
        return plain ? Set.of() : EnumSet.complementOf(EnumSet.of(Capability.SUBSCRIBES));
    }

    @Override
    protected OptionalInt connections(Transport of) {
        return OptionalInt.of(((PipeTransport) of).connections());
    }

    /** Only a rule that the fault breaks waits for what does not come; many contracts run at the same time. */
    @Override
    protected Duration patience() {
        return Duration.ofSeconds(breaks ? 5 : 60);
    }

    @Override
    boolean isHoldingUpASend() {
        return transport != null && transport.isHoldingUpASend();
    }

    @Override
    protected long maxBuffered() {
        return 2 << 20;
    }

    @Override
    protected boolean isForeign(Thread thread) {
        return transport == null || !thread.getName().startsWith(transport.threadName);
    }

    static final class Wanted implements BeforeEachCallback {
        @Override
        public void beforeEach(ExtensionContext context) {
            PipeContract contract = (PipeContract) context.getRequiredTestInstance();
            contract.fault =
                    context.getConfigurationParameter(FAULT).map(Fault::valueOf).orElse(Fault.NONE);
            contract.breaks =
                    contract.fault.rules().contains(context.getDisplayName().split(" ", 2)[0]);
            contract.plain = context.getConfigurationParameter(PLAIN).isPresent();
        }
    }
}
