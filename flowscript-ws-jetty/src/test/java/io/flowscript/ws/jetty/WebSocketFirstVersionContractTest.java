package io.flowscript.ws.jetty;

import org.junit.jupiter.api.DisplayName;

@DisplayName("The contract of a transport, kept by WebSocket with one message a frame")
class WebSocketFirstVersionContractTest extends WebSocketContractTest {

    @Override
    String[] headers() {
        return new String[0];
    }
}
