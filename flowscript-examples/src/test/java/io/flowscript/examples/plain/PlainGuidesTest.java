package io.flowscript.examples.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.bridge.Login;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisplayName("The programs of the guides to plain Java and to an own Jetty server, compiled and run")
class PlainGuidesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "flowscript", "examples", "plain");

    private final int port = 0;

    @TempDir
    private Path folder;

    private static String get(String uri) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    @DisplayName("an order of the shop waits for a person, and still does after a restart")
    void shop() throws Exception {
        Path database = folder.resolve("shop.db");
        try (Shop first = new Shop(database, 0)) {
            HttpRequest order = HttpRequest.newBuilder(first.uri().resolve("/workflows/order/execute"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"input\":{\"amount\":250}}"))
                    .build();
            assertThat(HTTP.send(order, BodyHandlers.ofString()).statusCode()).isBetween(200, 202);
            assertThat(get(first.uri().resolve("/console/").toString())).contains("<html");
        }
        try (Shop again = new Shop(database, 0)) {
            String inbox = again.uri().resolve("/interactions").toString();
            await().until(() -> get(inbox).contains("\"nodeName\":\"review\""));
        }
    }

    @Test
    @DisplayName("the guide has the whole program")
    void theGuideHasTheProgram() throws IOException {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "guide-plain-java.md")));
        assertThat(block.find()).isTrue();
        assertThat(block.group(1))
                .isEqualTo(Files.readString(SOURCES.resolve("Shop.java"))
                        .replace("package io.flowscript.examples.plain;", "package shop;"));
    }

    @Test
    @DisplayName("the handler serves its path, and the application the others")
    void ownJetty() throws Exception {
        Authenticator keys = request -> request.header("X-API-Key").map(key -> Login.of("program"));
        Authenticator people = request -> Optional.of(Login.of("ann"));
        Handler others = new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.write(true, ByteBuffer.wrap(new byte[] {'o', 'k'}), callback);
                return true;
            }
        };
        try (FlowScript flows = FlowScript.builder().build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build()) {
            Handler flow = FlowScriptWebSocketServer.builder(bridge)
                    .authenticator(Authenticator.firstOf(keys, people))
                    .console()
                    .handler();
            Server jetty = new Server(port);
            jetty.setHandler(new Handler.Sequence(new ContextHandler(flow, "/flow"), others));
            jetty.start();
            try {
                String server = "http://localhost:" + ((ServerConnector) jetty.getConnectors()[0]).getLocalPort();
                assertThat(get(server + "/flow/whoami")).contains("\"ann\"");
                assertThat(get(server + "/flow/console/")).contains("<html");
                assertThat(get(server + "/elsewhere")).isEqualTo("ok");
            } finally {
                jetty.stop();
            }
        }
    }

    @Test
    @DisplayName("the guide to Jetty shows what is compiled here")
    void theGuideShowsWhatIsCompiled() throws IOException {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "docs", "guide-jetty.md")));
        String here = Files.readString(SOURCES.resolve("PlainGuidesTest.java")).replaceAll("\\s+", "");
        assertThat(block.find()).isTrue();
        assertThat(here).contains(block.group(1).replaceAll("\\s+", ""));
    }
}
