package io.flowscript.testsupport.server;

import io.flowscript.core.bridge.Transport;
import io.flowscript.testkit.transport.Capability;
import io.flowscript.testkit.transport.Peer;
import io.flowscript.testkit.transport.TransportContract;
import java.io.IOException;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The contract of a transport, kept by WebSocket with several messages a frame")
public abstract class WebSocketContract extends TransportContract {

    @Override
    protected Transport transport() {
        return server();
    }

    /** A server that gives clients {@link EventsContract#CLOSING_TIME}. */
    protected abstract TestServer server();

    @Override
    protected Peer connect(Transport transport) throws IOException {
        return new WebSocketPeer(((TestServer) transport).port(), headers());
    }

    protected String[] headers() {
        return new String[] {"Sec-WebSocket-Protocol: flowscript.v2"};
    }

    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.SUBSCRIBES));
    }

    @Override
    protected OptionalInt connections(Transport transport) {
        return OptionalInt.of(((TestServer) transport).clients());
    }
}
