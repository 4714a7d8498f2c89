package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WebSocketConnectionTest {

    private final FlowScript flows = FlowScript.builder().build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final HttpApi http =
            HttpApi.of(bridge, bridge, HttpSettings.builder().build());

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    @Test
    @DisplayName("a connection that ends while it is being opened is not kept among the clients")
    void isNotKeptWhenItEndsWhileItIsOpened() {
        Connection connection = new Connection();
        connection.over();
        connection.opened();
        assertThat(http.clients().size()).isZero();
    }

    private final class Connection extends WebSocketConnection {

        Connection() {
            super(bridge, new ClientInfo(Identity.ANONYMOUS, ClientInfo.Framing.SINGLE), http);
        }

        @Override
        protected void wantNext() {}

        @Override
        protected void leave(int code, String reason) {}

        @Override
        protected void sendPing() {}

        @Override
        public void send(List<ByteBuffer> frames, SendCallback done) {
            done.sent();
        }
    }
}
