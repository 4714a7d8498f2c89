package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Files for browsers")
class WebAssetsTest {

    private static final String SCRIPT = "export const answer = 42;\n".repeat(100);

    private final FlowScript flows = FlowScript.builder().build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final WebAssets assets = WebAssets.of(
            "app",
            Map.of(
                    "main.js", SCRIPT.getBytes(StandardCharsets.UTF_8),
                    "index.html", "<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8),
                    "images/dot.svg", "<svg/>".getBytes(StandardCharsets.UTF_8)));
    private final HttpApi api =
            HttpApi.of(bridge, bridge, HttpSettings.builder().assets(assets).build());

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    @Test
    @DisplayName("have a content type, an ETag, and a policy that allows nothing but their own origin")
    void areSent() throws IOException {
        HttpResponse response = get("/app/main.js");
        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response)).isEqualTo(SCRIPT);
        assertThat(response.headers())
                .containsEntry("Content-Type", List.of("text/javascript; charset=utf-8"))
                .containsEntry("Cache-Control", List.of("no-cache"))
                .containsEntry("X-Content-Type-Options", List.of("nosniff"))
                .containsKey("ETag")
                .doesNotContainKey("Content-Encoding");
        assertThat(header(response, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "*");
        assertThat(header(get("/app/images/dot.svg"), "Content-Type")).isEqualTo("image/svg+xml");
        assertThat(text(get("/app/"))).isEqualTo("<!DOCTYPE html>");
    }

    @Test
    @DisplayName("are compressed for clients that accept it, and only then")
    void areCompressed() throws IOException {
        HttpResponse response = get("/app/main.js", "Accept-Encoding", "br, gzip;q=0.5");
        assertThat(header(response, "Content-Encoding")).isEqualTo("gzip");
        assertThat(response.body().remaining()).isLessThan(SCRIPT.length() / 4);
        assertThat(text(response)).isEqualTo(SCRIPT);
        assertThat(header(response, "Vary")).contains("Accept-Encoding");
        assertThat(header(response, "ETag")).isNotEqualTo(header(get("/app/main.js"), "ETag"));
        assertThat(get("/app/main.js", "Accept-Encoding", "gzip;q=0").headers()).doesNotContainKey("Content-Encoding");
        assertThat(get("/app/index.html", "Accept-Encoding", "gzip").headers())
                .as("15 bytes become no smaller")
                .doesNotContainKey("Content-Encoding");
    }

    @Test
    @DisplayName("are not sent again to a client that has them")
    void areKnown() throws IOException {
        String tag = header(get("/app/main.js"), "ETag");
        for (String known : List.of(tag, "\"other\", W/" + tag, "*")) {
            HttpResponse response = get("/app/main.js", "If-None-Match", known);
            assertThat(response.status()).isEqualTo(304);
            assertThat(response.body().hasRemaining()).isFalse();
            assertThat(header(response, "ETag")).isEqualTo(tag);
        }
        assertThat(get("/app/main.js", "If-None-Match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("are kept for a year under a path with their version, which changes with their content")
    void haveVersions() throws IOException {
        HttpResponse response = get("/app/" + assets.version() + "/main.js");
        assertThat(text(response)).isEqualTo(SCRIPT);
        assertThat(header(response, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(get("/app/0123456789abcdef/main.js").status()).isEqualTo(404);
        byte[] content = {1};
        assertThat(WebAssets.of("app", Map.of("a.js", content)).version())
                .isEqualTo(WebAssets.of("other", Map.of("a.js", new byte[] {1})).version())
                .isNotEqualTo(WebAssets.of("app", Map.of("b.js", content)).version())
                .isNotEqualTo(
                        WebAssets.of("app", Map.of("a.js", new byte[] {2})).version());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/app/../main.js",
                "/app/..%2f..%2fetc/passwd",
                "/app/%2e%2e/main.js",
                "/app//main.js",
                "/app/./main.js",
                "/app/main.js/",
                "/app/main.js%00",
                "/app/images",
                "/app/images/../main.js",
                "/app/images\\dot.svg",
                "/app/META-INF/MANIFEST.MF",
                "/app/files.txt"
            })
    @DisplayName("I9: no path leads anywhere but to them")
    void leadNowhereElse(String path) {
        assertThat(get(path).status()).isEqualTo(404);
    }

    @Test
    @DisplayName("leave other paths to others")
    void leaveOtherPaths() {
        assertThat(api.handle(request("GET", "/application/main.js"))).isEmpty();
        assertThat(api.handle(request("GET", "/app"))).isEmpty();
        assertThat(api.handle(request("GET", "/"))).isEmpty();
        assertThat(get("/health").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("are only read")
    void areOnlyRead() {
        HttpResponse response =
                (HttpResponse) api.handle(request("POST", "/app/main.js")).orElseThrow();
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers()).containsEntry("Allow", List.of("GET, HEAD"));
    }

    @Test
    @DisplayName("are not for pages of other origins, unless these are allowed")
    void areForTheirOrigin() {
        assertThat(get("/app/main.js", "Origin", "https://elsewhere.test").status())
                .isEqualTo(403);
        HttpApi open = HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder()
                        .assets(assets)
                        .allowedOrigins("https://elsewhere.test")
                        .build());
        HttpResponse response =
                (HttpResponse) open.handle(request("GET", "/app/main.js", "Origin", "https://elsewhere.test"))
                        .orElseThrow();
        assertThat(response.headers()).containsEntry("Access-Control-Allow-Origin", List.of("https://elsewhere.test"));
    }

    @Test
    @DisplayName("are limited in number, size and name")
    void areBounded() {
        Map<String, byte[]> many = new HashMap<>();
        for (int i = 0; i <= WebAssets.MAX_FILES; i++) {
            many.put(i + ".js", new byte[0]);
        }
        refuses("app", many);
        refuses("app", Map.of());
        refuses("app", Map.of("large.js", new byte[WebAssets.MAX_BYTES + 1]));
        for (String name : List.of("", "App", "a/b", "..", "ws", "health", "executions", "links")) {
            refuses(name, Map.of("main.js", new byte[1]));
        }
        for (String file : List.of("", "/main.js", "../main.js", "a/../main.js", ".hidden.js", "main.exe", "a b.js")) {
            refuses("app", Map.of(file, new byte[1]));
        }
        assertThatThrownBy(() -> HttpSettings.builder().assets(assets).assets(assets))
                .isInstanceOf(FlowScriptException.class);
    }

    @Test
    @DisplayName("that are not on the class path are an error that says what is missing")
    void areMissing() {
        assertThatThrownBy(() -> WebAssets.fromClassPath(WebAssets.CLIENT))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("flowscript-js");
        assertThatThrownBy(() -> HttpSettings.builder().console())
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_setting"))
                .hasMessageContaining("the dependency io.flowscript:flowscript-console has it");
    }

    @Test
    @DisplayName("can be named with their version in the page, whose ETag follows it")
    void pageNamesTheVersion() {
        byte[] page = "<script src=\"{version}/a.js\"></script>".getBytes(StandardCharsets.UTF_8);
        WebAssets one = WebAssets.of("app", Map.of("index.html", page, "a.js", new byte[] {1}));
        WebAssets other = WebAssets.of("app", Map.of("index.html", page, "a.js", new byte[] {2}));
        AssetFile sent = one.file("/app/").orElseThrow();
        assertThat(StandardCharsets.UTF_8
                        .decode(sent.response(new ResponseHeaders(), false).body())
                        .toString())
                .isEqualTo("<script src=\"" + one.version() + "/a.js\"></script>");
        assertThat(one.file("/app/" + one.version() + "/a.js")).isPresent();
        assertThat(sent.digest()).isNotEqualTo(other.file("/app/").orElseThrow().digest());
    }

    private static void refuses(String name, Map<String, byte[]> files) {
        assertThatThrownBy(() -> WebAssets.of(name, files))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_setting"));
    }

    private HttpResponse get(String path, String... headers) {
        Optional<HttpResult> result = api.handle(request("GET", path, headers));
        return (HttpResponse) result.orElseThrow();
    }

    private static HttpRequest request(String method, String path, String... headers) {
        Map<String, List<String>> fields = headers.length == 0 ? Map.of() : Map.of(headers[0], List.of(headers[1]));
        return new HttpRequest(method, path, null, fields, "localhost", "127.0.0.1", false, null);
    }

    private static String header(HttpResponse response, String name) {
        return String.join(", ", response.headers().getOrDefault(name, List.of()));
    }

    private static String text(HttpResponse response) throws IOException {
        ByteBuffer body = response.body();
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        if (response.headers().containsKey("Content-Encoding")) {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                bytes = in.readAllBytes();
            }
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
