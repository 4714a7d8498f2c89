package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventRedactor;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.http.ApiKeys;
import io.flowscript.http.Authenticator;
import io.flowscript.http.ClientRequest;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.jwt.JwtAuthenticator;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("The examples of the guide to identities, compiled and run")
class IdentityGuideTest {

    private static final DocExamples GUIDE = new DocExamples("docs/guide-identity.md");

    private final HttpClient http = HttpClient.newHttpClient();
    private String key;

    @Test
    void theExamplesAreThoseOfTheGuide() throws Exception {
        for (String block : GUIDE.blocks("java")) {
            DocExamples.assertIsIn(block.contains("class Tenants") ? Tenants.class : IdentityGuideTest.class, block);
        }
    }

    @Test
    @DisplayName("A server knows a program by its key, gives it a ticket, and ends its session")
    void aServer() throws Exception {
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/keys", exchange -> {
            try (exchange) {
                byte[] none = "{\"keys\":[]}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, none.length);
                exchange.getResponseBody().write(none);
            }
        });
        provider.start();
        try {
            String hash = newKey();
            serve(
                    hash,
                    URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/keys"),
                    Workflow.named("order").step("pack").build());
        } finally {
            provider.stop(0);
        }
    }

    private String newKey() {
        String key = ApiKeys.generate("billing");
        String hash = ApiKeys.hash(key);
        this.key = key;
        return hash;
    }

    private void serve(String hash, URI keys, WorkflowDefinition order) throws Exception {
        ApiKeys programs = ApiKeys.of(Map.of(hash, Login.of("billing", "tenant:acme", "clerk")));
        JwtAuthenticator people = JwtAuthenticator.builder()
                .issuer("https://login.example.com/")
                .audience("flows")
                .jwksUri(keys)
                .build();
        try (FlowScript flows = FlowScript.builder()
                        .node("pack", context -> Edge.of("done"))
                        .workflow(order)
                        .build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows)
                        .accessPolicy(new Tenants())
                        .build();
                FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge)
                        .authenticator(Authenticator.firstOf(programs, people))
                        .tickets(Duration.ofSeconds(30))
                        .maxSessionAge(Duration.ofHours(8))
                        .start()) {
            serve(server, bridge);
        }
    }

    private void serve(FlowScriptWebSocketServer server, FlowScriptBridge bridge) throws Exception {
        assertThat(send(server, "GET", "/whoami", key).body()).contains("billing");
        assertThat(send(server, "GET", "/whoami", "another").statusCode()).isEqualTo(401);
        Map<?, ?> body = (Map<?, ?>)
                new JsonReader(9).read(send(server, "POST", "/tickets", key).body());
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        CompletableFuture<String> first = new CompletableFuture<>();
        WebSocket socket = http.newWebSocketBuilder()
                .subprotocols("flowscript.v2")
                .buildAsync(
                        URI.create("ws://localhost:" + server.port() + "/ws?ticket=" + body.get("ticket")),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                                first.complete(text.toString());
                                return WebSocket.Listener.super.onText(from, text, last);
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                                closed.complete(code);
                                return null;
                            }
                        })
                .get(20, TimeUnit.SECONDS);
        assertThat(first.get(20, TimeUnit.SECONDS)).contains("connected");

        int ended = bridge.disconnect(who -> who.name().equals("billing"));

        assertThat(ended).isEqualTo(1);
        assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo(CloseCode.SESSION_ENDED);
        socket.abort();
    }

    private HttpResponse<String> send(FlowScriptWebSocketServer server, String method, String path, String token)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void authenticatorsOfYourOwn() {
        Sessions sessions = new Sessions();
        Database database = new Database();
        Authenticator own =
                request -> request.cookie("session").flatMap(sessions::find).map(Login::of);
        ApiKeys stored = ApiKeys.lookup(byHash -> database.find(byHash));

        assertThat(own.authenticate(request(Map.of("session", "s-1"), Map.of())))
                .contains(Login.of("ann"));
        assertThat(own.authenticate(request(Map.of("session", "s-2"), Map.of())))
                .isEmpty();
        assertThat(stored.authenticate(request(Map.of(), Map.of("x-api-key", List.of("k")))))
                .contains(Login.of("billing"));
    }

    private static ClientRequest request(Map<String, String> cookies, Map<String, List<String>> headers) {
        return new ClientRequest("GET", "/", Map.of(), headers, cookies, "127.0.0.1", true, null);
    }

    /** The sessions of a web application. */
    private static final class Sessions {
        Optional<Identity> find(String id) {
            return id.equals("s-1") ? Optional.of(Identity.of("ann")) : Optional.empty();
        }
    }

    /** Where an application keeps its keys. */
    private static final class Database {
        Optional<Login> find(String hash) {
            return hash.equals(ApiKeys.hash("k")) ? Optional.of(Login.of("billing")) : Optional.empty();
        }
    }

    @Test
    @DisplayName("A tenant sees its own executions, live and in replay, and not that there are others")
    void tenants() {
        try (FlowScript flows = FlowScript.builder()
                        .node("pack", context -> {
                            context.runtime()
                                    .emit("order:packed", context.runtime().executionId());
                            return Edge.of("done");
                        })
                        .workflow(Workflow.named("order").step("pack").build())
                        .build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows)
                        .accessPolicy(new Tenants())
                        .build();
                MemoryTransport memory = MemoryTransport.on(bridge)) {
            MemoryClient ann = memory.connect(Identity.of("ann", "tenant:acme", "clerk"));
            MemoryClient bob = memory.connect(Identity.of("bob", "tenant:other"));

            assertThat(start(ann, "acme.order-1").get("type")).isEqualTo("execution_status");
            assertThat(code(start(ann, "other.order-1"))).isEqualTo("forbidden");
            assertThat(code(start(ann, null))).isEqualTo("forbidden");
            assertThat(code(start(bob, "other.order-1"))).isEqualTo("forbidden");
            flows.start("order", Map.of(), "other.order-2");

            ann.subscribe(Map.of("executionId", "acme.order-1"));
            await().until(() -> ann.events("acme.order-1").stream()
                    .anyMatch(event -> event.get("type").equals("workflow_completed")));
            String hidden = bob.subscribe("acme.order-1");
            String missing = bob.subscribe("acme.none");
            assertThat(bob.awaitReply(hidden).get("type")).isEqualTo("subscribed");
            assertThat(MemoryClient.data(bob.awaitReply(hidden)).keySet())
                    .as("as of one that does not exist")
                    .isEqualTo(MemoryClient.data(bob.awaitReply(missing)).keySet());
            assertThat(code(cancel(bob, "acme.order-1"))).isEqualTo("execution_not_found");
            assertThat(bob.events("acme.order-1")).isEmpty();
            assertThat(code(cancel(ann, "acme.order-1"))).isEqualTo("forbidden");
        }
    }

    @Test
    @DisplayName("Auditors see amounts but no names, and customers see nothing that is internal")
    void hiddenData() {
        try (FlowScript flows = FlowScript.builder()
                .node("pack", context -> Edge.of("done"))
                .workflow(Workflow.named("order").step("pack").build())
                .build()) {
            hide(flows);
        }
    }

    private static void hide(FlowScript flows) {
        EventRedactor redactor = (who, workflowId, executionId) -> {
            if (who.groups().contains("auditor")) {
                return Redaction.NONE.mask("**.name", "by", "assignees", "seenBy");
            }
            return who.groups().contains("customer") ? Redaction.NONE.remove("state.internal") : Redaction.NONE;
        };
        FlowScriptBridge bridge =
                FlowScriptBridge.builder(flows).redactor(redactor).build();
        try (MemoryTransport memory = MemoryTransport.on(bridge)) {
            Map<String, Object> order = Map.of("customer", Map.of("name", "Ann"), "amount", 7, "internal", "late");
            flows.start("order", order, "order-1");
            assertThat(state(memory, "auditor"))
                    .isEqualTo(Map.of("customer", Map.of("name", "[hidden]"), "amount", 7, "internal", "late"));
            assertThat(state(memory, "customer")).isEqualTo(Map.of("customer", Map.of("name", "Ann"), "amount", 7));
            assertThat(state(memory, "clerk")).isEqualTo(order);
        } finally {
            bridge.close();
        }
    }

    private static Object state(MemoryTransport memory, String group) {
        MemoryClient client = memory.connect(Identity.of("somebody", group));
        client.subscribe("order-1");
        await().until(() -> client.events("order-1").stream()
                .anyMatch(event -> event.get("type").equals("workflow_completed")));
        return MemoryClient.data(client.events("order-1").stream()
                        .filter(event -> event.get("type").equals("workflow_completed"))
                        .findFirst()
                        .orElseThrow())
                .get("finalState");
    }

    private static Map<String, Object> start(MemoryClient client, String executionId) {
        String id = java.util.UUID.randomUUID().toString();
        client.send(Map.of(
                "type",
                "execute",
                "id",
                id,
                "data",
                executionId == null
                        ? Map.of("workflowId", "order")
                        : Map.of("workflowId", "order", "executionId", executionId)));
        return client.awaitReply(id);
    }

    private static Map<String, Object> cancel(MemoryClient client, String executionId) {
        return client.awaitReply(client.cancel(executionId));
    }

    private static Object code(Map<String, Object> message) {
        return MemoryClient.data(message).get("code");
    }
}
