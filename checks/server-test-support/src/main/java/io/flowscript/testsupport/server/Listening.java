package io.flowscript.testsupport.server;

import io.flowscript.core.bridge.Transport;
import io.flowscript.testkit.fault.SocketSchedules;

/**
 * A transport that was started.
 *
 * @param transport the transport
 * @param port the port that it listens on
 */
public record Listening(Transport transport, int port) implements SocketSchedules.Listener {

    @Override
    public void close() {
        transport.close();
    }
}
