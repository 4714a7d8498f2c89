package io.flowscript.ws.jetty;

import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testkit.protocol.ProtocolCases;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The protocol as data, against a real server: all cases on one of them, which is as it is when nothing is said, but for who its clients are. */
class ProtocolCasesTest {

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
        return CASES.against(SERVER.uri());
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        BRIDGE.close();
        FLOWS.close();
    }
}
