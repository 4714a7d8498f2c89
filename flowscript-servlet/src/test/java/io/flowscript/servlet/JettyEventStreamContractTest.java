package io.flowscript.servlet;

import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testsupport.server.EventStreamContract;
import io.flowscript.testsupport.server.TestServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The contract of a transport, kept by server-sent events on Jetty")
@Tag("slow")
@Tag("long")
class JettyEventStreamContractTest extends EventStreamContract {

    @Override
    protected TestServer server(FlowScriptBridge rest) {
        return new JettyServer(clients -> Servlets.forContract(rest).build(clients));
    }
}
