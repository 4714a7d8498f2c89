package io.flowscript.servlet;

import io.flowscript.testsupport.server.TestServer;
import io.flowscript.testsupport.server.WebSocketContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The contract of a transport, kept by WebSocket on Jetty")
@Tag("slow")
class JettyWebSocketContractTest extends WebSocketContract {

    private final IdleEngine idle = new IdleEngine();

    @AfterEach
    void closeEngine() {
        idle.close();
    }

    @Override
    protected TestServer server() {
        return new JettyServer(clients -> Servlets.forContract(idle.bridge).build(clients));
    }

    @Override
    protected boolean isForeign(Thread thread) {
        return thread.getName().startsWith("flowscript-") || super.isForeign(thread);
    }
}
