package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.EventSource;
import io.flowscript.testsupport.server.RecordingBridge;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    private static final String PASSWORD = "changeit";

    @Test
    void speaksTls(@TempDir Path directory) throws Exception {
        Path store = selfSigned(directory);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(store.toString());
        tls.setKeyStorePassword(PASSWORD);
        RecordingBridge bridge = new RecordingBridge();
        try (IdleEngine idle = new IdleEngine();
                FlowScriptWebSocketServer server = idle.server().tls(tls).start(bridge)) {
            assertThat(server.uri()).hasScheme("https");
            HttpClient http =
                    HttpClient.newBuilder().sslContext(trusting(store)).build();

            HttpResponse<String> health = http.send(
                    HttpRequest.newBuilder(server.uri().resolve("/health")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(health.statusCode()).isEqualTo(200);

            CompletableFuture<String> first = new CompletableFuture<>();
            URI uri = URI.create("wss://localhost:" + server.port() + "/ws");
            WebSocket socket = http.newWebSocketBuilder()
                    .header("Origin", "https://localhost:" + server.port())
                    .subprotocols("flowscript.v2")
                    .buildAsync(uri, new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                            first.complete(data.toString());
                            return null;
                        }
                    })
                    .get(10, TimeUnit.SECONDS);
            assertThat(first.get(10, TimeUnit.SECONDS)).contains("connected");
            socket.sendText("over TLS", true).get(10, TimeUnit.SECONDS);
            await().until(() -> bridge.client(0).received.contains("over TLS"));
            socket.abort();
            await().until(() -> bridge.client(0).ends.get() == 1);
        }
    }

    @Test
    @DisplayName("The end of a stream is noticed at once over TLS too")
    void noticesAtOnceWhoHasGone(@TempDir Path directory) throws Exception {
        Path store = selfSigned(directory);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(store.toString());
        tls.setKeyStorePassword(PASSWORD);
        FlowScript flows = FlowScript.builder()
                .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("told")))
                .workflow(WorkflowDefinition.of(Map.of("id", "asks", "nodes", List.of("ask"))))
                .build();
        FlowScriptBridge events = CheckedBridge.of(
                FlowScriptBridge.builder(flows).heartbeat(Duration.ofHours(1)).build());
        try (flows;
                events;
                FlowScriptWebSocketServer server =
                        FlowScriptWebSocketServer.builder(events).tls(tls).start()) {
            flows.start("asks", Map.of(), "one");
            HttpClient http =
                    HttpClient.newBuilder().sslContext(trusting(store)).build();
            for (int round = 0; round < 2; round++) {
                EventSource source = EventSource.open(http, server.uri().resolve("/executions/one/events"));
                source.awaitEvent("human_interaction_required");
                source.close();
                await().until(() -> server.clients() == 0);
            }
        }
    }

    private static Path selfSigned(Path directory) throws Exception {
        Path store = directory.resolve("key.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process made = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "test",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.out").toFile())
                .start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(store).as(Files.readString(directory.resolve("keytool.out"))).exists();
        return store;
    }

    private static SSLContext trusting(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
