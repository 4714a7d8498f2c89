package io.flowscript.client;

import io.flowscript.core.bridge.Login;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A server on a free port, with a workflow that emits what a test wants, one that asks, and one that counts its starts. */
final class TestServer implements AutoCloseable {

    static final int SECONDS = 20;
    private static final Map<String, Object> FORM = Map.of(
            "schema",
            Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of("amount", Map.of("type", "integer")),
                    "required",
                    List.of("amount")));

    final FlowScript flows;
    final CompletableFuture<ExecutionContext> entered = new CompletableFuture<>();
    final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    final Map<String, Integer> started = new ConcurrentHashMap<>();
    private final FlowScriptBridge bridge;
    private final FlowScriptWebSocketServer server;

    private TestServer(BridgeLimits limits, Authenticator authenticator) {
        flows = FlowScript.builder()
                .tracer(new CallersTrace())
                .node("busy", Node.async(context -> {
                    entered.complete(context);
                    return outcome;
                }))
                .node("count", context -> {
                    started.merge(String.valueOf(context.state().get("key")), 1, Integer::sum);
                    return Edge.of("done");
                })
                .workflow(WorkflowDefinition.of(Map.of("id", "busy", "nodes", List.of("busy"))))
                .workflow(WorkflowDefinition.of(Map.of("id", "counts", "nodes", List.of("count"))))
                .workflow(WorkflowDefinition.of(Map.of(
                        "id", "asks", "nodes", List.of("count", Map.of("formInput", Map.of("form", FORM))))))
                .build();
        bridge = FlowScriptBridge.builder(flows).limits(limits).build();
        server = listen(bridge, authenticator);
    }

    static TestServer start() {
        return new TestServer(BridgeLimits.defaults(), Authenticator.development());
    }

    static TestServer start(BridgeLimits limits) {
        return new TestServer(limits, Authenticator.development());
    }

    /** A server that knows whoever has this token. */
    static TestServer withToken(String token) {
        return new TestServer(
                BridgeLimits.defaults(),
                request -> request.header("Authorization")
                        .filter(("Bearer " + token)::equals)
                        .map(known -> Login.of("ann")));
    }

    static TestServer with(Authenticator authenticator) {
        return new TestServer(BridgeLimits.defaults(), authenticator);
    }

    /** A server that takes very many requests, and closes soon. */
    static FlowScriptWebSocketServer listen(FlowScriptBridge bridge, Authenticator authenticator) {
        return FlowScriptWebSocketServer.builder(bridge)
                .authenticator(authenticator)
                .requestsPerSecond(100_000)
                .handshakesPerSecond(100_000)
                .maxEventRequestsPerClient(10_000)
                .closingTime(Duration.ofMillis(300))
                .start();
    }

    int port() {
        return server.port();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** A client with an identity. */
    FlowScriptClientBuilder client() {
        return FlowScriptClient.builder(address()).credentials(refused -> user("ann"));
    }

    static Credentials user(String name) {
        return new Credentials(Map.of("X-FlowScript-User", name));
    }

    ExecutionContext context() throws Exception {
        return entered.get(SECONDS, TimeUnit.SECONDS);
    }

    void emit(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            context().runtime().emit("test:text", "event " + i);
        }
    }

    @Override
    public void close() {
        server.close();
        bridge.close();
        flows.close();
    }
}
