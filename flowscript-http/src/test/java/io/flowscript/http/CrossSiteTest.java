package io.flowscript.http;

import static io.flowscript.http.AttackedServer.JSON;
import static io.flowscript.http.AttackedServer.head;
import static io.flowscript.http.AttackedServer.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.http.AttackedServer.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A page of another origin may neither read, change nor open anything")
class CrossSiteTest {

    private final AttackedServer server = new AttackedServer(
            settings -> settings.allowedOrigins("https://app.example.com").allowedHosts("flow.example.com"));

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "NULL",
                " ",
                "*",
                "file://",
                "https://localhost",
                "http://localhost:8080",
                "http://localhost.",
                "http://localhost.evil.example",
                "http://evil.localhost",
                "http://localhost@evil.example",
                "http://evil.example@localhost",
                "http://localhost/evil",
                "http://localhost?a",
                "http://localhost#a",
                "http://app.example.com",
                "https://app.example.com:444",
                "https://app.example.com.evil.example",
                "https://xapp.example.com",
                "https://sub.app.example.com",
                "https://example.com",
                "https://app.example.com/",
                "https://app.example.com, https://evil.example",
                "https://app.example.com https://evil.example",
                "https://app%2eexample.com",
                "https://app.example.com\u0000",
                "https://\u0430pp.example.com",
                "wss://app.example.com",
                "http://[::1.14444444444444444444]",
                "app.example.com",
                "//app.example.com",
                "chrome-extension://abcdefgh"
            })
    void foreignOrigins(String origin) {
        String field = "Origin: " + origin;
        Reply read = server.get("/workflows", field);
        assertThat(read.status()).isEqualTo(403);
        assertThat(read.body()).contains("\"forbidden\"").doesNotContain("\"ask\"");
        assertThat(read.headers()).doesNotContainKey("Access-Control-Allow-Origin");
        assertThat(server.post("/workflows/ask/execute", "{}", field, JSON).status())
                .isEqualTo(403);
        assertThat(server.upgrade(head("GET", "/ws", field))).isEqualTo(403);
        Reply preflight = server.send(head("OPTIONS", "/workflows", field), "");
        assertThat(preflight.headers()).doesNotContainKey("Access-Control-Allow-Origin");
        assertThat(server.flows.executions().size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost", "HTTP://LOCALHOST:80", "https://app.example.com:443"})
    void ownAndListedOrigins(String origin) {
        assertThat(server.get("/workflows", "Origin: " + origin).status()).isEqualTo(200);
        assertThat(server.upgrade(head("GET", "/ws", "Origin: " + origin))).isEqualTo(101);
    }

    @Test
    @DisplayName("also when one of two fields is its own")
    void severalOrigins() {
        String[] fields = {"Origin: http://localhost", "Origin: https://evil.example"};
        assertThat(server.get("/workflows", fields).status()).isEqualTo(403);
        assertThat(server.upgrade(head("GET", "/ws", fields))).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:80",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "flow.example.com.evil.example",
                "evil.example/localhost",
                "localhost@evil.example",
                "evil.example:80@localhost",
                "flow.example.com:x",
                "flow.example.com:",
                "flow.example.com ",
                "flow.example.com.",
                "sub.flow.example.com",
                "[::2]",
                "::1.evil.example",
                "0.0.0.0",
                "2130706433",
                "0x7f.0.0.1",
                "\u212AOCALHOST",
                "localhost\u0000"
            })
    @DisplayName("nor by a name that it has pointed at this server")
    void foreignHosts(String host) {
        Reply read = server.send(to(host, head("GET", "/workflows")), "");
        assertThat(read.status()).isEqualTo(403);
        assertThat(read.body()).doesNotContain("\"ask\"");
        assertThat(server.upgrade(to(host, head("GET", "/ws")))).isEqualTo(403);
    }

    @Test
    void noHost() {
        assertThat(server.send(to(null, head("GET", "/workflows")), "").status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:3013", "127.0.0.1", "[::1]:3013", "Flow.Example.Com:443"})
    void ownHosts(String host) {
        assertThat(server.send(to(host, head("GET", "/workflows")), "").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain; application/json",
                "application/jsonp",
                "application/json; charset=utf-16",
                "application/json, text/plain"
            })
    @DisplayName("and a form, which needs no leave of the server, sends nothing that it takes")
    void forms(String type) {
        assertThat(server.post("/workflows/ask/execute", "{}", "Content-Type: " + type)
                        .status())
                .isEqualTo(415);
        assertThat(server.flows.executions().size()).isZero();
    }
}
