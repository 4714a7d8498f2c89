package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.log.Position;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testkit.EventGrammar;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testkit.protocol.ProtocolCases;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The protocol as data, against a real server: all cases on one of them, which is as it is when nothing is said, but for who its clients are. */
class ProtocolCasesTest {

    private static final int MAX_EVENTS = 10_000;
    private static final ProtocolCases CASES = ProtocolCases.all();
    private static final FlowScript FLOWS = engine();
    private static final FlowScriptBridge BRIDGE =
            CheckedBridge.of(FlowScriptBridge.builder(FLOWS).build());
    private static final FlowScriptWebSocketServer SERVER = FlowScriptWebSocketServer.builder(BRIDGE)
            .authenticator(Authenticator.development())
            .requestsPerSecond(10_000)
            .start();

    private static FlowScript engine() {
        FlowScriptBuilder builder = FlowScript.builder();
        CASES.workflows().forEach(builder::workflow);
        return builder.build();
    }

    @TestFactory
    Stream<DynamicTest> theServerKeepsToTheProtocol() {
        return Stream.concat(
                CASES.against(SERVER.uri()),
                Stream.of(DynamicTest.dynamicTest(
                        "what was executed is a way through the graph of its workflow",
                        ProtocolCasesTest::executionsFollowTheirGraphs)));
    }

    private static void executionsFollowTheirGraphs() {
        Set<String> workflows = new HashSet<>();
        FLOWS.executions().visit(null, null, execution -> {
            workflows.add(execution.workflowId());
            EventGrammar.checkWay(
                    execution.events().read(Position.START, MAX_EVENTS),
                    FLOWS.graph(FLOWS.workflow(execution.workflowId(), null).orElseThrow()));
            return true;
        });
        assertThat(workflows)
                .containsExactlyInAnyOrderElementsOf(
                        FLOWS.workflows().stream().map(WorkflowDefinition::id).toList());
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        BRIDGE.close();
        FLOWS.close();
    }
}
