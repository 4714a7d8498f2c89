package io.flowscript.ws.jetty;

import io.flowscript.testsupport.server.EventsContract;
import io.flowscript.testsupport.server.TestServer;
import io.flowscript.testsupport.server.WebSocketContract;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The contract of a transport, kept by WebSocket on Jetty with several messages a frame")
@Tag("slow")
class WebSocketContractTest extends WebSocketContract {

    @Override
    protected TestServer server() {
        return JettyServer.of(FlowScriptWebSocketServer.builder()
                .handshakesPerSecond(100_000)
                .closingTime(EventsContract.CLOSING_TIME)
                .build());
    }
}
