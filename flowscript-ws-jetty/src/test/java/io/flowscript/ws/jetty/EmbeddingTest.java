package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.RecordingBridge;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The handler inside an application's own server. */
class EmbeddingTest {

    private final RecordingBridge bridge = new RecordingBridge();
    private final IdleEngine idle = new IdleEngine();
    private final Server jetty = new Server();
    private final ServerConnector connector = new ServerConnector(jetty);

    @BeforeEach
    void start() throws Exception {
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        Handler flows = idle.server().handler(bridge);
        Handler inContext = new ContextHandler(idle.server().handler(bridge), "/flows");
        jetty.setHandler(new Handler.Sequence(flows, inContext, new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.Sink.write(response, true, "the application's own page", callback);
                return true;
            }
        }));
        jetty.start();
    }

    @AfterEach
    void stop() throws Exception {
        jetty.stop();
        idle.close();
    }

    @Test
    void servesTheWebSocketAtTheRootAndBelowAContext() throws Exception {
        for (String path : new String[] {"/ws", "/flows/ws"}) {
            try (RawClient client = RawClient.to(connector.getLocalPort())) {
                RawClient.Answer answer = client.request(
                        "GET",
                        path,
                        null,
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Version: 13");
                assertThat(answer.status()).isEqualTo(101);
                assertThat(client.read().text()).contains("connected");
            }
        }
    }

    @Test
    void servesRestBesideTheApplication() throws Exception {
        try (RawClient client = RawClient.to(connector.getLocalPort())) {
            assertThat(client.request("GET", "/health", null).body()).startsWith("{\"status\":\"ok\",\"timestamp\":\"");
            assertThat(client.request("GET", "/flows/health", null).body())
                    .startsWith("{\"status\":\"ok\",\"timestamp\":\"");
            assertThat(client.request("GET", "/anything", null).body()).isEqualTo("the application's own page");
        }
    }

    @Test
    void tellsItsClientsWhenTheApplicationStopsItsServer() throws Exception {
        try (RawClient client = RawClient.open(connector.getLocalPort())) {
            assertThat(client.read().text()).contains("connected");
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
                try {
                    jetty.stop();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.GOING_AWAY);
            stopped.get(15, TimeUnit.SECONDS);
            await().until(() -> bridge.client(0).ends.get() == 1);
        }
    }

    @Test
    void canBeStoppedAndStartedAgain() throws Exception {
        jetty.stop();
        jetty.start();
        try (RawClient client = RawClient.open(connector.getLocalPort())) {
            assertThat(client.read().text()).contains("connected");
        }
    }

    @Test
    void saysWhyAServerCannotStart() {
        assertThatThrownBy(() -> FlowScriptWebSocketServer.builder()
                        .port(connector.getLocalPort())
                        .start(bridge))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("server_not_started"))
                .hasMessageContaining(String.valueOf(connector.getLocalPort()));
        assertThatThrownBy(() -> FlowScriptWebSocketServer.builder().port(70_000))
                .hasMessageContaining("70000");
    }
}
