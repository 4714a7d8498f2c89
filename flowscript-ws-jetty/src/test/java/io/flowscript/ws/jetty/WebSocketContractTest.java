package io.flowscript.ws.jetty;

import io.flowscript.core.bridge.Transport;
import io.flowscript.testkit.transport.Capability;
import io.flowscript.testkit.transport.Peer;
import io.flowscript.testkit.transport.TransportContract;
import java.io.IOException;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The contract of a transport, kept by WebSocket with several messages a frame")
@Tag("slow")
class WebSocketContractTest extends TransportContract {

    @Override
    protected Transport transport() {
        return FlowScriptWebSocketServer.builder()
                .closingTime(EventsContract.CLOSING_TIME)
                .build();
    }

    @Override
    protected Peer connect(Transport transport) throws IOException {
        return new WebSocketPeer(((FlowScriptWebSocketServer) transport).port(), headers());
    }

    String[] headers() {
        return new String[] {"Sec-WebSocket-Protocol: flowscript.v2"};
    }

    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.SUBSCRIBES));
    }

    @Override
    protected OptionalInt connections(Transport transport) {
        return OptionalInt.of(((FlowScriptWebSocketServer) transport).clients());
    }
}
