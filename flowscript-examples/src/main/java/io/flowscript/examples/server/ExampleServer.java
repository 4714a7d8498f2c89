package io.flowscript.examples.server;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.engine.FlowScriptBuilder;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.json.Workflows;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.util.List;
import java.util.stream.Collectors;

/** The demo application: an engine, a bridge and a server, started in this order and closed in reverse order. */
public final class ExampleServer implements AutoCloseable {

    private final FlowScript flows;
    private final EventBridge bridge;
    private final FlowScriptWebSocketServer server;

    private ExampleServer(FlowScript flows, EventBridge bridge, FlowScriptWebSocketServer server) {
        this.flows = flows;
        this.bridge = bridge;
        this.server = server;
    }

    /**
     * Starts the application.
     *
     * @param options the port, and the directory of further workflows
     * @return the running server
     * @throws io.flowscript.core.FlowScriptException if a definition is invalid or the port is in use
     */
    public static ExampleServer start(ServerOptions options) {
        FlowScriptBuilder builder = ExampleNodes.addTo(FlowScript.builder());
        ExampleWorkflows.all().forEach(builder::workflow);
        if (options.workflows() != null) {
            List<WorkflowDefinition> more = Workflows.readAll(options.workflows());
            if (more.isEmpty()) {
                throw new FlowScriptException(
                        "no_workflows",
                        "The directory " + options.workflows()
                                + " has no workflow; it must contain at least one *.json file");
            }
            more.forEach(builder::workflow);
        }
        FlowScript flows = builder.build();
        FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
        try {
            FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge)
                    .port(options.port())
                    .authenticator(Authenticator.development())
                    .start();
            return new ExampleServer(flows, bridge, server);
        } catch (RuntimeException e) {
            bridge.close();
            flows.close();
            throw e;
        }
    }

    /** {@return the port on which the server listens} */
    public int port() {
        return server.port();
    }

    /** {@return the engine, for tests} */
    public FlowScript flows() {
        return flows;
    }

    /** {@return the next steps, for the person who started the server} */
    public String welcome() {
        String url = "http://localhost:" + port();
        String names = flows.workflows().stream()
                .map(workflow -> "    " + workflow.id() + "  -  " + workflow.name())
                .sorted()
                .collect(Collectors.joining("\n"));
        String jar = "java -jar flowscript-examples/target/flowscript-examples.jar";
        String elsewhere = port() == 3013 ? "" : " --server " + url;
        return """

                  workflows
                %s

                  look      %s/workflows   %s/executions
                  WebSocket ws://localhost:%d/ws
                  as somebody: ?user=ann&groups=managers behind any of these
                  in another terminal:
                    %s run guessing-game%s
                    %s list%s

                  Ctrl-C ends it.""".formatted(names, url, url, port(), jar, elsewhere, jar, elsewhere);
    }

    @Override
    public void close() {
        server.close();
        bridge.close();
        flows.close();
    }
}
