package io.flowscript.examples.plain;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.store.jdbc.JdbcStore;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Somebody looks at an order before it is paid. */
public final class Shop implements AutoCloseable {

    private static final NamedNode REVIEW = Node.named("review")
            .edges("approved", "rejected")
            .ask(context -> Question.form(Map.of(
                            "type", "object",
                            "properties", Map.of("decision", Map.of("enum", List.of("approved", "rejected"))),
                            "required", List.of("decision")))
                    .showing(Map.of("amount", context.state().get("amount").raw()))
                    .within(Duration.ofDays(2)))
            .answered((context, answer) -> Edge.of(
                    answer.timedOut() ? "rejected" : answer.get("decision").asString()));

    private static final WorkflowDefinition ORDER = Workflow.named("order")
            .then(Workflow.branch(
                    Workflow.step("review"),
                    Workflow.on("approved", Workflow.step("charge")),
                    Workflow.on("rejected", Workflow.exit())))
            .build();

    private final FlowScript flows;
    private final FlowScriptBridge bridge;
    private final FlowScriptWebSocketServer server;

    public Shop(Path database, int port) {
        flows = FlowScript.builder()
                .store(JdbcStore.open(database))
                .node(REVIEW)
                .node("charge", context -> {
                    context.runtime()
                            .emit("shop:charged", context.state().get("amount").raw());
                    return Edge.of("paid");
                })
                .workflow(ORDER)
                .build();
        bridge = FlowScriptBridge.builder(flows).build();
        server = FlowScriptWebSocketServer.builder(bridge).port(port).console().start();
    }

    public URI uri() {
        return server.uri();
    }

    public static void main(String[] args) {
        Shop shop = new Shop(Path.of("shop.db"), 8080);
        Runtime.getRuntime().addShutdownHook(new Thread(shop::close));
        System.out.println("Open " + shop.uri() + "/console/ and start an order of {\"amount\": 250}");
    }

    /** Tells the clients first, and then ends the engine. Waiting orders are in the database. */
    @Override
    public void close() {
        server.close();
        bridge.close();
        flows.close();
    }
}
