package io.flowscript.ws.jetty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.testsupport.server.RawClient;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("A client that sends a byte now and then does not hold a connection for long")
@Tag("slow")
class SlowRequestsTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    /** Where a part of what the client sends must come in time. */
    private static final Duration LONGER = Duration.ofSeconds(2);

    /** Sends one byte after the other until the server answers or has gone, and returns the status; 0 when it has gone. */
    private static int trickle(RawClient client, String head, String rest) throws IOException {
        client.socket.setSoTimeout(20);
        client.send(head.getBytes(US_ASCII));
        try {
            for (int i = 0; ; i++) {
                try {
                    int first = client.socket.getInputStream().read();
                    if (first < 0) {
                        return 0;
                    }
                    byte[] line = client.socket.getInputStream().readNBytes(11);
                    return Integer.parseInt(new String(line, US_ASCII).substring(8, 11));
                } catch (SocketTimeoutException nothingYet) {
                    client.send(new byte[] {(byte) rest.charAt(i % rest.length())});
                }
            }
        } catch (IOException gone) {
            return 0;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nX-Slow: ", "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"})
    @DisplayName("a head that does not come to its end, on a new connection and after a request")
    void heads(String before) throws Exception {
        boolean isWhole = before.endsWith("\r\n\r\n");
        try (IdleEngine idle = new IdleEngine();
                FlowScriptWebSocketServer server =
                        idle.server().requestTimeout(isWhole ? LONGER : SHORT).start(idle.bridge);
                RawClient client = RawClient.to(server.port())) {
            String head = before;
            if (isWhole) {
                client.send(before.getBytes(US_ASCII));
                assertThat(client.readAnswer().status()).isEqualTo(200);
                head = "GET / HTTP/1.1\r\nX-Slow: ";
            }
            assertThat(trickle(client, head, "a")).isZero();
        }
    }

    @Test
    @DisplayName("a body that does not come to its end is refused with 408")
    void bodies() throws Exception {
        try (IdleEngine idle = new IdleEngine();
                FlowScriptWebSocketServer server =
                        idle.server().requestTimeout(LONGER).start(idle.bridge);
                RawClient client = RawClient.to(server.port())) {
            String head = String.join(
                    "\r\n",
                    "POST /workflows/none/execute HTTP/1.1",
                    "Host: localhost",
                    "Content-Type: application/json",
                    "Content-Length: 100000",
                    "",
                    "");
            assertThat(trickle(client, head, " ")).isEqualTo(408);
        }
    }

    @Test
    @DisplayName("a WebSocket and a request that is being answered are not cut")
    void othersStay() throws Exception {
        try (IdleEngine idle = new IdleEngine();
                FlowScriptWebSocketServer server =
                        idle.server().requestTimeout(LONGER).start(idle.bridge);
                RawClient socket = RawClient.open(server.port())) {
            for (int i = 0; i < 2; i++) { // each takes longer than a request may take
                try (RawClient slow = RawClient.to(server.port())) {
                    assertThat(trickle(slow, "G", "a")).isZero();
                }
            }
            socket.text("{\"type\":\"cancel\",\"id\":\"one\",\"data\":{\"executionId\":\"none\"}}");
            String replies = "";
            while (!replies.contains("execution_not_found")) {
                replies += socket.read().text();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 600_001})
    void refusesWhatIsNoTime(long millis) {
        try (IdleEngine idle = new IdleEngine()) {
            assertThatThrownBy(() -> idle.server().requestTimeout(Duration.ofMillis(millis)))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_setting"));
        }
    }
}
