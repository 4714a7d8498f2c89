package io.flowscript.examples;

import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.store.jdbc.JdbcStore;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testkit.protocol.ProtocolCases;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** I10: an engine that stores each step keeps to the protocol as one without a store does. */
@Tag("slow")
class DurableProtocolCasesTest {

    private static final ProtocolCases CASES = ProtocolCases.all();

    @TempDir
    static Path directory;

    private static FlowScript flows;
    private static FlowScriptBridge bridge;
    private static FlowScriptWebSocketServer server;

    @BeforeAll
    static void start() {
        FlowScriptBuilder builder = FlowScript.builder().store(JdbcStore.open(directory.resolve("flowscript.db")));
        CASES.workflows().forEach(builder::workflow);
        flows = builder.build();
        bridge = CheckedBridge.of(FlowScriptBridge.builder(flows).build());
        server = FlowScriptWebSocketServer.builder(bridge)
                .authenticator(Authenticator.development())
                .requestsPerSecond(10_000)
                .handshakesPerSecond(10_000)
                .start();
    }

    @TestFactory
    Stream<DynamicTest> theServerKeepsToTheProtocol() {
        return CASES.against(server.uri());
    }

    @AfterAll
    static void stop() {
        server.close();
        bridge.close();
        flows.close();
    }
}
