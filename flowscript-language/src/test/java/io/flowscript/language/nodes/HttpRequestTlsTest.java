package io.flowscript.language.nodes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpRequestTlsTest {

    private static final String PASSWORD = "changeit";
    private static final String REFUSED =
            "The server's certificate is not accepted: it must come from an authority that"
                    + " the JVM trusts, be valid now, and name the host of the URL";

    /** A certificate for the names that the tests use, but for no address. */
    private static KeyStore named;

    /** A certificate for the address that the tests connect to, and for a name that only one test uses. */
    private static KeyStore elsewhere;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> askedFor = new CopyOnWriteArrayList<>();
    private final AtomicReference<String> target = new AtomicReference<>("/json");
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void makeTheCertificates(@TempDir Path directory) throws Exception {
        Path first = directory.resolve("named.p12");
        Path second = directory.resolve("elsewhere.p12");
        Process one = keytool(first, "san=dns:localhost,dns:checked.invalid");
        Process other = keytool(second, "san=dns:elsewhere.invalid,ip:127.0.0.1");
        named = made(one, first);
        elsewhere = made(other, second);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    @DisplayName("A request reaches a server whose certificate is trusted and names the host")
    void reachesTheServer() throws Exception {
        int port = serve(named);
        Edge edge = run(node(port).through(trusting(named)), "https://localhost:" + port + "/json");

        assertThat(edge.name()).isEqualTo("success");
        assertThat(data(edge, "body.ok").asBoolean()).isTrue();
        assertThat(requests).containsExactly("/json");
    }

    @Test
    @DisplayName(
            "The certificate must name the host of the URL, and the server learns that name (SNI), whatever the address")
    void goesByTheName() throws Exception {
        int port = serve(named);
        PinnedClient client = trusting(named);

        assertThat(send(client, "https://checked.invalid:" + port + "/json").status())
                .isEqualTo(200);
        assertThat(askedFor).containsExactly("checked.invalid");
    }

    @Test
    @DisplayName("A trusted certificate for another name is refused, although it has the address, and nothing is sent")
    void anotherName() throws Exception {
        int port = serve(elsewhere);
        PinnedClient client = trusting(elsewhere);

        refused(run(node(port).through(client), "https://localhost:" + port + "/json"));
        assertThat(requests).isEmpty();
        // The name alone was wrong.
        assertThat(send(client, "https://elsewhere.invalid:" + port + "/json").status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("A certificate that nobody vouches for is refused, and nothing is sent")
    void untrusted() throws Exception {
        int port = serve(named);
        String url = "https://localhost:" + port + "/json";

        refused(run(node(port), url)); // the client of the process, with the JVM's trust
        refused(run(node(port).through(trusting(elsewhere)), url));
        assertThat(requests).isEmpty();
    }

    @Test
    void followsARedirectWithinItsOrigin() throws Exception {
        int port = serve(named);
        target.set("https://localhost:" + port + "/json");

        Edge edge = run(node(port).through(trusting(named)), "https://localhost:" + port + "/moved");
        assertThat(edge.name()).isEqualTo("success");
        assertThat(requests).containsExactly("/moved", "/json");
    }

    @ParameterizedTest
    @DisplayName("A redirect to http, another host or another port is not followed")
    @ValueSource(
            strings = {
                "http://localhost:TLS/json",
                "http://localhost:PLAIN/json",
                "https://localhost:PLAIN/json",
                "http://127.0.0.1:PLAIN/json",
                "https://127.0.0.1:TLS/json",
                "//127.0.0.1:TLS/json",
                "https://checked.invalid:TLS/json"
            })
    void followsNoRedirectElsewhere(String location) throws Exception {
        int port = serve(named);
        int plain = started(HttpServer.create(loopback(), 0));
        target.set(location.replace("TLS", "" + port).replace("PLAIN", "" + plain));

        Edge edge = run(node(port).through(trusting(named)), "https://localhost:" + port + "/moved");
        assertThat(edge.name()).isEqualTo("error");
        assertThat(data(edge, "code").asString()).isEqualTo("http_status");
        assertThat(data(edge, "status").asInt()).isEqualTo(302);
        assertThat(data(edge, "headers.location").asString()).isEqualTo(target.get());
        assertThat(requests).containsExactly("/moved");
    }

    private static void refused(Edge edge) {
        assertThat(edge.name()).isEqualTo("error");
        assertThat(edge.data().get()).isEqualTo(Map.of("code", "http_failed", "error", REFUSED));
    }

    private static HttpRequestNode node(int port) {
        return HttpRequestNode.toHosts("localhost:" + port);
    }

    private static Edge run(HttpRequestNode node, String url) throws Exception {
        Outcome outcome = node.run(new FakeContext().config(Map.of("url", url)));
        return (Edge) ((Outcome.Later) outcome).stage().toCompletableFuture().get(30, SECONDS);
    }

    /** Sends a request to a host that no resolver knows. The checked address is the loopback address under another name. */
    private static HttpExchange.Reply send(PinnedClient client, String url) throws Exception {
        HttpExchange.Message message =
                new HttpExchange.Message("GET", URI.create(url), Map.of(), null, Duration.ofSeconds(30));
        InetAddress checked = InetAddress.getByAddress(
                "other.invalid", loopback().getAddress().getAddress());
        return HttpExchange.send(client, message, List.of(checked), 1_000).get(30, SECONDS);
    }

    private static Value data(Edge edge, String path) {
        return Value.of(edge.data().get()).get(path);
    }

    private int serve(KeyStore keys) throws Exception {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(showing(keys)));
        return started(server);
    }

    private int started(HttpServer server) {
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            if (exchange instanceof HttpsExchange secure) {
                askedFor.addAll(serverNames(secure.getSSLSession()));
            }
            if (path.equals("/moved")) {
                exchange.getResponseHeaders().set("Location", target.get());
                exchange.sendResponseHeaders(302, -1);
            } else {
                byte[] body = "{\"ok\":true}".getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        open.add(() -> {
            server.stop(0);
            threads.shutdownNow();
        });
        return server.getAddress().getPort();
    }

    private static List<String> serverNames(SSLSession session) {
        List<SNIServerName> names = ((ExtendedSSLSession) session).getRequestedServerNames();
        return names.stream().map(name -> ((SNIHostName) name).getAsciiName()).toList();
    }

    private static InetSocketAddress loopback() throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
    }

    private static SSLContext showing(KeyStore keys) throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), null, null);
        return tls;
    }

    private PinnedClient trusting(KeyStore keys) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        PinnedClient client = new PinnedClient(tls);
        open.add(0, client::stop);
        return client;
    }

    private static Process keytool(Path store, String names) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair", "-alias", "test", "-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-dname", "CN=test", "-ext", names, "-validity", "2"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString()));
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC")); // starts sooner
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output(store).toFile())
                .start();
    }

    private static KeyStore made(Process keytool, Path store) throws Exception {
        assertThat(keytool.waitFor(60, SECONDS)).isTrue();
        assertThat(store).as(Files.readString(output(store))).exists();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static Path output(Path store) {
        return store.resolveSibling(store.getFileName() + ".out");
    }
}
