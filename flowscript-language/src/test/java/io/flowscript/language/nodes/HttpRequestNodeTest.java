package io.flowscript.language.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Outcome;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpRequestNodeTest {

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final AtomicReference<String> received = new AtomicReference<>();
    private final AtomicReference<Headers> requestHeaders = new AtomicReference<>();
    private final Map<String, String> responseHeaders = new ConcurrentHashMap<>();
    private final AtomicReference<byte[]> response = new AtomicReference<>(new byte[0]);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private String base;
    private HttpRequestNode node;

    @BeforeEach
    void startAServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        answer("/json", 200, "application/json", "{\"ok\":true,\"price\":0.10}");
        answer("/text", 200, "text/plain; charset=utf-8", "grüß dich");
        answer("/broken", 200, "application/json", "{nope");
        answer("/gone", 410, "application/json", "{\"why\":\"gone\"}");
        answer("/large", 200, "text/plain", "x".repeat(100_000));
        redirect("/moved", "/json");
        redirect("/away", "http://example.invalid/");
        redirect("/round", "/round");
        server.createContext("/slow", exchange -> {
            reached.countDown();
            await(release);
            exchange.close();
        });
        server.createContext("/sent", exchange -> {
            requestHeaders.set(exchange.getRequestHeaders());
            responseHeaders.forEach(exchange.getResponseHeaders()::set);
            byte[] body = response.get();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/echo", exchange -> {
            received.set(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + exchange.getRequestHeaders().getFirst("X-Own") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        base = "http://localhost:" + server.getAddress().getPort();
        node = HttpRequestNode.toHosts("localhost:" + server.getAddress().getPort())
                .maxResponseBytes(50_000);
    }

    @AfterEach
    void stopIt() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void readsJsonAndText() throws Exception {
        Edge json = run(Map.of("url", base + "/json"));
        assertThat(json.name()).isEqualTo("success");
        assertThat(data(json, "status").asInt()).isEqualTo(200);
        assertThat(data(json, "body.price").raw()).hasToString("0.10");
        assertThat(data(json, "headers[\"content-type\"]").asString()).isEqualTo("application/json");

        assertThat(data(run(Map.of("url", base + "/text")), "body").asString()).isEqualTo("grüß dich");
    }

    @Test
    @DisplayName("Text comes in the character set that the response declares, or that its byte order mark tells")
    void characterSets() throws Exception {
        byte[] latin = "Größe".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf8 = "Größe".getBytes(UTF_8);
        send("text/plain; charset=ISO-8859-1", latin);
        assertThat(data(run("/sent"), "body").asString()).isEqualTo("Größe");
        send("text/plain; charset=\"windows-1252\"; format=flowed", latin);
        assertThat(data(run("/sent"), "body").asString()).isEqualTo("Größe");
        send("text/plain", utf8);
        assertThat(data(run("/sent"), "body").asString()).isEqualTo("Größe");
        send("text/plain; charset=ISO-8859-1", "\uFEFFGröße".getBytes(UTF_8));
        assertThat(data(run("/sent"), "body").asString()).isEqualTo("Größe");
        send("text/plain", "\uFEFFGröße".getBytes(StandardCharsets.UTF_16LE));
        assertThat(data(run("/sent"), "body").asString()).isEqualTo("Größe");

        send("text/plain; charset=klingon", utf8);
        assertThat(data(run("/sent"), "code").asString()).isEqualTo("http_unreadable");
        assertThat(data(run("/sent"), "error").asString()).contains("unknown character set klingon");
    }

    @Test
    @DisplayName("JSON is read with a byte order mark, and in the character set that the response declares")
    void jsonAsDeclared() throws Exception {
        String json = "{\"größe\":1}";
        send("application/json", ("\uFEFF" + json).getBytes(UTF_8));
        assertThat(data(run("/sent"), "body").raw()).isEqualTo(Map.of("größe", 1));
        send("application/json; charset=iso-8859-1", json.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(data(run("/sent"), "body").raw()).isEqualTo(Map.of("größe", 1));
        send("application/problem+json", ("\uFEFF" + json).getBytes(StandardCharsets.UTF_16BE));
        assertThat(data(run("/sent"), "body").raw()).isEqualTo(Map.of("größe", 1));
        send("text/jsonish", json.getBytes(UTF_8));
        assertThat(data(run("/sent"), "body").raw()).isEqualTo(json);
        send("application/json", new byte[0]);
        assertThat(run("/sent").name()).isEqualTo("success");
    }

    @Test
    @DisplayName("Declared JSON that cannot be read leaves by error, with the text")
    void brokenJson() throws Exception {
        Edge broken = run("/broken");
        assertThat(broken.name()).isEqualTo("error");
        assertThat(data(broken, "code").asString()).isEqualTo("http_unreadable");
        assertThat(data(broken, "status").asInt()).isEqualTo(200);
        assertThat(data(broken, "body").asString()).isEqualTo("{nope");

        send("application/json", "{\"a\":\"Größe\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(data(run("/sent"), "code").asString()).isEqualTo("http_unreadable");
    }

    @Test
    @DisplayName("Compression that nobody asked for is undone, up to the largest size")
    void compression() throws Exception {
        run("/sent");
        assertThat(requestHeaders.get().getFirst("Accept-encoding")).isEqualTo("identity");

        responseHeaders.put("Content-Encoding", "gzip");
        send("application/json", gzip("{\"a\":1}".getBytes(UTF_8)));
        assertThat(data(run("/sent"), "body.a").asInt()).isEqualTo(1);
        send("text/plain", gzip(new byte[50_000]));
        assertThat(run("/sent").name()).isEqualTo("success");
        send("text/plain", gzip(new byte[50_001]));
        assertThat(data(run("/sent"), "code").asString()).isEqualTo("http_too_large");
        send("text/plain", gzip(new byte[20_000_000]));
        assertThat(data(run("/sent"), "code").asString()).isEqualTo("http_too_large");
        send("text/plain", "no gzip".getBytes(UTF_8));
        assertThat(data(run("/sent"), "code").asString()).isEqualTo("http_unreadable");

        responseHeaders.put("Content-Encoding", "br");
        assertThat(data(run("/sent"), "error").asString())
                .isEqualTo("The response has the coding br, which was not asked for");
    }

    @Test
    @DisplayName("A request has no header that it needs not")
    void requestHeaders() throws Exception {
        run("/sent");
        assertThat(requestHeaders.get().keySet()).containsExactlyInAnyOrder("Host", "User-agent", "Accept-encoding");

        run(Map.of(
                "url",
                base + "/sent",
                "headers",
                Map.of("user-agent", "own", "X-Size", "Größe", "X-N", 7, "X-B", true)));
        assertThat(requestHeaders.get().get("User-agent")).containsExactly("own");
        assertThat(requestHeaders.get().get("X-size")).containsExactly("Größe");
        assertThat(requestHeaders.get().get("X-n")).containsExactly("7");
        assertThat(requestHeaders.get().get("X-b")).containsExactly("true");
    }

    @ParameterizedTest
    @MethodSource("wrongHeaders")
    @DisplayName("A header that HTTP cannot carry is refused, and nothing is sent")
    void wrongHeaders(String name, Object value, String message) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(name, value);
        assertThatThrownBy(() -> run(Map.of("url", base + "/sent", "headers", headers)))
                .hasMessageContaining("\"headers\": \"" + name)
                .hasMessageContaining(message)
                .extracting("code")
                .isEqualTo("invalid_config");
        assertThat(requestHeaders.get()).isNull();
    }

    static Stream<Arguments> wrongHeaders() {
        return Stream.of(
                Arguments.of("X-A", null, "not null"),
                Arguments.of("X-A", Map.of("a", 1), "not a value of type object"),
                Arguments.of("X-A", List.of("a"), "not a value of type array"),
                Arguments.of("X-A", "用户", "outside of ISO-8859-1"),
                Arguments.of("X-A", "a€", "outside of ISO-8859-1"),
                Arguments.of("X-A", "a\r\nX-B: b", "control character"),
                Arguments.of("X-A", "a\u0000", "control character"),
                Arguments.of("X A", "a", "is not the name of a header"),
                Arguments.of("Größe", "a", "is not the name of a header"),
                Arguments.of("transfer-encoding", "chunked", "the client sets itself"),
                Arguments.of("Content-Length", 5, "the client sets itself"));
    }

    @Test
    @DisplayName("A connection goes to an address that was checked: the name is not resolved again")
    void connectsToTheCheckedAddress() throws Exception {
        URI unknown = URI.create("http://checked.invalid:" + server.getAddress().getPort() + "/json");
        HttpExchange.Message message = new HttpExchange.Message("GET", unknown, Map.of(), null, Duration.ofSeconds(20));

        assertThat(HttpExchange.send(PinnedClient.shared(), message, List.of(InetAddress.getLoopbackAddress()), 50_000)
                        .get(20, SECONDS)
                        .status())
                .isEqualTo(200);
        // The connection stays open, but was opened to another address than this one, where nobody listens.
        assertThatThrownBy(() -> HttpExchange.send(
                                PinnedClient.shared(),
                                message,
                                List.of(InetAddress.getByAddress(new byte[] {127, 0, 0, 2})),
                                50_000)
                        .get(20, SECONDS))
                .isInstanceOf(ExecutionException.class);
    }

    @Test
    @DisplayName("A request that was cut on a connection used before is not sent again")
    void isNotSentAgain() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> answerOnceAndCutThen(listening, requests));
            String url = "http://localhost:" + listening.getLocalPort() + "/";
            node = HttpRequestNode.toHosts("localhost");

            assertThat(run(Map.of("url", url)).name()).isEqualTo("success");
            assertThat(data(run(Map.of("url", url)), "code").asString()).isEqualTo("http_failed");
            assertThat(requests).hasValue(2);
        }
    }

    /** Each connection gets one answer and is cut in the middle of the next request. */
    private static void answerOnceAndCutThen(ServerSocket listening, AtomicInteger requests) {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                for (int i = 0; i < 2; i++) {
                    String line = in.readLine();
                    while (line != null && !line.isEmpty()) {
                        line = in.readLine();
                    }
                    requests.incrementAndGet();
                    if (i == 0) {
                        socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
                    }
                }
            } catch (IOException e) {
                return;
            }
        }
    }

    private void send(String type, byte[] body) {
        responseHeaders.put("Content-Type", type);
        response.set(body);
    }

    private Edge run(String path) throws Exception {
        return run(Map.of("url", base + path));
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    @Test
    void sendsMethodHeadersAndBody() throws Exception {
        Map<String, Object> config = new HashMap<>();
        config.put("url", base + "/echo");
        config.put("method", "post");
        config.put("headers", Map.of("X-Own", "7"));
        config.put("body", Map.of("a", List.of(1, true)));

        assertThat(run(config).name()).isEqualTo("success");
        assertThat(received.get()).isEqualTo("POST application/json 7 {\"a\":[1,true]}");

        config.put("body", "plain");
        assertThat(run(config).name()).isEqualTo("success");
        assertThat(received.get()).isEqualTo("POST null 7 plain");
    }

    @Test
    void leavesByErrorWhenTheServerSaysNo() throws Exception {
        Edge edge = run(Map.of("url", base + "/gone"));

        assertThat(edge.name()).isEqualTo("error");
        assertThat(data(edge, "code").asString()).isEqualTo("http_status");
        assertThat(data(edge, "status").asInt()).isEqualTo(410);
        assertThat(data(edge, "body.why").asString()).isEqualTo("gone");
    }

    @Test
    @DisplayName("I5: a response that is too large is cancelled")
    void refusesALargeResponse() throws Exception {
        Edge edge = run(Map.of("url", base + "/large"));

        assertThat(edge.name()).isEqualTo("error");
        assertThat(data(edge, "code").asString()).isEqualTo("http_too_large");
        assertThat(data(edge, "error").asString()).isEqualTo("The response is larger than the limit of 50000 bytes");
    }

    @Test
    @DisplayName(
            "A redirect is resolved as RFC 3986 says it: one without a path keeps the path, and the usual port is the same as none")
    void resolvesRedirects() throws Exception {
        server.createContext("/list/items", exchange -> {
            boolean isAsked = exchange.getRequestURI().getRawQuery() == null;
            exchange.getResponseHeaders().set("Location", "?page=2");
            received.set(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(isAsked ? 302 : 204, -1);
            exchange.close();
        });
        assertThat(run(Map.of("url", base + "/list/items")).name()).isEqualTo("success");
        assertThat(received).hasValue("/list/items?page=2");
    }

    @Test
    void followsARedirectWithinItsOriginOnly() throws Exception {
        assertThat(data(run(Map.of("url", base + "/moved")), "body.ok").asBoolean())
                .isTrue();

        Edge away = run(Map.of("url", base + "/away"));
        assertThat(away.name()).isEqualTo("error");
        assertThat(data(away, "status").asInt()).isEqualTo(302);

        assertThat(data(run(Map.of("url", base + "/round")), "error").asString())
                .contains("more than 5 times");
    }

    @Test
    void givesUpInTime() throws Exception {
        Edge edge = run(Map.of("url", base + "/slow", "timeoutMs", 50));

        assertThat(edge.name()).isEqualTo("error");
        assertThat(data(edge, "code").asString()).isEqualTo("http_timeout");
    }

    @Test
    void canBeCancelled() throws Exception {
        Outcome.Later later = (Outcome.Later) node.run(context(Map.of("url", base + "/slow")));
        assertThat(reached.await(10, SECONDS)).isTrue();

        CompletableFuture<? extends Outcome> outcome = later.stage().toCompletableFuture();
        assertThat(outcome.cancel(true)).isTrue();
        assertThat(outcome).isCancelled();
    }

    @Test
    void saysThatNobodyIsThere() throws Exception {
        server.stop(0);

        assertThat(data(run(Map.of("url", base + "/json")), "code").asString()).isEqualTo("http_failed");
    }

    @ParameterizedTest
    @DisplayName("Only public addresses are reachable unless the application names the host")
    @ValueSource(
            strings = {
                "http://localhost/",
                "http://127.0.0.1:8080/",
                "http://127.1/",
                "http://2130706433/",
                "http://0177.0.0.1/",
                "http://017700000001/",
                "http://0x7f000001/",
                "http://0x7f.1/",
                "http://[::127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://0.0.0.0/",
                "http://10.0.0.1/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://169.254.169.254/latest/meta-data/",
                "http://100.64.0.1/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[fd00::1]/",
                "http://[fe80::1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[2002:7f00:1::]/",
                "http://[::ffff:0:7f00:1]/",
                "http://[64:ff9b:1::1]/",
                "http://[100::1]/",
                "http://[2001:db8::1]/",
                "http://[2001:2::1]/",
                "http://[2001:20::1]/",
                "http://[3fff::1]/",
                "http://[5f00::1]/",
                "http://[fec0::1]/",
                "http://192.0.0.8/",
                "http://192.0.2.1/",
                "http://192.88.99.1/",
                "http://198.18.0.1/",
                "http://198.51.100.1/",
                "http://203.0.113.1/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "http://user:secret@example.com/",
                "http://example.com:65536/",
                "http:///x",
                "jar:http://example.com!/x",
                "/relative"
            })
    void refusesWhatIsNotPublic(String url) throws Exception {
        Outcome outcome = HttpRequestNode.toPublicHosts().run(context(Map.of("url", url)));
        Edge edge = outcome instanceof Outcome.Later later
                ? (Edge) later.stage().toCompletableFuture().get(10, SECONDS)
                : (Edge) outcome;

        assertThat(edge.name()).isEqualTo("error");
        assertThat(data(edge, "code").asString()).isEqualTo("http_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "93.184.215.14",
                "100.63.255.255",
                "100.128.0.0",
                "172.32.0.1",
                "192.0.1.1",
                "198.20.0.1",
                "203.0.114.1",
                "223.255.255.255",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2606:4700::1111",
                "2a00:1450:4001:80b::200e"
            })
    void takesWhatIsPublic(String address) throws Exception {
        assertThat(PublicAddresses.contain(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void reachesOnlyTheHostsThatWereNamed() throws Exception {
        node = HttpRequestNode.toHosts("*.example.com", "localhost:1");

        assertThat(data(run("/json"), "code").asString()).isEqualTo("http_not_allowed");
        assertThatThrownBy(HttpRequestNode::toHosts).isInstanceOf(FlowScriptException.class);
    }

    @Test
    void reachesTheHostsThatWereAddedAndThoseBefore() throws Exception {
        String own = "localhost:" + server.getAddress().getPort();
        HttpRequestNode both = HttpRequestNode.toPublicHosts().andHosts(own);

        assertThat(edge(both, base + "/json").name()).isEqualTo("success");
        assertThat(edge(HttpRequestNode.toHosts(own).andHosts("localhost:1"), base + "/json")
                        .name())
                .isEqualTo("success");
        // Not refused by name, but for its address: public hosts are still looked at.
        assertThat(data(edge(both, "http://127.0.0.1:1/"), "error").asString())
                .contains("an address that is not public");
        assertThatThrownBy(() -> both.andHosts())
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("at least one host");
    }

    private static Edge edge(HttpRequestNode sender, String url) throws Exception {
        Outcome outcome = sender.run(context(Map.of("url", url)));
        return outcome instanceof Outcome.Later later
                ? (Edge) later.stage().toCompletableFuture().get(10, SECONDS)
                : (Edge) outcome;
    }

    @Test
    void saysWhatIsWrongWithItsConfig() {
        assertThatThrownBy(() -> run(Map.of("url", base, "method", "TRACE")))
                .hasMessageContaining("\"method\" must be one of GET");
        assertThatThrownBy(() -> run(Map.of("url", base, "timeoutMs", 0)))
                .hasMessageContaining("\"timeoutMs\" must be from 1");
        assertThatThrownBy(() -> run(Map.of("url", base, "headers", Map.of("a b", 1))))
                .hasMessageContaining("\"headers\"");
        assertThatThrownBy(() -> run(Map.of("url", base, "headers", Map.of("Host", "x"))))
                .hasMessageContaining("\"headers\"");
        assertThatThrownBy(() -> run(Map.of())).hasMessageContaining("url");
        assertThatThrownBy(() -> run(Map.of("url", "http://[::1.14444444444444444444]/")))
                .hasMessageContaining("\"url\" is not an address");
    }

    private Edge run(Map<String, Object> config) throws Exception {
        Outcome outcome = node.run(context(config));
        return outcome instanceof Outcome.Later later
                ? (Edge) later.stage().toCompletableFuture().get(20, SECONDS)
                : (Edge) outcome;
    }

    private static Value data(Edge edge, String path) {
        return Value.of(edge.data().get()).get(path);
    }

    private void answer(String path, int status, String type, String body) {
        server.createContext(path, exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private void redirect(String path, String location) {
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutionContext context(Map<String, Object> config) {
        return (ExecutionContext) Proxy.newProxyInstance(
                HttpRequestNodeTest.class.getClassLoader(),
                new Class<?>[] {ExecutionContext.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("config")) {
                        return Value.of(config);
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
