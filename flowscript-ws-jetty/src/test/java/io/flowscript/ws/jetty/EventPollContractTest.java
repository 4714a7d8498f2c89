package io.flowscript.ws.jetty;

import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testsupport.server.EventPollContract;
import io.flowscript.testsupport.server.TestServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The contract of a transport, kept by long polls on Jetty")
@Tag("slow")
class EventPollContractTest extends EventPollContract {

    @Override
    protected TestServer server(FlowScriptBridge rest) {
        return JettyServer.of(FlowScriptWebSocketServer.builder(rest)
                .requestsPerSecond(1_000_000)
                .closingTime(CLOSING_TIME)
                .build());
    }
}
