package io.flowscript.servlet;

import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testsupport.server.EventPollContract;
import io.flowscript.testsupport.server.TestServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The contract of a transport, kept by long polls on Tomcat")
@Tag("slow")
@Tag("long")
class TomcatEventPollContractTest extends EventPollContract {

    @Override
    protected TestServer server(FlowScriptBridge rest) {
        return new TomcatServer(clients -> Servlets.forContract(rest).build(clients));
    }
}
