package io.flowscript.servlet;

import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testsupport.server.SocketScheduleContract;
import io.flowscript.testsupport.server.TestServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName(
        "I2: over real sockets to the servlet on Tomcat, whatever befalls connections and listeners, nothing is lost, doubled or reordered")
@Tag("slow")
class TomcatScheduleTest extends SocketScheduleContract {

    @Override
    protected TestServer server(FlowScriptBridge bridge) {
        return new TomcatServer(clients -> Servlets.open(bridge).build(clients));
    }

    @Override
    protected boolean isInContainer() {
        return true;
    }

    @Override
    protected int usual() {
        return 40; // of fewer, none may have had an idle connection
    }
}
