package io.flowscript.ws.jetty;

import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testsupport.server.ProtocolCasesContract;
import io.flowscript.testsupport.server.TestServer;

/** The protocol as data, against the server on Jetty. */
class ProtocolCasesTest extends ProtocolCasesContract {

    @Override
    protected TestServer server(FlowScriptBridge rest) {
        return JettyServer.of(FlowScriptWebSocketServer.builder(rest)
                .authenticator(Authenticator.development())
                .requestsPerSecond(10_000)
                .handshakesPerSecond(10_000)
                .build());
    }
}
