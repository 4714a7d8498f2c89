package io.flowscript.benchmarks.churn;

import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.store.StoreRetention;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeStats;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.store.jdbc.JdbcStore;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A server with a durable engine that can be restarted. What has ended leaves memory soon, so that memory shows what is left behind. For one thread. */
final class ChurnServer implements AutoCloseable {

    static final String WORKFLOW = "churn";

    private static final int EVENTS = 10;
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Path database;
    private FlowScript flows;
    private FlowScriptBridge bridge;
    private FlowScriptWebSocketServer server;

    ChurnServer(Path database) {
        this.database = database;
        this.flows = engine();
        this.bridge = FlowScriptBridge.builder(flows).build();
        this.server = server(0);
    }

    private FlowScript engine() {
        return FlowScript.builder()
                .store(JdbcStore.open(database))
                .storeRetention(new StoreRetention(Duration.ofMinutes(2), 100_000, 1L << 30))
                .retention(new Retention(1_000, 1 << 20, SOON))
                .limits(EngineLimits.defaults().passivateAfter(SOON))
                .node("emits", context -> {
                    for (int i = 0; i < EVENTS; i++) {
                        context.runtime().emit("churn:tick", Map.of("number", i, "text", "some text for this event"));
                    }
                    return Edge.of("done");
                })
                .node(
                        "asks",
                        Node.named("asks")
                                .ask(context -> Question.form(Map.of("type", "integer")))
                                .answered((context, answer) -> Edge.of("done")))
                .workflow(Workflow.named(WORKFLOW)
                        .step("emits")
                        .step("asks")
                        .step("emits")
                        .build())
                .build();
    }

    private FlowScriptWebSocketServer server(int port) {
        return FlowScriptWebSocketServer.builder(bridge)
                .port(port)
                .requestsPerSecond(100_000)
                .handshakesPerSecond(100_000)
                .start();
    }

    int port() {
        return server.port();
    }

    FlowScript flows() {
        return flows;
    }

    BridgeStats stats() {
        return bridge.stats();
    }

    /** Stops the server and its engine as an application does that ends, and starts both again at the same port. */
    void restart() {
        int port = port();
        close();
        flows = engine();
        bridge = FlowScriptBridge.builder(flows).build();
        server = server(port);
    }

    @Override
    public void close() {
        server.close();
        bridge.close();
        flows.close();
    }
}
