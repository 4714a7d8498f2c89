package io.flowscript.language.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Outcome;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpRequestNodeTest {

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch reached = new CountDownLatch(1);
    private final AtomicReference<String> received = new AtomicReference<>();
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
        assertThat(data(run(Map.of("url", base + "/broken")), "body").asString())
                .isEqualTo("{nope");
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
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                "ftp://example.com/",
                "file:///etc/passwd",
                "http://user:secret@example.com/",
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

    @Test
    void reachesOnlyTheHostsThatWereNamed() throws Exception {
        HttpRequestNode other = HttpRequestNode.toHosts("*.example.com", "localhost:1");
        Outcome.Later later = (Outcome.Later) other.run(context(Map.of("url", base + "/json")));

        Edge edge = (Edge) later.stage().toCompletableFuture().get(10, SECONDS);
        assertThat(data(edge, "code").asString()).isEqualTo("http_not_allowed");
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
        Outcome.Later later = (Outcome.Later) sender.run(context(Map.of("url", url)));
        return (Edge) later.stage().toCompletableFuture().get(10, SECONDS);
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
