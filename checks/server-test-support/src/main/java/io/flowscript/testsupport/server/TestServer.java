package io.flowscript.testsupport.server;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Transport;
import java.util.function.IntSupplier;

/** A server under test. It listens on the loopback address. */
public interface TestServer extends Transport {

    /** The port that it listens on. */
    int port();

    /** The number of its clients, of whatever kind. */
    int clients();

    /**
     * Describes a server.
     *
     * @param server the server
     * @param port tells the port that it listens on
     * @param clients tells the number of its clients
     * @return the same server, for contracts of all servers
     */
    static TestServer of(Transport server, IntSupplier port, IntSupplier clients) {
        return new TestServer() {
            @Override
            public void start(EventBridge bridge) {
                server.start(bridge);
            }

            @Override
            public int port() {
                return port.getAsInt();
            }

            @Override
            public int clients() {
                return clients.getAsInt();
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }
}
