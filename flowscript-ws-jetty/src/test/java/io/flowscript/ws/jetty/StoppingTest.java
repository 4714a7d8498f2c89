package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.testsupport.server.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
        CountDownLatch awaited = new CountDownLatch(1);
        Server server = new Server(0);
        IdleEngine idle = new IdleEngine();
        Handler flows = idle.server().handler();
        server.setHandler(new Handler.Wrapper(flows) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                boolean handled = super.handle(request, response, callback);
                awaited.countDown();
                return handled;
            }
        });
        server.start();
        int port = ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
        try (idle;
                RawClient client = RawClient.to(port)) {
            client.send(("POST /workflows/x/execute HTTP/1.1\r\nHost: localhost:" + port
                            + "\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{}")
                    .getBytes(StandardCharsets.UTF_8));
            awaited.await();
            server.stop();

            assertToldToComeBack(client.readAnswer());
        }
    }

    private static void assertToldToComeBack(RawClient.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
        assertThat(answer.body()).contains("server_closing");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }
}
