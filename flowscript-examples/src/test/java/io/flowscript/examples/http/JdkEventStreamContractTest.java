package io.flowscript.examples.http;

import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.HttpSettings;
import io.flowscript.testsupport.server.EventStreamContract;
import io.flowscript.testsupport.server.TestServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@DisplayName("The contract of a transport, kept by server-sent events on the JDK's HTTP server")
@Tag("slow")
class JdkEventStreamContractTest extends EventStreamContract {

    @Override
    protected TestServer server(FlowScriptBridge rest) {
        HttpSettings settings = HttpSettings.builder()
                .requestsPerSecond(1_000_000)
                .closingTime(CLOSING_TIME)
                .build();
        JdkHttpServer server = new JdkHttpServer(rest, settings, 0);
        return TestServer.of(server, server::port, server::clients);
    }
}
