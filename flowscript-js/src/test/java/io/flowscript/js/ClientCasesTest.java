package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testkit.protocol.ProtocolCases;
import io.flowscript.testsupport.NodeProcess;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("The JavaScript client gives what the protocol's cases say")
@Tag("slow")
class ClientCasesTest {

    private static final Path CASES =
            Path.of("..", "flowscript-testkit", "src", "main", "resources", "META-INF", "flowscript", "protocol-cases");

    @BeforeEach
    void needs() {
        NodeProcess.require(Path.of(""));
    }

    @Test
    void cases() {
        FlowScriptBuilder engine = FlowScript.builder();
        for (WorkflowDefinition workflow : ProtocolCases.all().workflows()) {
            engine.workflow(workflow);
        }
        try (FlowScript flows = engine.build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
                FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge)
                        .authenticator(Authenticator.development())
                        .requestsPerSecond(10_000)
                        .handshakesPerSecond(10_000)
                        .start()) {
            String printed = NodeProcess.run(
                    Path.of(""), "src/test/js/cases.mjs", server.uri().toString(), CASES.toString());
            int played = Integer.parseInt(printed.strip().split(" ", 2)[0]);
            assertThat(played).as("cases that are about a client").isGreaterThan(100);
        }
    }
}
