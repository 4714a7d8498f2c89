package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.Http;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.RecordingBridge;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The identity that is taken on trust on one machine, and what is said of servers that others can reach. */
class DevelopmentTest {

    private final Authenticator believing = Authenticator.development();
    private FlowScript flows;
    private FlowScriptBridge bridge;

    @BeforeEach
    void start() {
        flows = FlowScript.builder()
                .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("ask"))))
                .build();
        bridge = CheckedBridge.of(FlowScriptBridge.builder(flows).build());
    }

    @AfterEach
    void stop() {
        bridge.close();
        flows.close();
    }

    private FlowScriptWebSocketServer server() {
        return FlowScriptWebSocketServer.builder(bridge)
                .authenticator(believing)
                .start();
    }

    /** Claims a question and tells who has it then; "nobody" when that needs a name. */
    private String claimer(Http http, String query, String... headers) throws Exception {
        String id = flows.start("w", Map.of()).id();
        Awaitility.await()
                .until(() -> !flows.executions()
                        .find(id)
                        .orElseThrow()
                        .interactions()
                        .isEmpty());
        Http.Reply reply = http.post("/executions/" + id + "/claim" + query, Map.of("nodeId", "ask-1"), headers);
        if (reply.status() == 403) {
            return "nobody";
        }
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
        return flows.executions()
                .find(id)
                .orElseThrow()
                .interactions()
                .get(0)
                .claim()
                .by();
    }

    @Test
    void whoeverSaysSoIsThatPerson() throws Exception {
        try (FlowScriptWebSocketServer server = server()) {
            Http http = new Http(server.uri());
            assertThat(claimer(http, "")).isEqualTo("nobody");
            assertThat(claimer(http, "?user=ann")).isEqualTo("ann");
            assertThat(claimer(http, "", "X-FlowScript-User", "bob")).isEqualTo("bob");
            assertThat(claimer(http, "", "Cookie", "flowscript-user=J%C3%BCrgen+M."))
                    .isEqualTo("J\u00fcrgen M.");
            assertThat(claimer(http, "?user=ann", "X-FlowScript-User", "bob", "Cookie", "flowscript-user=eve"))
                    .isEqualTo("ann");
        }
    }

    @Test
    void whoSaysItInTheQueryIsKnownByTheCookiesFromThenOn() throws Exception {
        try (FlowScriptWebSocketServer server = server()) {
            Http http = new Http(server.uri());
            Http.Reply first = http.get("/workflows?user=J%C3%BCrgen%20M.&groups=a,%20b");
            List<String> cookies = first.response().headers().allValues("Set-Cookie");
            assertThat(cookies)
                    .hasSize(2)
                    .allSatisfy(cookie -> assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/"));
            String sent = cookies.stream()
                    .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                    .collect(Collectors.joining("; "));
            assertThat(claimer(http, "", "Cookie", sent)).isEqualTo("J\u00fcrgen M.");
            assertThat(http.get("/workflows", "Cookie", sent).header("Set-Cookie"))
                    .isNull();
            assertThat(claimer(http, "?user=", "Cookie", sent)).isEqualTo("nobody");
            assertThat(http.get("/workflows?user=", "Cookie", sent).header("Set-Cookie"))
                    .startsWith("flowscript-user=;");
        }
    }

    @Test
    void holdsForWebSocketsToo() throws Exception {
        RecordingBridge recording = new RecordingBridge();
        try (FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder()
                        .authenticator(believing)
                        .start(recording);
                RawClient raw = RawClient.to(server.port())) {
            RawClient.Answer answer = raw.request(
                    "GET",
                    "/ws?user=ann&groups=managers,%20people",
                    null,
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13");
            assertThat(answer.status()).isEqualTo(101);
            assertThat(recording.client(0).info.identity()).isEqualTo(Identity.of("ann", "managers", "people"));
        }
    }

    @Test
    @DisplayName("a server that others can reach does not start with it")
    void doesNotStartBeyondLoopback() {
        assertThatThrownBy(() -> FlowScriptWebSocketServer.builder(bridge)
                        .host("0.0.0.0")
                        .authenticator(believing)
                        .start())
                .isInstanceOfSatisfying(
                        FlowScriptException.class,
                        refused -> assertThat(refused.code()).isEqualTo("invalid_setting"))
                .hasMessageContaining("loopback");
    }

    @Test
    @DisplayName("a bridge that lets everybody do everything can be recognized")
    void theOpenPolicyIsKnown() {
        assertThat(bridge.operations().permitEverything()).isTrue();
    }
}
