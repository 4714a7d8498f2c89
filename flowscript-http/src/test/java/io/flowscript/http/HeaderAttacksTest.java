package io.flowscript.http;

import static io.flowscript.http.AttackedServer.JSON;
import static io.flowscript.http.AttackedServer.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.http.AttackedServer.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A header field says one thing, and nothing of it gets into a response")
class HeaderAttacksTest {

    private static final String NOBODY = "{\"development\":false}";
    private static final String EXECUTE = "/workflows/ask/execute";

    private final AttackedServer server = new AttackedServer(
            settings -> settings.allowedOrigins("https://app.example.com").trustedProxies("192.0.2.1"));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @DisplayName("Two Authorization fields are nobody's, and so are two tokens in a subprotocol")
    void severalTokens() {
        assertThat(server.get("/whoami", "Authorization: Bearer ann", "Authorization: Bearer bob")
                        .body())
                .isEqualTo(NOBODY);
        assertThat(server.get("/whoami", "authorization: Bearer ann", "AUTHORIZATION: Bearer bob")
                        .body())
                .isEqualTo(NOBODY);
        assertThat(server.get("/whoami", "Sec-WebSocket-Protocol: flowscript.bearer.ann, flowscript.bearer.bob")
                        .body())
                .isEqualTo(NOBODY);
        assertThat(server.get("/whoami", "Authorization: Bearer ann").body()).contains("\"name\":\"ann\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YW5uOmFubg==", "Bearer", "Bearer ", "Bearerann", "ann", "Digest Bearer ann"})
    void otherSchemes(String field) {
        assertThat(server.get("/whoami", "Authorization: " + field).body()).isEqualTo(NOBODY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://app.example.com\r\nSet-Cookie: a=b",
                "https://app.example.com\nX: y",
                "https://app.example.com\u0000",
                "https://app.example.com\r",
                "https://app.example.com\r\n",
                "\nhttps://app.example.com",
                "https://app.example.com ",
                "https://app.example.com\u2028",
                "https://app.example.com\r\n\r\n<script>"
            })
    @DisplayName("What is no origin does not come back as one")
    void splitOrigins(String origin) {
        Reply reply = server.get("/workflows", "Origin: " + origin);
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.headers().toString()).doesNotContain("\r", "\n", "\u0000", "Set-Cookie");
    }

    @Test
    void severalKeys() {
        Reply reply = server.post(EXECUTE, "{}", JSON, "Idempotency-Key: a", "Idempotency-Key: b");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(server.flows.executions().size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/workflows/ask/execute  | {}",
                "/executions/e-1/cancel  | {}",
                "/executions/e-1/claim   | {\"nodeId\":\"ask-1\"}",
                "/executions/e-1/release | {\"nodeId\":\"ask-1\"}",
                "/executions/e-1/resume  | {\"nodeId\":\"ask-1\",\"data\":1}"
            })
    @DisplayName("A key that is too long, or none, is the sender's mistake, and nothing is done")
    void keysAreBounded(String path, String body) {
        server.start("e-1");
        for (int length : new int[] {0, 257, 8_000}) {
            Reply reply = server.post(
                    path, body, JSON, "Authorization: Bearer ann", "Idempotency-Key: " + "k".repeat(length));
            assertThat(reply.status()).as("%s characters", length).isEqualTo(400);
            assertThat(reply.body()).contains("\"invalid_message\"");
        }
        assertThat(server.flows.executions().size()).isEqualTo(1);
        assertThat(server.post(path, body, JSON, "Authorization: Bearer ann", "Idempotency-Key: " + "k".repeat(256))
                        .status())
                .isIn(200, 201);
    }

    @Test
    void severalPositions() {
        server.start("e-1");
        assertThat(server.get(
                                "/executions/e-1/events",
                                "Accept: text/event-stream",
                                "Last-Event-ID: a:1",
                                "Last-Event-ID: a:2")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:-1",
                "a:1\r\nid: 9",
                ":1",
                "a:",
                "a:1:2:x",
                "a:99999999999999999999",
                "\u0000",
                "a:0x1",
                "a:\u0661"
            })
    void strangePositions(String position) {
        server.start("e-1");
        Reply reply = server.get("/executions/e-1/events", "Accept: text/event-stream", "Last-Event-ID: " + position);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.headers().toString()).doesNotContain("\r", "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.113.7, 198.51.100.1",
                "127.0.0.1, 198.51.100.1",
                "198.51.100.1, unknown",
                "evil.example",
                "1.2.3.999",
                "198.51.100.1\r\nX: y",
                ""
            })
    @DisplayName("Who writes X-Forwarded-For before a trusted proxy does stays behind what that proxy has written")
    void forwarded(String field) {
        HttpRequest seen = new TrustedProxies(java.util.List.of("192.0.2.1"))
                .seenThrough(head("GET", "/health", "X-Forwarded-For: " + field));
        assertThat(seen.remoteAddress()).isIn("198.51.100.1", "192.0.2.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.2.3.256",
                "1.2.3.999",
                "999.1.1.1",
                "0300.1.1.1",
                "01.1.1.1",
                "1.1.1",
                "localhost",
                "evil.example",
                ""
            })
    @DisplayName("A forwarded address that is none is not looked up as a name")
    void noNameIsLookedUp(String text) {
        assertThat(IpAddress.isNumeric(text)).isFalse();
        assertThat(IpAddress.parse(text)).isNull();
    }
}
