package io.flowscript.examples.http;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.testsupport.server.TestServer;

/**
 * A server on the JDK's, for contracts of all servers.
 *
 * @param server the server
 */
record JdkTestServer(JdkHttpServer server) implements TestServer {

    @Override
    public void start(EventBridge bridge) {
        server.start(bridge);
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public int clients() {
        return server.clients();
    }

    @Override
    public void close() {
        server.close();
    }
}
