package io.flowscript.ws.jetty;

import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testsupport.server.SocketScheduleContract;
import io.flowscript.testsupport.server.TestServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName(
        "I2: over real sockets to Jetty, whatever befalls connections and listeners, nothing is lost, doubled or reordered")
@Tag("slow")
class SocketScheduleTest extends SocketScheduleContract {

    @Override
    protected TestServer server(FlowScriptBridge bridge) {
        return JettyServer.of(FlowScriptWebSocketServer.builder(bridge)
                .requestsPerSecond(100_000)
                .handshakesPerSecond(100_000)
                .maxEventRequestsPerClient(10_000)
                .build());
    }
}
