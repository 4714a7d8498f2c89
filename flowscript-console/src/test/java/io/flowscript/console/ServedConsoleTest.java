package io.flowscript.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("A Jetty server that is told one word serves the console")
class ServedConsoleTest {

    private static final Path SOURCE = Path.of("src", "main", "web");
    private static final Path CLIENT = Path.of("..", "flowscript-js", "src", "main", "js");

    /** What a page or a style sheet loads. */
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"]*)\"|url\\(([^)]*)\\)");

    private static final Pattern VERSION = Pattern.compile("[0-9a-f]{16}");

    private final FlowScript flows = FlowScript.builder().build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    @Test
    @DisplayName("each of its files and of the JavaScript client's, as they are in the source")
    void everyFile() throws Exception {
        try (FlowScriptWebSocketServer server = server()) {
            for (String file : Files.readAllLines(SOURCE.resolve("files.txt"))) {
                HttpResponse<String> response = get(server.uri().resolve("/console/" + file));
                assertThat(response.statusCode()).as(file).isEqualTo(200);
                if (!file.endsWith(".html") && !file.endsWith(".png")) {
                    assertThat(response.body()).isEqualTo(Files.readString(SOURCE.resolve(file)));
                }
            }
            HttpResponse<String> client = get(server.uri().resolve("/console/flowscript/flowscript-client.js"));
            assertThat(client.body()).isEqualTo(Files.readString(CLIENT.resolve("flowscript-client.js")));
        }
    }

    @Test
    @DisplayName("and no file is missing in the list of its files")
    void listIsWhole() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCE)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> SOURCE.relativize(file).toString().replace('\\', '/'))
                            .filter(file -> !file.equals("files.txt")))
                    .containsExactlyInAnyOrderElementsOf(Files.readAllLines(SOURCE.resolve("files.txt")));
        }
    }

    @Test
    @DisplayName("at /console/, where /console and / lead, and the query is kept")
    void leadsThere() throws Exception {
        try (FlowScriptWebSocketServer server = server()) {
            for (String path : List.of("/", "/console", "/?user=ann&groups=managers")) {
                HttpResponse<String> response = get(server.uri().resolve(path));
                assertThat(response.statusCode()).as(path).isEqualTo(302);
                String target = response.headers().firstValue("Location").orElseThrow();
                assertThat(target).startsWith("console/").endsWith(path.replaceFirst("[^?]*", ""));
                HttpResponse<String> page = get(response.uri().resolve(target));
                assertThat(page.statusCode()).isEqualTo(200);
                assertThat(page.body()).startsWith("<!DOCTYPE html>");
            }
            HttpRequest post = HttpRequest.newBuilder(server.uri().resolve("/"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(http.send(post, BodyHandlers.discarding()).statusCode()).isEqualTo(404);
        }
    }

    @Test
    @DisplayName("behind any path of a context: no file names an absolute path")
    void behindAPrefix() throws Exception {
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        jetty.setHandler(new ContextHandler(
                FlowScriptWebSocketServer.builder(bridge).console().handler(), "/a/b"));
        jetty.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + connector.getLocalPort());
            assertThat(get(base.resolve("/a/b/console"))
                            .headers()
                            .firstValue("Location")
                            .map(base.resolve("/a/b/console")::resolve))
                    .hasValue(base.resolve("/a/b/console/"));
            URI page = base.resolve("/a/b/console/");
            for (String reference : references(get(page).body())) {
                URI file = page.resolve(reference);
                assertThat(file.getPath()).startsWith("/a/b/console/");
                assertThat(get(file).statusCode()).as(reference).isEqualTo(200);
            }
            assertThat(get(base.resolve("/a/b/")).statusCode())
                    .as("The pages of an application are its own")
                    .isEqualTo(404);
            assertThat(get(base.resolve("/console/")).statusCode()).isEqualTo(404);
        } finally {
            jetty.stop();
        }
    }

    @Test
    @DisplayName("so that browsers ask for the page each time, and keep the files of its version")
    void isCached() throws Exception {
        try (FlowScriptWebSocketServer server = server()) {
            URI page = server.uri().resolve("/console/");
            HttpResponse<String> first = get(page);
            assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
            String tag = first.headers().firstValue("ETag").orElseThrow();
            HttpRequest again =
                    HttpRequest.newBuilder(page).header("If-None-Match", tag).build();
            assertThat(http.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(304);
            List<String> references = references(first.body());
            assertThat(references).isNotEmpty();
            for (String reference : references) {
                assertThat(reference.split("/", 2)[0]).matches(VERSION);
                assertThat(get(page.resolve(reference)).headers().firstValue("Cache-Control"))
                        .hasValue("public, max-age=31536000, immutable");
            }
        }
    }

    @Test
    @DisplayName("with a policy that allows its own origin, and nothing inline, evaluated or elsewhere")
    void hasAPolicy() throws Exception {
        try (FlowScriptWebSocketServer server = server()) {
            String policy = get(server.uri().resolve("/console/"))
                    .headers()
                    .firstValue("Content-Security-Policy")
                    .orElseThrow();
            Map<String, String> directives = Stream.of(policy.split("; ", -1))
                    .collect(Collectors.toMap(
                            directive -> directive.split(" ", 2)[0],
                            directive -> directive.split(" ", 2)[1]));
            assertThat(directives)
                    .containsEntry("default-src", "'none'")
                    .containsEntry("script-src", "'self'")
                    .containsEntry("style-src", "'self'")
                    .containsEntry("connect-src", "'self'")
                    .containsEntry("frame-ancestors", "'none'")
                    .containsEntry("base-uri", "'none'");
            assertThat(policy).doesNotContain("unsafe", "http:", "https:", "*");
        }
    }

    @Test
    @DisplayName("and only then")
    void onlyWhenTold() throws Exception {
        try (FlowScriptWebSocketServer server =
                FlowScriptWebSocketServer.builder(bridge).start()) {
            for (String path : List.of("/", "/console", "/console/")) {
                assertThat(get(server.uri().resolve(path)).statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    @DisplayName("but not where it would have no requests to ask, or where its place is taken")
    void isRefused() {
        FlowScriptWebSocketServer.Builder socketsAlone =
                FlowScriptWebSocketServer.builder().console();
        assertThatThrownBy(() -> socketsAlone.start(bridge))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_setting"))
                .hasMessageContaining("REST");
        assertThatThrownBy(() ->
                        FlowScriptWebSocketServer.builder(bridge).console().console())
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("/console already");
    }

    @Test
    @DisplayName("behind a proxy that adds a path which the server does not know")
    void behindAProxy() throws Exception {
        try (FlowScriptWebSocketServer server = server();
                PathProxy proxy = new PathProxy("/tools/flows", server.uri())) {
            URI home = proxy.uri().resolve("/tools/flows/");
            URI page = home.resolve(get(home).headers().firstValue("Location").orElseThrow());
            assertThat(page.getPath()).isEqualTo("/tools/flows/console/");
            List<String> references = references(get(page).body());
            assertThat(references).isNotEmpty();
            for (String reference : references) {
                assertThat(get(page.resolve(reference)).statusCode())
                        .as(reference)
                        .isEqualTo(200);
            }
            assertThat(get(page.resolve(base(get(page).body())).resolve("health"))
                            .statusCode())
                    .as("where the page asks")
                    .isEqualTo(200);
        }
    }

    /** Where the page's server is, relative to the page. */
    private static String base(String page) {
        Matcher meta = Pattern.compile("<meta name=\"flowscript-base\" content=\"([^\"]*)\">")
                .matcher(page);
        assertThat(meta.find()).isTrue();
        return meta.group(1);
    }

    private FlowScriptWebSocketServer server() {
        return FlowScriptWebSocketServer.builder(bridge).console().start();
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static List<String> references(String page) {
        return REFERENCE
                .matcher(page)
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .toList();
    }
}
