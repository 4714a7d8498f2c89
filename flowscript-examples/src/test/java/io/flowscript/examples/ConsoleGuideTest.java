package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.examples.server.ExampleServer;
import io.flowscript.examples.server.ServerOptions;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("The examples of the guide to the console, compiled and run")
class ConsoleGuideTest {

    private final int port = 0;
    private final FlowScript flows = FlowScript.builder().build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    @Test
    void switchingItOn() throws Exception {
        FlowScriptWebSocketServer server =
                FlowScriptWebSocketServer.builder(bridge).port(port).console().start();
        System.out.println("Open " + server.uri() + "/console/");
        try {
            assertThat(get(server.uri().resolve("/console/")).statusCode()).isEqualTo(200);
        } finally {
            server.close();
        }
    }

    @Test
    @DisplayName("an application adds the paths of the earlier FlowScript in its own Jetty, and keeps its own pages")
    void embedding() throws Exception {
        FlowScriptWebSocketServer.Builder flowscript =
                FlowScriptWebSocketServer.builder(bridge).console();
        Handler overview = new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                if (!Request.getPathInContext(request).equals("/api")) {
                    return false;
                }
                response.getHeaders().put("Content-Type", "application/json");
                Content.Sink.write(
                        response,
                        true,
                        "{\"workflows\":\"/api/workflows\",\"executions\":\"/api/executions\"}",
                        callback);
                return true;
            }
        };
        Server jetty = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        jetty.setHandler(
                new Handler.Sequence(overview, flowscript.handler(), new ContextHandler(flowscript.handler(), "/api")));
        jetty.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + ((ServerConnector) jetty.getConnectors()[0]).getLocalPort());
            assertThat(get(base.resolve("/api")).body()).contains("/api/workflows");
            assertThat(get(base.resolve("/api/workflows")).body())
                    .isEqualTo(get(base.resolve("/workflows")).body())
                    .startsWith("{\"workflows\":");
            assertThat(get(base.resolve("/api/health")).statusCode()).isEqualTo(200);
            assertThat(get(base.resolve("/console/")).statusCode()).isEqualTo(200);
            assertThat(get(base.resolve("/")).statusCode())
                    .as("left to the application")
                    .isEqualTo(404);
        } finally {
            jetty.stop();
        }
    }

    @Test
    @DisplayName("the demo opens on the console, and says so first")
    void theDemo() throws Exception {
        try (ExampleServer server = ExampleServer.start(new ServerOptions(0, null))) {
            URI base = URI.create("http://localhost:" + server.port() + "/");
            assertThat(server.welcome().strip()).startsWith("Open http://localhost:" + server.port() + " ");
            HttpResponse<String> home = get(base);
            assertThat(home.statusCode()).isEqualTo(302);
            URI page = base.resolve(home.headers().firstValue("Location").orElseThrow());
            assertThat(get(page).body()).startsWith("<!DOCTYPE html>");
            assertThat(get(base.resolve("whoami")).body()).isEqualTo("{\"development\":true}");
            assertThat(get(base.resolve("stats")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void everyExampleOfTheGuideIsInThisFile() throws Exception {
        for (String block : new DocExamples("docs/guide-console.md").blocks("java")) {
            DocExamples.assertIsIn(ConsoleGuideTest.class, block);
        }
    }

    private HttpResponse<String> get(URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
