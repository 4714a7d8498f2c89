package io.flowscript.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.testsupport.server.RawClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TomcatServerTest {

    @Test
    @DisplayName(
            "a request that comes when the application has just stopped is told to come back, and not that there is nothing")
    void sendsNobodyAwayForGoodWhileItStops() throws Exception {
        try (IdleEngine idle = new IdleEngine();
                TomcatServer server =
                        new TomcatServer(clients -> Servlets.open(idle.bridge).build(clients))) {
            server.start(idle.bridge);
            try (RawClient client = RawClient.to(server.port())) {
                assertThat(client.request("GET", "/health", null).status()).isEqualTo(200);
                server.stopApplication();
                assertThat(client.request("GET", "/health", null).status()).isEqualTo(503);
            }
        }
    }
}
