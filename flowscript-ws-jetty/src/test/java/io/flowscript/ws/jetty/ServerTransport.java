package io.flowscript.ws.jetty;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Transport;
import io.flowscript.core.engine.FlowScript;
import java.time.Duration;

/** A server as a transport among others. */
final class ServerTransport implements Transport {

    /** So that a client that does not read is soon cut off. */
    private static final Duration CLOSING_TIME = Duration.ofSeconds(1);

    private final FlowScript flows;
    private volatile FlowScriptWebSocketServer server;
    private volatile int port;

    ServerTransport(FlowScript flows) {
        this.flows = flows;
    }

    @Override
    public void start(EventBridge bridge) {
        server = FlowScriptWebSocketServer.builder(flows, bridge)
                .requestsPerSecond(1_000_000)
                .closingTime(CLOSING_TIME)
                .start();
        port = server.port();
    }

    int port() {
        return port;
    }

    int clients() {
        return server.clients();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
