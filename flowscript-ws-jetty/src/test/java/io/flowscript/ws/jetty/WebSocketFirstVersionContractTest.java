package io.flowscript.ws.jetty;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The contract of a transport, kept by WebSocket with one message a frame")
@Tag("slow")
class WebSocketFirstVersionContractTest extends WebSocketContractTest {

    @Override
    protected String[] headers() {
        return new String[0];
    }
}
