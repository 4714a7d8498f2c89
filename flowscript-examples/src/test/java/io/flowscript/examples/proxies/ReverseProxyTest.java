package io.flowscript.examples.proxies;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.client.ClientEvent;
import io.flowscript.client.ClientSettings;
import io.flowscript.client.ClientTransport;
import io.flowscript.client.FlowScriptClient;
import io.flowscript.client.RemoteExecution;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.ClientRequest;
import io.flowscript.testsupport.server.TestCertificate;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
@Timeout(60)
@DisplayName("Behind a proxy with TLS and a path of its own, configured as the documentation shows")
class ReverseProxyTest {

    private static final FlowScript FLOWS = FlowScript.builder()
            .node(
                    "asks",
                    Node.named("asks")
                            .ask(context -> Question.form(Map.of()))
                            .answered((context, answer) -> Edge.of("done")))
            .workflow(WorkflowDefinition.of(Map.of("id", "asking", "nodes", List.of("asks", "asks"))))
            .build();
    private static final FlowScriptBridge BRIDGE =
            FlowScriptBridge.builder(FLOWS).build();
    private static final List<ClientRequest> SEEN = new CopyOnWriteArrayList<>();
    private static final FlowScriptWebSocketServer SERVER = FlowScriptWebSocketServer.builder(BRIDGE)
            .allowedHosts("localhost")
            .trustedProxies("127.0.0.1")
            .authenticator(request -> {
                SEEN.add(request);
                return Optional.of(Login.ANONYMOUS);
            })
            .start();
    private static final Map<ReverseProxy.Kind, ReverseProxy> STARTED = new EnumMap<>(ReverseProxy.Kind.class);

    @TempDir
    static Path folder;

    private static TestCertificate certificate;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        certificate = TestCertificate.in(folder);
        http = HttpClient.newBuilder().sslContext(certificate.trusting()).build();
    }

    @AfterAll
    static void stop() {
        STARTED.values().forEach(ReverseProxy::close);
        SERVER.close();
        BRIDGE.close();
        FLOWS.close();
    }

    /** A proxy serves all tests of its kind. */
    private static URI behind(ReverseProxy.Kind kind) throws IOException {
        ReverseProxy proxy = STARTED.get(kind);
        if (proxy == null) {
            Path own = Files.createDirectories(folder.resolve(kind.name()));
            proxy = ReverseProxy.start(kind, own, SERVER.port(), certificate);
            STARTED.put(kind, proxy);
        }
        return URI.create("https://localhost:" + proxy.port() + "/flow");
    }

    static Stream<Arguments> ways() {
        return Stream.of(ReverseProxy.Kind.values())
                .flatMap(kind -> Stream.of(ClientTransport.values()).map(transport -> Arguments.of(kind, transport)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("ways")
    @DisplayName("events come at once and without a hole, and answers go through")
    void followsAndAnswers(ReverseProxy.Kind kind, ClientTransport transport) throws IOException {
        try (FlowScriptClient client = FlowScriptClient.builder(behind(kind))
                .httpClient(http)
                .settings(ClientSettings.defaults().transports(transport))
                .build()) {
            RemoteExecution run = client.execute("asking", Map.of()).join();
            List<Long> numbers = new ArrayList<>();
            for (ClientEvent event : run.events().read(Duration.ofSeconds(30))) {
                numbers.add(event.position().seq());
                // Each question is answered when it has come, so a proxy that keeps events back would stop everything.
                if (event instanceof ClientEvent.Happened happened
                        && happened.event() instanceof HumanEvent.InputRequired asked) {
                    run.answer(asked.tokenId(), Map.of()).join();
                }
            }
            assertThat(numbers)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, numbers.size()).boxed().toList())
                    .hasSizeGreaterThan(6);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a page of the proxy's origin may open a WebSocket, one of another origin may not")
    void comparesOrigins(ReverseProxy.Kind kind) throws IOException {
        URI base = behind(kind);
        WebSocket opened = open(base, "https://localhost:" + base.getPort());
        opened.abort();
        for (String foreign :
                List.of("https://localhost", "http://localhost:" + base.getPort(), "https://evil.example")) {
            assertThatThrownBy(() -> open(base, foreign))
                    .as(foreign)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refused -> assertThat(refused.getResponse().statusCode())
                                    .isEqualTo(403));
        }
    }

    private static WebSocket open(URI base, String origin) {
        return http.newWebSocketBuilder()
                .header("Origin", origin)
                .buildAsync(URI.create(base.toString().replace("https:", "wss:") + "/ws"), new WebSocket.Listener() {})
                .join();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the server knows the client's address, also when the client claims another one")
    void knowsTheClient(ReverseProxy.Kind kind) throws IOException {
        int port = behind(kind).getPort();
        SEEN.clear();
        try (Socket plain = new Socket()) {
            plain.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0));
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            try (SSLSocket socket = (SSLSocket)
                    certificate.trusting().getSocketFactory().createSocket(plain, "localhost", port, true)) {
                String request = String.join(
                        "\r\n",
                        "GET /flow/executions/none/status HTTP/1.1",
                        "Host: localhost:" + port,
                        "X-Forwarded-For: 203.0.113.9",
                        "X-Forwarded-Proto: http",
                        "Connection: close",
                        "",
                        "");
                socket.getOutputStream().write(request.getBytes(US_ASCII));
                socket.getOutputStream().flush();
                assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                        .startsWith("HTTP/1.1 404");
            }
        }
        assertThat(SEEN).singleElement().satisfies(seen -> {
            assertThat(seen.remoteAddress()).isEqualTo("127.0.0.2");
            assertThat(seen.secure()).isTrue();
        });
    }
}
