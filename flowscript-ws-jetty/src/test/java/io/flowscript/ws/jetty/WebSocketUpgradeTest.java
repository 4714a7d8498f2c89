package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.Login;
import io.flowscript.http.ClientRequest;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.RecordingBridge;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketUpgradeTest {

    private final RecordingBridge bridge = new RecordingBridge();
    private final IdleEngine idle = new IdleEngine();
    private FlowScriptWebSocketServer server;

    private FlowScriptWebSocketServer.Builder builder() {
        return idle.server().allowedHosts("app.example.com");
    }

    private RawClient.Answer upgrade(String... headers) throws Exception {
        if (server == null) {
            server = builder().start(bridge);
        }
        try (RawClient client = RawClient.to(server.port())) {
            return client.upgrade(headers);
        }
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        idle.close();
    }

    @Test
    void opensWithoutAnOriginAndAnnouncesTheClientAtOnce() throws Exception {
        server = builder().start(bridge);
        try (RawClient client = RawClient.open(server.port())) {
            assertThat(client.read().text()).isEqualTo("{\"type\":\"connected\",\"client\":0}");
            assertThat(bridge.client(0).info.framing()).isEqualTo(Framing.SINGLE);
            assertThat(bridge.client(0).info.identity()).isEqualTo(Identity.ANONYMOUS);
        }
    }

    @ParameterizedTest(name = "{0} at host {1}")
    @DisplayName("F31: a page of this server may open a WebSocket, whichever way its default port is written")
    @CsvSource({
        "http://app.example.com, app.example.com",
        "http://app.example.com:80, app.example.com",
        "http://app.example.com, app.example.com:80",
        "HTTP://App.Example.com, app.EXAMPLE.com",
        "http://app.example.com:8080, app.example.com:8080",
        "http://[::1]:3013, [::1]:3013",
    })
    void letsPagesOfItsOwnIn(String origin, String host) throws Exception {
        assertThat(upgrade("Origin: " + origin, "Host: " + host).status()).isEqualTo(101);
    }

    @ParameterizedTest(name = "{0} at host {1}")
    @DisplayName("F31: a page from elsewhere is refused with 403 before there is a WebSocket")
    @CsvSource({
        "http://evil.example, app.example.com",
        "https://app.example.com, app.example.com",
        "http://app.example.com:8080, app.example.com",
        "http://app.example.com, app.example.com:8080",
        "http://app.example.com.evil.example, app.example.com",
        "http://user@app.example.com, app.example.com",
        "http://app.example.com/path, app.example.com",
        "app.example.com, app.example.com",
        "null, app.example.com",
        "http://, app.example.com",
        "file://, app.example.com",
        "%%%, app.example.com",
    })
    void refusesPagesFromElsewhere(String origin, String host) throws Exception {
        RawClient.Answer answer = upgrade("Origin: " + origin, "Host: " + host);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"forbidden\"");
        assertThat(bridge.clients).isEmpty();
    }

    @ParameterizedTest(name = "host {0}")
    @DisplayName(
            "F31: a foreign name that leads to the loopback address (DNS rebinding) is refused, whatever the Origin")
    @ValueSource(strings = {"evil.example", "evil.example:3013", "localhost.evil.example", "127.0.0.1.evil.example"})
    void refusesForeignNamesOfTheLoopbackAddress(String host) throws Exception {
        server = idle.server().start(bridge);
        for (String more : new String[] {"X-More: none", "Origin: http://" + host}) {
            RawClient.Answer answer = upgrade("Host: " + host, more);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).contains("\"code\":\"forbidden\"", "Host");
        }
        assertThat(bridge.clients).isEmpty();
        try (RawClient client = RawClient.to(server.port())) {
            String request = "GET /executions HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
            client.send(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readAnswer().status()).isEqualTo(403);
        }
    }

    @ParameterizedTest(name = "host {0}")
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:3013",
                "127.0.0.1:1",
                "127.1.2.3",
                "[::1]:3013",
                "a.localhost",
                "app.example.com"
            })
    void isKnownByTheNamesOfLoopbackAndOfListedOrigins(String host) throws Exception {
        server = idle.server().allowedOrigins("https://app.example.com").start(bridge);
        assertThat(upgrade("Host: " + host).status()).isEqualTo(101);
    }

    @Test
    @DisplayName("F31: two origins are as good as a foreign one")
    void refusesTwoOrigins() throws Exception {
        RawClient.Answer answer =
                upgrade("Origin: http://app.example.com", "Origin: http://evil.example", "Host: app.example.com");
        assertThat(answer.status()).isEqualTo(403);
    }

    @Test
    void letsListedPagesIn() throws Exception {
        server = builder().allowedOrigins("https://app.example.com").start(bridge);
        assertThat(upgrade("Origin: https://app.example.com").status()).isEqualTo(101);
        assertThat(upgrade("Origin: https://app.example.com:443").status()).isEqualTo(101);
        assertThat(upgrade("Origin: http://app.example.com").status()).isEqualTo(403);
        assertThat(upgrade("Origin: http://localhost:" + server.port()).status())
                .isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "null", "app.example.com", "https://app.example.com/", "https://"})
    void saysWhatAnOriginLooksLike(String origin) {
        assertThatThrownBy(() -> builder().allowedOrigins(origin).start(bridge))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_setting"))
                .hasMessageContaining("https://app.example.com")
                .hasMessageContaining(origin);
    }

    @ParameterizedTest(name = "offered: {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "flowscript.v2 | flowscript.v2 | LINES",
                "chat, flowscript.v2 | flowscript.v2 | LINES",
                "chat | | SINGLE",
                "FLOWSCRIPT.V2 | | SINGLE",
            })
    void takesTheSubprotocolThatItKnows(String offered, String accepted, Framing framing) throws Exception {
        RawClient.Answer answer = upgrade("Sec-WebSocket-Protocol: " + offered);
        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.header("Sec-WebSocket-Protocol")).isEqualTo(accepted);
        assertThat(bridge.client(0).info.framing()).isEqualTo(framing);
    }

    @Test
    void leavesCompressionAloneUnlessItIsAskedTo() throws Exception {
        RawClient.Answer answer = upgrade("Sec-WebSocket-Extensions: permessage-deflate");
        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.header("Sec-WebSocket-Extensions")).isNull();
    }

    @Test
    void asksTheAuthenticatorWhoItIs() throws Exception {
        AtomicReference<ClientRequest> seen = new AtomicReference<>();
        server = builder()
                .authenticator(request -> {
                    seen.set(request);
                    return request.parameter("ticket").map(Login::of);
                })
                .start(bridge);
        try (RawClient client = RawClient.to(server.port())) {
            RawClient.Answer answer = client.request(
                    "GET",
                    "/ws?ticket=ann&x=1&x=2",
                    null,
                    "Cookie: session=abc; theme=dark",
                    "Authorization: Bearer t",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13");
            assertThat(answer.status()).isEqualTo(101);
        }
        assertThat(bridge.client(0).info.identity()).isEqualTo(Identity.of("ann"));
        assertThat(seen.get().path()).isEqualTo("/ws");
        assertThat(seen.get().header("AUTHORIZATION")).contains("Bearer t");
        assertThat(seen.get().cookie("session")).contains("abc");
        assertThat(seen.get().query().get("x")).containsExactly("1", "2");
        assertThat(seen.get().secure()).isFalse();
        assertThat(seen.get().remoteAddress()).isNotBlank();
        assertThat(seen.get().toString())
                .doesNotContain("abc")
                .doesNotContain("ann")
                .doesNotContain("Bearer");
    }

    @Test
    void refusesWhomTheAuthenticatorDoesNotKnowWith401() throws Exception {
        server = builder().authenticator(request -> Optional.empty()).start(bridge);
        RawClient.Answer answer = upgrade();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isNotNull();
        assertThat(answer.body()).contains("\"code\":\"unauthorized\"");
        assertThat(bridge.clients).isEmpty();
    }

    @Test
    @DisplayName("I7: an authenticator that throws refuses, and shows nothing of it")
    void survivesAnAuthenticatorThatThrows() throws Exception {
        server = builder()
                .authenticator(request -> {
                    throw new IllegalStateException("secret of the database");
                })
                .start(bridge);
        RawClient.Answer answer = upgrade();
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body())
                .contains("\"code\":\"internal\"")
                .doesNotContain("secret")
                .doesNotContain("Exception");
    }

    @Test
    void saysThatHereIsAWebSocketToWhomAsksForAPage() throws Exception {
        server = builder().start(bridge);
        try (RawClient client = RawClient.to(server.port())) {
            RawClient.Answer answer = client.request("GET", "/ws", null);
            assertThat(answer.status()).isEqualTo(426);
            assertThat(answer.header("Upgrade")).isEqualTo("websocket");
        }
        try (RawClient client = RawClient.to(server.port())) {
            RawClient.Answer answer = client.request("POST", "/ws", "");
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).isEqualTo("GET");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Version: 8", "Sec-WebSocket-Version: x"})
    void takesNoOtherVersionOfWebSocket(String version) throws Exception {
        server = builder().start(bridge);
        try (RawClient client = RawClient.to(server.port())) {
            RawClient.Answer answer = client.request(
                    "GET",
                    "/ws",
                    null,
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    version);
            assertThat(answer.status()).isBetween(400, 426);
            assertThat(answer.body()).doesNotContain("Exception").doesNotContain("jetty");
        }
    }

    @Test
    void refusesAnUpgradeThatIsNotWellFormed() throws Exception {
        server = builder().compress(100).start(bridge);
        try (RawClient client = RawClient.to(server.port())) {
            RawClient.Answer answer = client.request(
                    "GET", "/ws", null, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13");
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.body()).doesNotContain("Exception");
        }
        assertThat(bridge.clients).isEmpty();
    }

    @Test
    void acceptsNoMoreConnectionsThanItIsTold() throws Exception {
        server = builder().maxConnections(2).start(bridge);
        try (RawClient one = RawClient.open(server.port());
                RawClient two = RawClient.open(server.port());
                RawClient three = RawClient.to(server.port())) {
            assertThat(one.read().text()).contains("connected");
            assertThat(two.read().text()).contains("connected");
            three.socket.setSoTimeout(500);
            assertThatThrownBy(three::upgrade).isInstanceOf(java.net.SocketTimeoutException.class);
            three.socket.setSoTimeout(20_000);
            one.reset();
            assertThat(three.readAnswer().status()).isEqualTo(101);
        }
    }

    @Test
    @DisplayName("Clients that all come at once wait to be accepted, and the system drops none of them")
    void manyMayWaitToBeAccepted() throws Exception {
        server = builder().maxConnections(1).start(bridge);
        List<Socket> waiting = new ArrayList<>();
        try (RawClient one = RawClient.open(server.port())) {
            assertThat(one.read().text()).contains("connected");
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket();
                waiting.add(socket);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 900);
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void endsWhomTheBridgeCannotTakeWith1013() throws Exception {
        server = builder().start(bridge);
        bridge.refusal = new FlowScriptException("too_many_connections", "There are 10 connections already");
        try (RawClient client = RawClient.open(server.port())) {
            RawClient.Frame close = client.readUntil(RawClient.CLOSE);
            assertThat(close.closeCode()).isEqualTo(CloseCode.OVERLOADED);
        }
        bridge.refusal = new FlowScriptException("server_closing", "The bridge is closed");
        try (RawClient client = RawClient.open(server.port())) {
            assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        }
        await().until(() -> bridge.clients.isEmpty());
    }
}
