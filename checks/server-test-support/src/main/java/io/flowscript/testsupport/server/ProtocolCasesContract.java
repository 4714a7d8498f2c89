package io.flowscript.testsupport.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.log.Position;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testkit.EventGrammar;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testkit.protocol.ProtocolCases;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** The protocol as data, against a real server: all cases on one of them, which is as it is when nothing is said, but for who its clients are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ProtocolCasesContract {

    private static final int MAX_EVENTS = 10_000;
    private final ProtocolCases cases = ProtocolCases.all();
    private final FlowScript flows = engine();
    private final FlowScriptBridge bridge =
            CheckedBridge.of(FlowScriptBridge.builder(flows).build());
    private TestServer server;

    /** A server that believes clients who they are, as in development, and takes 10,000 requests a second. */
    protected abstract TestServer server(FlowScriptBridge rest);

    @BeforeAll
    void start() {
        server = server(bridge);
        server.start(bridge);
    }

    private FlowScript engine() {
        FlowScriptBuilder builder = FlowScript.builder();
        cases.workflows().forEach(builder::workflow);
        return builder.build();
    }

    @TestFactory
    Stream<DynamicTest> theServerKeepsToTheProtocol() {
        return Stream.concat(
                cases.against(URI.create("http://localhost:" + server.port())),
                Stream.of(DynamicTest.dynamicTest(
                        "what was executed is a way through the graph of its workflow",
                        this::executionsFollowTheirGraphs)));
    }

    private void executionsFollowTheirGraphs() {
        Set<String> workflows = new HashSet<>();
        flows.executions().visit(null, null, execution -> {
            workflows.add(execution.workflowId());
            EventGrammar.checkWay(
                    execution.events().read(Position.START, MAX_EVENTS),
                    flows.graph(flows.workflow(execution.workflowId(), null).orElseThrow()));
            return true;
        });
        assertThat(workflows)
                .containsExactlyInAnyOrderElementsOf(
                        flows.workflows().stream().map(WorkflowDefinition::id).toList());
    }

    @AfterAll
    void stop() {
        server.close();
        bridge.close();
        flows.close();
    }
}
