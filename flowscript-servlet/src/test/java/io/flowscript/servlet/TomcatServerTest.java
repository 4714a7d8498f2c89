package io.flowscript.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.testsupport.server.RawClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class TomcatServerTest {

    @Test
    @DisplayName(
            "A Tomcat that stops answers with a page of its own, without a code: by that, clients know that it was not FlowScript")
    void answersByItselfWhileItStops() throws Exception {
        try (IdleEngine idle = new IdleEngine();
                TomcatServer server =
                        new TomcatServer(clients -> Servlets.open(idle.bridge).build(clients))) {
            server.start(idle.bridge);
            try (RawClient client = RawClient.to(server.port())) {
                assertThat(client.request("GET", "/health", null).status()).isEqualTo(200);
                server.stopApplication();
                RawClient.Answer answer = client.request("GET", "/health", null);
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.body()).doesNotContain("code\":");
            }
        }
    }
}
