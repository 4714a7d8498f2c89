package io.flowscript.testkit.transport;

import io.flowscript.core.bridge.ClientInfo.Framing;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The memory transport fulfils the contract of a transport for clients of the first protocol version")
class MemoryTransportFirstVersionContractTest extends MemoryTransportContractTest {

    @Override
    Framing framing() {
        return Framing.SINGLE;
    }
}
