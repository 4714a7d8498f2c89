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
import io.flowscript.testsupport.server.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TlsTest {

    @Test
    void speaksTls(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.in(directory);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(certificate.keyStore().toString());
        tls.setKeyStorePassword(TestCertificate.PASSWORD);
        RecordingBridge bridge = new RecordingBridge();
        try (IdleEngine idle = new IdleEngine();
                FlowScriptWebSocketServer server = idle.server().tls(tls).start(bridge)) {
            assertThat(server.uri()).hasScheme("https");
            HttpClient http =
                    HttpClient.newBuilder().sslContext(certificate.trusting()).build();

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
        TestCertificate certificate = TestCertificate.in(directory);
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(certificate.keyStore().toString());
        tls.setKeyStorePassword(TestCertificate.PASSWORD);
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
                    HttpClient.newBuilder().sslContext(certificate.trusting()).build();
            for (int round = 0; round < 2; round++) {
                EventSource source = EventSource.open(http, server.uri().resolve("/executions/one/events"));
                source.awaitEvent("human_interaction_required");
                source.close();
                await().until(() -> server.clients() == 0);
            }
        }
    }
}
