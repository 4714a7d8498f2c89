package io.flowscript.examples.server;

import io.flowscript.core.Identity;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.micrometer.FlowScriptMetrics;
import io.flowscript.store.jdbc.JdbcStore;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The demo application: an engine, a bridge and a server, started in this order and closed in reverse order. */
public final class ExampleServer implements AutoCloseable {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final FlowScript flows;
    private final FlowScriptBridge bridge;
    private final FlowScriptWebSocketServer server;
    private final List<String> refused;
    private final @Nullable Colleagues colleagues;

    private ExampleServer(
            FlowScript flows,
            FlowScriptBridge bridge,
            FlowScriptWebSocketServer server,
            List<String> refused,
            @Nullable Colleagues colleagues) {
        this.flows = flows;
        this.bridge = bridge;
        this.server = server;
        this.refused = refused;
        this.colleagues = colleagues;
    }

    /** Several servers can use one PostgreSQL; a file of SQLite belongs to one. */
    private static ExecutionStore store(String jdbcUrl) {
        return jdbcUrl.startsWith("jdbc:postgresql:") ? JdbcStore.openShared(jdbcUrl, LEASE) : JdbcStore.open(jdbcUrl);
    }

    /**
     * Starts the application. A workflow of the directory that cannot run is left out and reported by {@link #refused}.
     *
     * @param options the port, the directory of further workflows, the database, and whether colleagues work
     * @return the running server
     * @throws io.flowscript.core.FlowScriptException if the directory cannot be read, the port is in use, or the database
     *     cannot be opened
     */
    public static ExampleServer start(ServerOptions options) {
        FlowScriptBuilder builder = ExampleNodes.addTo(FlowScript.builder());
        ExampleWorkflows.all().forEach(builder::workflow);
        if (options.store() != null) {
            builder.store(store(options.store()));
            if (options.restored()) {
                builder.restoredFromBackup();
            }
        }
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        FlowScriptMetrics metrics = FlowScriptMetrics.of(registry);
        FlowScript flows = builder.observer(metrics).build();
        List<String> refused =
                options.workflows() == null ? List.of() : WorkflowDirectory.load(options.workflows(), flows);
        FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
        metrics.bindTo(flows);
        metrics.bindTo(bridge, Identity.ANONYMOUS);
        try {
            FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge)
                    .port(options.port())
                    .authenticator(Authenticator.development())
                    .console()
                    .metrics(registry::scrape)
                    .start();
            Colleagues colleagues = options.hasColleagues() ? Colleagues.begin(bridge) : null;
            return new ExampleServer(flows, bridge, server, refused, colleagues);
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

    /** {@return what is wrong with each workflow that is not served, a few lines for each} */
    public List<String> refused() {
        return refused;
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
        String people = colleagues == null
                ? ""
                : "\n  Ada and Bob work here, so there is something to see. They need you: look into the inbox.\n";
        return """

                  Open %s in a browser
                %s
                  workflows
                %s

                  REST      %s/workflows   %s/executions
                  WebSocket ws://localhost:%d/ws
                  as somebody: ?user=ann&groups=managers behind any of these
                  in another terminal:
                    %s run guessing-game%s
                    %s list%s

                  Ctrl-C ends it.""".formatted(url, people, names, url, url, port(), jar, elsewhere, jar, elsewhere);
    }

    @Override
    public void close() {
        if (colleagues != null) {
            colleagues.close();
        }
        server.close();
        bridge.close();
        flows.close();
    }
}
