package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.WebAssets;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("A Jetty server sends the JavaScript client from the jar")
class ServedFilesTest {

    private static final Path SOURCE = Path.of("src", "main", "js");

    private final FlowScript flows = FlowScript.builder().build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final WebAssets client = WebAssets.fromClassPath(WebAssets.CLIENT);

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    @Test
    @DisplayName("each file, whole or compressed, once or again")
    void everyFile() throws Exception {
        try (FlowScriptWebSocketServer server =
                FlowScriptWebSocketServer.builder(bridge).assets(client).start()) {
            for (String name : Files.readAllLines(SOURCE.resolve("files.txt"))) {
                byte[] content = Files.readAllBytes(SOURCE.resolve(name));
                URI uri = server.uri().resolve("/flowscript/" + name);
                HttpResponse<byte[]> plain = send(HttpRequest.newBuilder(uri));
                assertThat(plain.statusCode()).isEqualTo(200);
                assertThat(plain.body()).isEqualTo(content);
                assertThat(plain.headers().firstValue("Content-Type")).hasValue("text/javascript; charset=utf-8");
                HttpResponse<byte[]> packed = send(HttpRequest.newBuilder(uri).header("Accept-Encoding", "gzip"));
                assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                        .isEqualTo(content);
                assertThat(packed.headers().firstValueAsLong("Content-Length")).hasValue(packed.body().length);
                String tag = plain.headers().firstValue("ETag").orElseThrow();
                assertThat(send(HttpRequest.newBuilder(uri).header("If-None-Match", tag))
                                .statusCode())
                        .isEqualTo(304);
                HttpResponse<byte[]> head =
                        send(HttpRequest.newBuilder(uri).method("HEAD", HttpRequest.BodyPublishers.noBody()));
                assertThat(head.body()).isEmpty();
                assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(content.length);
                URI kept = server.uri().resolve("/flowscript/" + client.version() + "/" + name);
                assertThat(send(HttpRequest.newBuilder(kept)).headers().firstValue("Cache-Control"))
                        .hasValue("public, max-age=31536000, immutable");
            }
            assertThat(send(HttpRequest.newBuilder(server.uri().resolve("/flowscript/..%2f..%2fMETA-INF/MANIFEST.MF")))
                            .statusCode())
                    .isIn(List.of(400, 404));
        }
    }

    @Test
    @DisplayName("not at all, unless it is told to")
    void onlyWhenTold() throws Exception {
        try (FlowScriptWebSocketServer server =
                FlowScriptWebSocketServer.builder(bridge).start()) {
            assertThat(send(HttpRequest.newBuilder(server.uri().resolve("/flowscript/flowscript-client.js")))
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    @DisplayName("behind the path of the application's own context")
    void behindAPrefix() throws Exception {
        Server jetty = new Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        jetty.setHandler(new ContextHandler(
                FlowScriptWebSocketServer.builder(bridge).assets(client).handler(), "/api"));
        jetty.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + connector.getLocalPort());
            assertThat(send(HttpRequest.newBuilder(base.resolve("/api/flowscript/flowscript-client.js")))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(send(HttpRequest.newBuilder(base.resolve("/flowscript/flowscript-client.js")))
                            .statusCode())
                    .isEqualTo(404);
        } finally {
            jetty.stop();
        }
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
    }
}
