package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("A request that is under way when its server stops is told that it may come back, and of no error")
class StoppingTest {

    @Test
    @DisplayName("as Jetty does with one that it has read and not yet handed on")
    void whenJettyFailsIt() throws Exception {
        CompletableFuture<Callback> asked = new CompletableFuture<>();
        Server server = new Server(0);
        server.setErrorHandler(new ProblemErrorHandler());
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                asked.complete(callback);
                return true;
            }
        });
        server.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopping(LifeCycle stopping) {
                asked.join().failed(new EofException());
            }
        });
        server.start();
        try (RawClient client = RawClient.to(((NetworkConnector) server.getConnectors()[0]).getLocalPort())) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            asked.join();
            server.stop();

            assertToldToComeBack(client.readAnswer());
        }
    }

    @Test
    void whileItsBodyIsAwaited() throws Exception {
        RecordingBridge bridge = new RecordingBridge();
        FlowScriptWebSocketServer server =
                FlowScriptWebSocketServer.builder(NoEngine.create(), bridge).start();
        try (RawClient client = RawClient.to(server.port());
                RawClient other = RawClient.to(server.port())) {
            client.send(("POST /workflows/x/execute HTTP/1.1\r\nHost: localhost:" + server.port()
                            + "\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{}")
                    .getBytes(StandardCharsets.UTF_8));
            // A request that came later on the same selector has been answered, so that one has been begun.
            await().until(() -> other.request("GET", "/health", "").status() == 200);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);

            assertToldToComeBack(client.readAnswer());
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    private static void assertToldToComeBack(RawClient.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
        assertThat(answer.body()).contains("server_closing");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }
}
