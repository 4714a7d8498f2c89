package io.flowscript.ws.jetty;

import io.flowscript.testsupport.server.TestServer;

/** Servers on Jetty, for contracts of all servers. */
final class JettyServer {

    private JettyServer() {}

    static TestServer of(FlowScriptWebSocketServer server) {
        return TestServer.of(server, server::port, server::clients);
    }
}
