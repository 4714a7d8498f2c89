package io.flowscript.examples.cluster;

import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.store.jdbc.JdbcStore;
import io.flowscript.testkit.crash.ClusterWorkflow;
import io.flowscript.testkit.crash.Observation;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * One of several servers on one PostgreSQL. It says the port on which it listens, notes the calls of its nodes in a file, and
 * closes itself when it is told to end, as an application does.
 */
final class SharedServer {

    private SharedServer() {}

    /**
     * Runs a server until the process is told to end.
     *
     * @param args the URL of the database, the lease, the port or 0, and the file for the calls
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        PrintStream calls = new PrintStream(new FileOutputStream(args[3], true), true, StandardCharsets.UTF_8);
        FlowScript flows = ClusterWorkflow.addTo(FlowScript.builder(), called -> calls.println(line(called)))
                .store(JdbcStore.openShared(args[0], Duration.parse(args[1])))
                .build();
        FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
        FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge)
                .port(Integer.parseInt(args[2]))
                .authenticator(Authenticator.development())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.close();
            bridge.close();
            flows.close();
            System.out.println("closed");
            ended.countDown();
        }));
        System.out.println("listening " + server.port());
        ended.await();
    }

    /** The time comes first, and is the same for all processes of a machine. */
    private static String line(Observation.Called call) {
        return String.join(
                " ",
                Long.toString(System.nanoTime()),
                call.executionId(),
                call.nodeId(),
                Integer.toString(call.attempt()),
                call.key());
    }
}
