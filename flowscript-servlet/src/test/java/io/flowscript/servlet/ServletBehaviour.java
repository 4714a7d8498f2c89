package io.flowscript.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.EventBridgeBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.http.WebAssets;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.RecordingBridge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a servlet does beside the contracts of its transports, over real sockets: on each container that has a subclass. */
@Timeout(120)
abstract class ServletBehaviour {

    private static final String JSON = "Content-Type: application/json";

    private final Set<Identity> seen = ConcurrentHashMap.newKeySet();
    private final RecordingBridge recording = new RecordingBridge();
    private final AtomicInteger connected = new AtomicInteger();
    private final FlowScript flows = FlowScript.builder()
            .observer(new FlowScriptObserver() {
                @Override
                public void connected(String transport) {
                    connected.incrementAndGet();
                }
            })
            .node("short", context -> Edge.of("done"))
            .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("told")))
            .node("large", context -> {
                for (int i = 0; i < 400; i++) {
                    context.runtime().emit("progress", Map.of("text", "x".repeat(50_000)));
                }
                return Edge.of("done");
            })
            .workflow(workflow("short"))
            .workflow(workflow("ask"))
            .workflow(workflow("large"))
            .build();
    private FlowScriptBridge bridge;
    private FlowScriptServlet servlet;
    private ContainerServer server;
    private boolean isImpatient;

    /** A server that is not started yet. */
    abstract ContainerServer server(Application application);

    private static WorkflowDefinition workflow(String node) {
        return WorkflowDefinition.of(Map.of("id", node, "nodes", List.of(node)));
    }

    @AfterEach
    void stop() {
        server.close();
        bridge.close();
        flows.close();
    }

    /** Serves the engine at {@code /app/flow/}. */
    private void serve(UnaryOperator<EventBridgeBuilder> rules, UnaryOperator<FlowScriptServlet.Builder> settings) {
        bridge = CheckedBridge.of(rules.apply(FlowScriptBridge.builder(flows).accessPolicy((who, action, flow, run) -> {
                    seen.add(who);
                    return true;
                }))
                .build());
        serve(bridge, settings);
    }

    private void serve(EventBridge clients, UnaryOperator<FlowScriptServlet.Builder> settings) {
        if (bridge == null) {
            bridge = FlowScriptBridge.builder(flows).build();
        }
        servlet = settings.apply(FlowScriptServlet.builder(bridge).requestsPerSecond(100_000))
                .build(clients);
        server = server(new Application(to -> servlet, "/app", "/flow/*", context -> {
            LoginFilter.addTo(context);
            ForwardingServlet.addTo(context);
        }));
        if (isImpatient) {
            server.shortenIdleTime();
        }
        server.start(clients);
    }

    private void serveOpen() {
        serve(rules -> rules, settings -> settings.authenticator(Authenticator.ANONYMOUS));
    }

    private void record() {
        record(Duration.ofSeconds(1));
    }

    private void record(Duration closingTime) {
        serve(
                recording,
                settings -> settings.authenticator(Authenticator.ANONYMOUS).closingTime(closingTime));
    }

    private RawClient.Answer request(String method, String path, String body, String... headers) throws IOException {
        try (RawClient client = RawClient.to(server.port())) {
            return client.request(method, path, body, headers);
        }
    }

    private static RawClient.Answer upgrade(RawClient client, String... headers) throws IOException {
        String[] all = Arrays.copyOf(headers, headers.length + 4);
        all[headers.length] = "Upgrade: websocket";
        all[headers.length + 1] = "Connection: keep-alive, Upgrade";
        all[headers.length + 2] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
        all[headers.length + 3] = "Sec-WebSocket-Version: 13";
        return client.request("GET", "/app/flow/ws", null, all);
    }

    private RawClient open(String... headers) throws IOException {
        RawClient client = RawClient.to(server.port());
        assertThat(upgrade(client, headers).status()).isEqualTo(101);
        assertThat(client.readMessage().text()).contains("connected");
        return client;
    }

    private RawClient stream(String executionId, String... headers) throws IOException {
        return streamOf("/app/flow/executions/" + executionId + "/events", headers);
    }

    private RawClient streamOf(String path, String... headers) throws IOException {
        RawClient client = RawClient.withSmallWindow(server.port());
        client.send(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Accept: text/event-stream\r\n" + String.join("\r\n", headers)
                        + (headers.length > 0 ? "\r\n" : "") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    private static void assertProblem(RawClient.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains(code).doesNotContain("Exception", "html", "omcat", "etty");
    }

    // Who a client is.

    @Test
    @DisplayName("the container's principal is the client, with those of its roles that count as groups")
    void believesTheContainer() throws Exception {
        serve(rules -> rules, settings -> settings.roles("clerk", "boss"));
        String[] ann = {"X-User: ann", "X-Roles: clerk,other"};
        Identity wanted = Identity.of("ann", "clerk");
        Execution run = flows.start("ask", Map.of());

        assertThat(request("GET", "/app/flow/executions/" + run.id() + "/status", null, ann)
                        .status())
                .isEqualTo(200);
        assertThat(seen).containsExactly(wanted);
        seen.clear();
        try (RawClient client = stream(run.id(), ann)) {
            assertThat(client.readHead().status()).isEqualTo(200);
            assertThat(seen).containsExactly(wanted);
        }
        seen.clear();
        try (RawClient client = open(ann)) {
            client.text("{\"type\":\"subscribe\",\"data\":{\"executionId\":\"" + run.id() + "\"}}");
            await().until(() -> seen.equals(Set.of(wanted)));
        }
    }

    @Test
    @DisplayName("whom the container does not know is refused, and not taken for anonymous")
    void refusesWhomTheContainerDoesNotKnow() throws Exception {
        serve(rules -> rules, settings -> settings);
        Execution run = flows.start("ask", Map.of());

        assertProblem(request("GET", "/app/flow/workflows", null), 401, "unauthorized");
        assertProblem(request("GET", "/app/flow/executions/" + run.id() + "/events", null), 401, "unauthorized");
        try (RawClient client = RawClient.to(server.port())) {
            assertProblem(upgrade(client), 401, "unauthorized");
        }
        assertThat(server.clients()).isZero();
    }

    @Test
    void asksAnAuthenticatorOfTheApplicationForThePrincipal() throws Exception {
        serve(
                rules -> rules,
                settings -> settings.authenticator(request -> java.util.Optional.ofNullable(request.principal())
                        .map(known -> Login.of("x-" + known.getName()))));

        assertThat(request("GET", "/app/flow/workflows", null, "X-User: ann").status())
                .isEqualTo(200);
        assertThat(seen).contains(Identity.of("x-ann"));
    }

    @Test
    @DisplayName("a failure inside is answered without a word about the inside")
    void showsNothingOfItsInside() throws Exception {
        serve(
                rules -> rules,
                settings -> settings.groups(request -> {
                    throw new IllegalStateException("the secret of the directory");
                }));
        RawClient.Answer answer = request("GET", "/app/flow/workflows", null, "X-User: ann");
        assertProblem(answer, 500, "internal");
        assertThat(answer.body()).doesNotContain("secret");
    }

    // Where it is.

    @Test
    @DisplayName(
            "everything is below the paths of the application and of the mapping, as the container understands them")
    void isBelowAContextAndAMapping() throws Exception {
        byte[] script = "export const answer = 42;\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        serve(
                rules -> rules,
                settings -> settings.authenticator(Authenticator.ANONYMOUS)
                        .assets(WebAssets.of("app", Map.of("main.js", script))));

        assertThat(request("GET", "/app/flow/health", null).body()).contains("\"ok\"");
        assertThat(request("GET", "/app/flow/x/../health;a=b", null).body()).contains("\"ok\"");
        RawClient.Answer started = request("POST", "/app/flow/workflows/short/execute", "{}", JSON);
        assertThat(started.status()).isEqualTo(201);
        RawClient.Answer asset = request("GET", "/app/flow/app/main.js", null);
        assertThat(asset.body()).isEqualTo(new String(script, StandardCharsets.UTF_8));
        assertThat(asset.header("ETag")).isNotBlank();
        RawClient.Answer head = headOf("/app/flow/app/main.js");
        assertThat(head.length()).isEqualTo(script.length);
        assertThat(request("GET", "/app/flow/app/main.js", null, "If-None-Match: " + asset.header("ETag"))
                        .status())
                .isEqualTo(304);
        assertProblem(request("GET", "/app/flow/executions/a%20%C3%BC/status", null), 404, "no such execution");
        assertProblem(request("GET", "/app/flow", null), 404, "nothing at this path");
        assertProblem(request("GET", "/app/flow/none", null), 404, "nothing at this path");
        open().close();
    }

    @Test
    @DisplayName("a request is served also when a filter has brought it in later, or has forwarded it")
    void servesWhatAFilterSendsOn() throws Exception {
        serveOpen();
        Execution run = flows.start("ask", Map.of());

        assertThat(request("GET", "/app/flow/health", null, "X-Later: yes").body())
                .contains("\"ok\"");
        assertThat(request("GET", "/app/short/health", null).body()).contains("\"ok\"");
        assertThat(request("POST", "/app/flow/workflows/short/execute", "{}", JSON, "X-Later: yes")
                        .status())
                .isEqualTo(201);
        try (RawClient client = stream(run.id(), "X-Later: yes")) {
            assertThat(client.readHead().status()).isEqualTo(200);
        }
    }

    private RawClient.Answer headOf(String path) throws IOException {
        try (RawClient client = RawClient.to(server.port())) {
            client.send(("HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return client.readHead();
        }
    }

    // Upgrades.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade: websocket | Connection: Upgrade | Sec-WebSocket-Version: 13 | X: none",
                "Upgrade: websocket | Connection: Upgrade | Sec-WebSocket-Version: 13 | Sec-WebSocket-Key: short",
                "Upgrade: websocket | Connection: Upgrade | Sec-WebSocket-Version: 12 | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Upgrade: h2c       | Connection: Upgrade | Sec-WebSocket-Version: 13 | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            })
    void refusesAnUpgradeThatIsNotWellFormed(String a, String b, String c, String d) throws Exception {
        record();
        RawClient.Answer answer = request("GET", "/app/flow/ws", null, a, b, c, d);
        assertThat(answer.status()).isIn(400, 426);
        assertProblem(answer, answer.status(), "detail");
        assertThat(recording.clients).isEmpty();
    }

    @Test
    void refusesExtensionsThatAreNotWellFormed() throws Exception {
        serve(
                recording,
                settings -> settings.authenticator(Authenticator.ANONYMOUS).compress());
        for (String extensions : new String[] {"; ;=,,", "permessage-deflate; server_max_window_bits=99", "=\"", "x"}) {
            try (RawClient client = RawClient.to(server.port())) {
                RawClient.Answer answer = upgrade(client, "Sec-WebSocket-Extensions: " + extensions);
                if (answer.status() != 101) {
                    assertProblem(answer, answer.status(), "detail");
                }
            }
        }
    }

    @Test
    @DisplayName("F31: a page from elsewhere is refused before there is a WebSocket; one of this server is not")
    void refusesPagesFromElsewhere() throws Exception {
        record();
        try (RawClient client = RawClient.to(server.port())) {
            assertProblem(upgrade(client, "Host: app.example.com", "Origin: http://evil.example"), 403, "forbidden");
        }
        assertThat(recording.clients).isEmpty();
        open("Host: app.example.com", "Origin: http://app.example.com").close();
    }

    @ParameterizedTest(name = "offered: {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "flowscript.v2 | flowscript.v2 | LINES",
                "chat, flowscript.v2 | flowscript.v2 | LINES",
                "chat | | SINGLE",
            })
    void takesTheSubprotocolThatItKnows(String offered, String accepted, Framing framing) throws Exception {
        record();
        try (RawClient client = RawClient.to(server.port())) {
            RawClient.Answer answer = upgrade(client, "Sec-WebSocket-Protocol: " + offered);
            assertThat(answer.header("Sec-WebSocket-Protocol")).isEqualTo(accepted);
        }
        assertThat(recording.client(0).info.framing()).isEqualTo(framing);
    }

    @Test
    @DisplayName("the container compresses only when it is asked to")
    void leavesCompressionToTheContainer() throws Exception {
        serve(
                recording,
                settings -> settings.authenticator(Authenticator.ANONYMOUS).compress());
        String offer = "Sec-WebSocket-Extensions: permessage-deflate";
        try (RawClient client = RawClient.to(server.port())) {
            assertThat(upgrade(client, offer).header("Sec-WebSocket-Extensions"))
                    .contains("permessage-deflate");
        }
        server.close();
        record();
        try (RawClient client = RawClient.to(server.port())) {
            assertThat(upgrade(client, offer).header("Sec-WebSocket-Extensions"))
                    .isNull();
        }
    }

    // Messages.

    @Test
    void putsFragmentsTogetherAlsoInTheMidstOfACharacter() throws Exception {
        record();
        String text = "grüße, 世界 👋👋👋".repeat(1_500);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int third = bytes.length / 3 + 1;
        try (RawClient client = open()) {
            client.send(RawClient.frame(false, RawClient.TEXT, Arrays.copyOfRange(bytes, 0, third)));
            client.send(RawClient.frame(true, RawClient.PING, new byte[] {7}));
            client.send(RawClient.frame(false, RawClient.CONTINUATION, Arrays.copyOfRange(bytes, third, 2 * third)));
            client.send(
                    RawClient.frame(true, RawClient.CONTINUATION, Arrays.copyOfRange(bytes, 2 * third, bytes.length)));
            assertThat(client.readUntil(RawClient.PONG).payload()).containsExactly(7);
            await().until(() -> !recording.client(0).received.isEmpty());
            assertThat(recording.client(0).received).containsExactly(text);
        }
    }

    @Test
    void rejectsBinaryMessagesAndLivesOn() throws Exception {
        record();
        try (RawClient client = open()) {
            client.send(RawClient.frame(true, RawClient.BINARY, new byte[] {1, 2, 3}));
            client.send(RawClient.frame(false, RawClient.BINARY, new byte[20_000]));
            client.send(RawClient.frame(true, RawClient.CONTINUATION, new byte[20_000]));
            client.text("after");
            await().until(() -> recording.client(0).received.equals(List.of("after")));
            assertThat(recording.client(0).rejected).containsExactly("invalid_message", "invalid_message");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RawClient.TEXT, RawClient.BINARY})
    @DisplayName("I5: a message that is too large ends its connection with 1009, also when it comes in parts")
    void endsAConnectionWhoseMessageIsTooLarge(int opcode) throws Exception {
        record();
        byte[] half = new byte[RecordingBridge.MAX_MESSAGE_BYTES / 2 + 1];
        try (RawClient client = open()) {
            client.send(RawClient.frame(false, opcode, half));
            client.send(RawClient.frame(true, RawClient.CONTINUATION, half));
            assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.MESSAGE_TOO_BIG);
        }
        await().until(() -> recording.client(0).ends.get() > 0);
        assertThat(recording.client(0).rejected).containsExactly("message_too_large");
        assertThat(recording.client(0).received).isEmpty();
    }

    @Test
    @DisplayName("a client sees why it is sent away, also when it has sent much more before it reads on")
    void tellsWhyAlsoInTheMidstOfMessages() throws Exception {
        record(Duration.ofSeconds(9)); // so long the client may take to send all
        try (RawClient client = open()) {
            client.text("x".repeat(RecordingBridge.MAX_MESSAGE_BYTES + 1));
            for (int i = 0; i < 32; i++) {
                client.text("x".repeat(64 << 10));
            }
            assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.MESSAGE_TOO_BIG);
        }
        assertThat(recording.client(0).rejected).containsExactly("message_too_large");
    }

    @Test
    void endsAConnectionWhoseTextIsNotUtf8() throws Exception {
        record();
        try (RawClient client = open()) {
            client.send(RawClient.frame(true, RawClient.TEXT, new byte[] {'a', (byte) 0xC3, 'b'}));
            assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.INVALID_DATA);
        }
        await().until(() -> recording.client(0).ends.get() > 0);
        assertThat(recording.client(0).received).isEmpty();
    }

    /** Whether the container keeps a connection that it closes until the client has answered; otherwise a client that is sending may be reset. */
    abstract boolean awaitsTheAnswerToAClose();

    @ParameterizedTest
    @ValueSource(ints = {1001, 1008, 1013, 4409})
    @DisplayName("a client sees the close code, and can go on sending where the container allows for it")
    void waitsForTheAnswerToAClose(int code) throws Exception {
        // So long the client may take to send all; one that sends nothing is cut soon.
        record(Duration.ofSeconds(awaitsTheAnswerToAClose() ? 9 : 1));
        try (RawClient client = open()) {
            recording.client(0).channel.close(code, "because");
            RawClient.Frame close = client.readUntil(RawClient.CLOSE);
            assertThat(close.closeCode()).isEqualTo(code);
            assertThat(close.closeReason()).isEqualTo("because");
            for (int i = 0; i < 16 && awaitsTheAnswerToAClose(); i++) {
                client.send(RawClient.frame(true, RawClient.TEXT, new byte[64 << 10]));
            }
            if (awaitsTheAnswerToAClose()) {
                client.send(RawClient.frame(true, RawClient.CLOSE, close.payload()));
            }
            assertThat(client.isEnded()).isTrue();
        }
        await().until(() -> recording.client(0).ends.get() > 0);
        assertThat(recording.client(0).received).isEmpty();
    }

    @Test
    @DisplayName(
            "a client that floods holds a thread of the container only while there is one to be held; others are served")
    void boundsTheThreadsThatFloodsHold() throws Exception {
        serve(
                recording,
                settings -> settings.authenticator(Authenticator.ANONYMOUS)
                        .closingTime(Duration.ofSeconds(1))
                        .maxWaitingThreads(1));
        recording.wantsNext = false;
        try (RawClient first = open();
                RawClient second = open()) {
            first.text("1");
            first.text("2");
            await().until(() -> recording.client(0).taken.get() == 1);
            second.text("1");
            await().until(() -> recording.client(1).taken.get() == 1);
            second.text("2");
            assertThat(second.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.OVERLOADED);
            assertThat(request("GET", "/app/flow/health", null).status()).isEqualTo(200);
            assertThat(recording.client(0).taken).hasValue(1);
            recording.client(0).next.run();
            await().until(() -> recording.client(0).taken.get() == 2);
        }
        await().until(() -> recording.client(0).ends.get() > 0);
    }

    // Bodies.

    @Test
    void boundsBodies() throws Exception {
        serve(
                rules -> rules,
                settings -> settings.authenticator(Authenticator.ANONYMOUS).maxBodyBytes(1_000));
        String large = "{\"input\":{\"a\":\"" + "x".repeat(2_000) + "\"}}";
        assertProblem(request("POST", "/app/flow/workflows/short/execute", large, JSON), 413, "message_too_large");
        try (RawClient raw = RawClient.to(server.port())) {
            String chunk = "190\r\n" + "x".repeat(0x190) + "\r\n";
            raw.send(("POST /app/flow/workflows/short/execute HTTP/1.1\r\nHost: localhost\r\n" + JSON
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk)
                    .getBytes(StandardCharsets.US_ASCII));
            assertProblem(raw.readAnswer(), 413, "message_too_large");
        }
        assertThat(flows.executions().size()).isZero();
    }

    @Test
    void refusesWhoAsksFirst() throws Exception {
        serveOpen();
        assertProblem(
                request(
                        "POST",
                        "/app/flow/workflows/short/execute",
                        null,
                        JSON,
                        "Content-Length: 2000000",
                        "Expect: 100-continue"),
                413,
                "message_too_large");
    }

    @Test
    @DisplayName("a body that is too large is answered, whatever of it is still being sent")
    void answersWhoIsStillSending() throws Exception {
        serveOpen();
        int bytes = 12 << 20; // more than what the kernel holds for both sides
        byte[] piece = new byte[1 << 20];
        try (RawClient client = RawClient.to(server.port())) {
            client.send(("POST /app/flow/workflows/short/execute HTTP/1.1\r\nHost: localhost\r\n" + JSON
                            + "\r\nContent-Length: " + bytes + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            client.send(piece);
            RawClient.Answer answer = client.readAnswer();
            assertProblem(answer, 413, "message_too_large");
            for (int sent = piece.length; sent < bytes; sent += piece.length) {
                client.send(piece); // fails when the connection was closed meanwhile
            }
            if (!"close".equals(answer.header("Connection"))) {
                assertThat(client.request("GET", "/app/flow/health", null).status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    @DisplayName("a request whose body takes too long is refused and ended, and its client need not send the rest")
    void endsARequestThatIsTooSlow() throws Exception {
        serve(
                rules -> rules,
                settings -> settings.authenticator(Authenticator.ANONYMOUS).requestTimeout(Duration.ofMillis(300)));
        try (RawClient client = RawClient.to(server.port())) {
            client.send(("POST /app/flow/workflows/short/execute HTTP/1.1\r\nHost: localhost\r\n" + JSON
                            + "\r\nContent-Length: 100000\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
            CompletableFuture<RawClient.Answer> answer = CompletableFuture.supplyAsync(() -> answer(client));
            await().until(() -> {
                if (!answer.isDone()) {
                    client.send(new byte[] {' '}); // now and then, as a client that is slow
                }
                return answer.isDone();
            });
            assertThat(answer.get().status()).isEqualTo(408);
            assertThat(client.isEnded()).isTrue();
        }
    }

    private static RawClient.Answer answer(RawClient client) {
        try {
            return client.readAnswer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName(
            "no thread waits for bodies: more half-sent requests than there are threads, and the server still answers")
    void holdsNoThreadForABodyThatIsSlow() throws Exception {
        serveOpen();
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                RawClient raw = RawClient.to(server.port());
                slow.add(raw);
                raw.send(("POST /app/flow/workflows/short/execute HTTP/1.1\r\nHost: localhost\r\n" + JSON
                                + "\r\nContent-Length: 2\r\n\r\n{")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(request("GET", "/app/flow/health", null).status()).isEqualTo(200);
            for (RawClient raw : slow) {
                raw.send(new byte[] {'}'});
                assertThat(raw.readAnswer().status()).isEqualTo(201);
            }
        } finally {
            for (RawClient raw : slow) {
                raw.close();
            }
        }
    }

    // Clients that do not read, and the end.

    @Test
    @DisplayName(
            "F2: a stream that is not read is cut as too slow, its seat is given back, and nothing of the container reaches the client")
    void cutsAStreamThatIsTooSlow() throws Exception {
        serve(
                rules -> rules.stallTimeout(Duration.ofSeconds(1)),
                settings -> settings.authenticator(Authenticator.ANONYMOUS));
        Execution large = flows.start("large", Map.of());
        large.result().get(20, TimeUnit.SECONDS);
        try (RawClient raw = stream(large.id())) {
            await().until(() -> connected.get() == 1);
            await().atMost(Duration.ofSeconds(20)).until(() -> server.clients() == 0);
            String rest = new String(readAll(raw), StandardCharsets.UTF_8);
            assertThat(rest).startsWith("HTTP/1.1 200").contains("text/event-stream");
            assertThat(rest).doesNotContain("Exception", "html", "at io.flowscript", "\r\n0\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"flow", "short"})
    @DisplayName(
            "a stream whose response a filter fails is answered with 500, and its seat is given back; also one that was forwarded")
    void answersAStreamWhoseResponseFails(String path) throws Exception {
        serveOpen();
        Execution run = flows.start("ask", Map.of());
        try (RawClient raw = streamOf("/app/" + path + "/executions/" + run.id() + "/events", "X-Broken: yes")) {
            assertThat(raw.readHead().status()).isEqualTo(500);
        }
        await().until(() -> server.clients() == 0);
    }

    /** What comes until the connection is closed or reset. */
    private static byte[] readAll(RawClient raw) throws IOException {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[64 << 10];
        try {
            for (int n = raw.socket.getInputStream().read(buffer);
                    n >= 0;
                    n = raw.socket.getInputStream().read(buffer)) {
                all.write(buffer, 0, n);
            }
        } catch (java.net.SocketException e) {
            // it was reset
        }
        return all.toByteArray();
    }

    @Test
    @DisplayName("what waits longer than the idle time of the connector is not ended by it")
    void isNotEndedByAnIdleTime() throws Exception {
        isImpatient = true;
        serve(
                rules -> rules.heartbeat(Duration.ofSeconds(3)),
                settings -> settings.authenticator(Authenticator.ANONYMOUS));
        Execution run = flows.start("ask", Map.of());
        await().until(() -> !run.interactions().isEmpty());
        try (RawClient stream = stream(run.id());
                RawClient socket = open();
                RawClient waiting = RawClient.to(server.port())) {
            waiting.send(("GET /app/flow/executions/" + run.id()
                            + "/events?wait=3&after=latest HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(waiting.readAnswer().status()).isEqualTo(200);
            RawClient.Answer head = stream.readHead();
            while (!":".equals(stream.bodyLine(head))) {
                // reads on to the heartbeat
            }
            socket.readUntil(RawClient.PING);
        }
    }

    @Test
    @DisplayName(
            "when the servlet closes, WebSockets get 1001, streams end, waiting polls are told so, and later clients are refused")
    void closes() throws Exception {
        serveOpen();
        Execution run = flows.start("ask", Map.of());
        String poll = "/app/flow/executions/" + run.id() + "/events?wait=30&after=latest";
        try (RawClient socket = open();
                RawClient stream = stream(run.id());
                RawClient waiting = RawClient.to(server.port())) {
            RawClient.Answer head = stream.readHead();
            waiting.send(("GET " + poll + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            await().until(() -> server.clients() == 3);
            servlet.close();
            assertThat(socket.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.GOING_AWAY);
            while (stream.bodyLine(head) != null) {
                // reads on to the end
            }
            assertProblem(waiting.readAnswer(), 503, "server_closing");
        }
        assertThat(server.clients()).isZero();
        try (RawClient late = RawClient.to(server.port())) {
            assertProblem(upgrade(late), 503, "server_closing");
        }
    }
}
