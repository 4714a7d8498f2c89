package io.flowscript.servlet;

import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testsupport.server.ProtocolCasesContract;
import io.flowscript.testsupport.server.TestServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@Tag("integration")
@DisplayName("The protocol as data, against the servlet on Tomcat")
class TomcatProtocolCasesTest extends ProtocolCasesContract {

    @Override
    protected TestServer server(FlowScriptBridge rest) {
        return new TomcatServer(clients -> FlowScriptServlet.builder(rest)
                .authenticator(Authenticator.development())
                .requestsPerSecond(10_000)
                .handshakesPerSecond(10_000)
                .build(clients));
    }
}
