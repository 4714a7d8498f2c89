package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.SocketClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server with a heap of 256 MiB and default limits survives clients that fill its memory, and serves an honest client all the while. */
@Tag("slow")
class FloodTest {

    private static final int MEBIBYTE = 1 << 20;
    private static final int FLOOD = 300;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Process process;
    private int port;

    /** The server that is flooded. It ends when its input ends. */
    static final class Server {

        private Server() {}

        public static void main(String[] arguments) throws IOException {
            try (FlowScript flows = FlowScript.builder()
                            .node(
                                    "ask",
                                    context -> context.answer() == null
                                            ? Question.open().ask()
                                            : Edge.of("done"))
                            .node("short", context -> Edge.of("done"))
                            .workflow(WorkflowDefinition.of(Map.of("id", "keep", "nodes", List.of("ask"))))
                            .workflow(WorkflowDefinition.of(Map.of("id", "short", "nodes", List.of("short"))))
                            .build();
                    FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
                    FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge)
                            .closingTime(Duration.ofMillis(100))
                            .start()) {
                System.out.println(server.port());
                System.in.read();
            }
        }
    }

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Server.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(out.readLine());
    }

    @AfterEach
    void end() throws Exception {
        process.getOutputStream().close();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private static String text(int size) {
        return "{\"input\":{\"text\":\"" + "x".repeat(size) + "\"}}";
    }

    private HttpResponse<String> execute(String workflow, String input) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/workflows/" + workflow + "/execute"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(input))
                .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        while (response.statusCode() == 429) { // the flood is as fast as the rate limit lets it be
            response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        }
        return response;
    }

    private void assertServesAnHonestClient() throws Exception {
        HttpResponse<String> response = execute("short", text(100));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    @Test
    @DisplayName("300 WebSockets, each with an unfinished message of 1 MiB")
    void unfinishedMessages() throws Exception {
        List<RawClient> flood = new ArrayList<>();
        try (SocketClient honest = SocketClient.v2(URI.create("ws://localhost:" + port))) {
            for (int i = 0; i < FLOOD; i++) {
                RawClient client = RawClient.open(port);
                flood.add(client);
                client.send(RawClient.header(true, RawClient.TEXT, MEBIBYTE));
                sendUnlessClosed(client, new byte[MEBIBYTE - 1]);
                if (i % 20 == 0) {
                    assertServesAnHonestClient();
                    String id = "ping-" + i;
                    honest.send("{\"type\":\"ping\",\"id\":\"" + id + "\"}");
                    honest.awaitMessage(
                            message -> message.get("type").equals("pong") && id.equals(message.get("replyTo")));
                }
            }
            assertThat(process.isAlive()).isTrue();
        } finally {
            close(flood);
        }
    }

    @Test
    @DisplayName("300 requests, each with an unfinished body of 1 MiB")
    void unfinishedBodies() throws Exception {
        List<RawClient> flood = new ArrayList<>();
        byte[] head = ("POST /workflows/keep/execute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + MEBIBYTE + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try {
            for (int i = 0; i < FLOOD; i++) {
                RawClient client = RawClient.to(port);
                flood.add(client);
                client.send(head);
                sendUnlessClosed(client, new byte[MEBIBYTE - 1]);
                if (i % 20 == 0) {
                    assertServesAnHonestClient();
                }
            }
            assertThat(process.isAlive()).isTrue();
        } finally {
            close(flood);
        }
    }

    @Test
    @DisplayName("300 executions that wait, each with an input of 0.95 MiB")
    void largeInputs() throws Exception {
        String input = text(MEBIBYTE * 95 / 100);
        int refused = 0;
        for (int i = 0; i < FLOOD; i++) {
            HttpResponse<String> response = execute("keep", input);
            if (response.statusCode() != 201) {
                assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
                assertThat(response.body()).contains("\"memory_limit\"");
                assertThat(response.headers().firstValue("Retry-After")).isPresent();
                refused++;
            }
            if (i % 20 == 0) {
                assertServesAnHonestClient();
            }
        }
        assertThat(refused).isBetween(200, 299);
        assertThat(process.isAlive()).isTrue();
    }

    private static void sendUnlessClosed(RawClient client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (IOException e) {
            // The server has given this message up already.
        }
    }

    private static void close(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }
}
