package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdkNetworkTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What a refused handshake ends with. */
    private static final class Ending implements Network.SocketListener {

        final CompletableFuture<ConnectionException> error = new CompletableFuture<>();
        Duration retryAfter = Duration.ZERO;

        @Override
        public void received(List<Message> messages) {
            error.completeExceptionally(new AssertionError(messages));
        }

        @Override
        public void ended(ConnectionException why, Duration wait) {
            retryAfter = wait;
            error.complete(why);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "403 | {\"code\":\"forbidden\"} | forbidden",
                "401 | {\"code\":\"unauthorized\"} | unauthorized",
                "401 | <html>Who are you?</html> | unauthorized",
                "403 | <html>Not here</html> | unreachable",
                "404 | <html>Not here</html> | unreachable",
                "503 | {\"code\":\"server_closing\"} | unreachable"
            })
    @DisplayName(
            "A WebSocket is refused for good only by FlowScript: by its code, not by the status of whatever else has answered")
    void aRefusedHandshakeHasTheCodeOfFlowScript(int status, String body, String code) throws Exception {
        Ending ending = new Ending();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI address = URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/ws");
            new JdkNetwork(HttpClient.newHttpClient()).open(address, Map.of(), PATIENCE, ending);
            try (Socket client = server.accept()) {
                String answer = "HTTP/1.1 " + status + " Refused\r\nRetry-After: 7\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body;
                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().flush();
                assertThat(ending.error
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .code())
                        .isEqualTo(code);
            }
        }
        assertThat(ending.retryAfter).isEqualTo(Duration.ofSeconds(7));
    }
}
