package io.flowscript.testkit.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedBridgeTest {

    private final SchemaCheck check = new SchemaCheck();

    private void send(String frame) {
        check.sent(ByteBuffer.wrap(frame.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"pong\",\"timestamp\":1}",
                "{\"type\":\"pong\",\"timestamp\":\"1\",\"data\":{}}",
                "{\"type\":\"pong\",\"timestamp\":1,\"data\":{\"more\":1}}",
                "{\"type\":\"peng\",\"timestamp\":1,\"data\":{}}",
                "{\"type\":\"error\",\"timestamp\":1,\"data\":{\"message\":\"no\",\"code\":\"no_such_code\"}}",
                "{\"type\":\"node_completed\",\"timestamp\":1,\"seq\":1,\"data\":{\"executionId\":\"e\",\"nodeId\":\"n-1\","
                        + "\"nodeName\":\"n\",\"edge\":\"done\",\"durationMs\":-1}}",
                "{\"type\":\"pong\",\"timestamp\":1,\"replyTo\":\"\",\"data\":{}}",
            })
    void tellsOfAMessageThatBreaksItsSchema(String message) {
        send("{\"type\":\"pong\",\"timestamp\":1,\"data\":{}}\n" + message + "\n");
        assertThatThrownBy(check::assertNoProblem).isInstanceOf(AssertionError.class);
    }

    @Test
    void isContentWithWhatABridgeSends() {
        try (FlowScript flows = FlowScript.builder()
                .node("done", context -> Edge.of("done"))
                .workflow(WorkflowDefinition.of(Map.of("id", "quick", "nodes", List.of("done"))))
                .build()) {
            CheckedBridge bridge =
                    CheckedBridge.of(FlowScriptBridge.builder(flows).build());
            try (MemoryTransport transport = MemoryTransport.on(bridge)) {
                MemoryClient client = transport.connect();
                client.subscribe(flows.start("quick", Map.of()).id());
                client.await("workflow_completed");
            }
            assertThatCode(bridge::close).doesNotThrowAnyException();
        }
    }
}
