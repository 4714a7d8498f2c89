package io.flowscript.js;

import io.flowscript.core.bridge.Login;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testsupport.NodeProcess;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("A token of the JavaScript client reaches the server's authenticator over every transport")
class CredentialsTest {

    @BeforeEach
    void needs() {
        NodeProcess.require(Path.of(""));
    }

    @Test
    @DisplayName("and a fresh one takes the place of one that was refused")
    void tokens() {
        // As in docs/guide-browser.md.
        Authenticator byToken = request -> request.bearerToken().flatMap(CredentialsTest::loginOf);
        try (FlowScript flows = FlowScript.builder()
                .workflow(WorkflowDefinition.of(Map.of(
                        "id", "short", "nodes", List.of(Map.of("setData", Map.of("path", "$.value", "value", 1))))))
                .build()) {
            FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
            try (FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge)
                    .authenticator(byToken)
                    .start()) {
                NodeProcess.run(
                        Path.of(""), "src/test/js/credentials.mjs", server.uri().toString());
            } finally {
                bridge.close();
            }
        }
    }

    private static Optional<Login> loginOf(String token) {
        return token.equals("good (1)") ? Optional.of(Login.of("ann")) : Optional.empty();
    }
}
