package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.operations.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        bridge = FlowScriptBridge.builder(flows).build();
    }

    @AfterEach
    void stop() {
        bridge.close();
        flows.close();
    }

    private FlowScriptWebSocketServer server() {
        return FlowScriptWebSocketServer.builder(flows, bridge)
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
        try (FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(flows, recording)
                        .authenticator(believing)
                        .start();
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

    private static ClientRequest from(String address, String user, String cookie) {
        return new ClientRequest(
                "GET",
                "/ws",
                user == null ? Map.of() : Map.of("user", List.of(user)),
                Map.of(),
                cookie == null ? Map.of() : Map.of("flowscript-user", cookie),
                address,
                false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "192.168.1.7", "0.0.0.0", "2001:db8::1", "[fe80::1]"})
    void nobodyOnAnotherMachineIsBelieved(String address) {
        assertThat(believing.authenticate(from(address, "ann", null))).isEmpty();
        assertThat(believing.authenticate(from(address, null, null))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "[::1]", "0:0:0:0:0:0:0:1"})
    void everybodyOnThisOneIs(String address) {
        assertThat(believing.authenticate(from(address, "ann", null))).contains(Identity.of("ann"));
        assertThat(believing.authenticate(from(address, null, null))).contains(Identity.ANONYMOUS);
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        assertThat(believing.authenticate(from("127.0.0.1", "x".repeat(257), null)))
                .isEmpty();
        assertThat(believing.authenticate(from("127.0.0.1", null, "%zz"))).isEmpty();
    }

    @Test
    @DisplayName("a server that others can reach does not start with it")
    void doesNotStartBeyondLoopback() {
        assertThatThrownBy(() -> FlowScriptWebSocketServer.builder(flows, bridge)
                        .host("0.0.0.0")
                        .authenticator(believing)
                        .start())
                .isInstanceOfSatisfying(
                        FlowScriptException.class,
                        refused -> assertThat(refused.code()).isEqualTo("invalid_setting"))
                .hasMessageContaining("loopback");
    }

    @Test
    @DisplayName("it is said once when everybody who can reach a server may do everything")
    void warnsOfAnOpenServer() {
        Operations everything = bridge.operations();
        Operations nothing = Operations.builder(flows)
                .accessPolicy((who, action, workflowId, executionId) -> false)
                .build();
        Authenticator own = request -> Optional.empty();
        assertThat(warnings("0.0.0.0", null, everything))
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("0.0.0.0", "EVERYONE", "authenticator"));
        assertThat(warnings("192.0.2.1", Authenticator.ANONYMOUS, everything)).hasSize(1);
        assertThat(warnings("127.0.0.1", null, everything)).isEmpty();
        assertThat(warnings("::1", null, everything)).isEmpty();
        assertThat(warnings("0.0.0.0", own, everything)).isEmpty();
        assertThat(warnings("0.0.0.0", null, nothing)).isEmpty();
    }

    private static List<String> warnings(String host, Authenticator authenticator, Operations operations) {
        List<String> said = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                said.add(logged.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(FlowScriptWebSocketServer.class.getName());
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            ExposureCheck.check(host, authenticator, operations);
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        return said;
    }
}
