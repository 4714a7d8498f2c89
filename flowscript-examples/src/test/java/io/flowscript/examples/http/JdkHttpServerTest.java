package io.flowscript.examples.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.http.HttpSettings;
import io.flowscript.testkit.protocol.CheckedBridge;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** REST and events on the JDK's HTTP server. */
@Timeout(60)
class JdkHttpServerTest {

    private static final int MAX_BODY = 1_000;

    private final FlowScript flows = FlowScript.builder()
            .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("told")))
            .workflow(WorkflowDefinition.of(Map.of("id", "asks", "nodes", List.of("ask"))))
            .build();
    private final FlowScriptBridge bridge =
            CheckedBridge.of(FlowScriptBridge.builder(flows).build());
    private final JdkHttpServer server = new JdkHttpServer(
            bridge,
            HttpSettings.builder()
                    .maxBodyBytes(MAX_BODY)
                    .authenticator(Authenticator.development())
                    .maxEventRequestsPerAddress(2)
                    .build(),
            0);
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        server.start(bridge);
    }

    @AfterEach
    void stop() {
        server.close();
        bridge.close();
        flows.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send("POST", path, body, "Content-Type", "application/json");
    }

    @Test
    @DisplayName("The newest stream takes the place of the oldest, since this server does not tell which have gone")
    void theNewestReplacesTheOldest() throws Exception {
        post("/workflows/asks/execute", "{\"executionId\":\"one\"}");
        HttpRequest stream = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + server.port() + "/executions/one/events"))
                .header("Accept", "text/event-stream")
                .build();
        CompletableFuture<HttpResponse<String>> first = client.sendAsync(stream, HttpResponse.BodyHandlers.ofString());
        await().until(() -> server.clients() == 1);
        List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            others.add(client.sendAsync(stream, HttpResponse.BodyHandlers.ofString()));
        }
        HttpResponse<String> replaced = first.get(20, TimeUnit.SECONDS);
        assertThat(replaced.statusCode()).isEqualTo(200);
        assertThat(replaced.body()).contains("retry: ", "event: error", "too_many_subscriptions");
        await().until(() -> server.clients() == 2);
        assertThat(others).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void startsAnswersAndTellsTheEvents() throws Exception {
        assertThat(post("/workflows/asks/execute", "{\"executionId\":\"one\"}").statusCode())
                .isEqualTo(201);
        Execution run = flows.executions().find("one").orElseThrow();
        await().until(() -> !run.interactions().isEmpty());

        HttpResponse<String> listed = send("GET", "/interactions?limit=1", null);
        assertThat(listed.body()).contains("\"executionId\":\"one\"", "\"status\":\"open\"");

        HttpResponse<String> answered =
                post("/executions/one/resume?user=ann", "{\"nodeId\":\"ask-1\",\"data\":{\"yes\":true}}");
        assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
        assertThat(answered.headers().allValues("Set-Cookie")).hasSize(2);
        run.result().get(20, TimeUnit.SECONDS);

        assertThat(send("GET", "/executions/one/status", null).body()).contains("\"status\":\"completed\"");
        HttpResponse<String> polled = send("GET", "/executions/one/events", null);
        assertThat(polled.body()).contains("workflow_started", "workflow_completed", "\"terminal\":true");
        HttpResponse<String> streamed = send("GET", "/executions/one/events", null, "Accept", "text/event-stream");
        assertThat(streamed.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(streamed.body()).contains("event: workflow_started", "event: workflow_completed");
        String last = streamed.body()
                .lines()
                .filter(line -> line.startsWith("id: "))
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(send(
                                "GET",
                                "/executions/one/events",
                                null,
                                "Accept",
                                "text/event-stream",
                                "Last-Event-ID",
                                last.substring(4))
                        .statusCode())
                .isEqualTo(204);
        await().until(() -> server.clients() == 0);
    }

    @Test
    void waitsWithAPollForWhatComes() throws Exception {
        Execution run = flows.start("asks", Map.of(), "two");
        await().until(() -> !run.interactions().isEmpty());
        HttpResponse<String> first = send("GET", "/executions/two/events", null);
        String next = first.body().replaceAll("(?s).*\"next\":\"([^\"]*)\".*", "$1");
        var waiting = client.sendAsync(
                HttpRequest.newBuilder(URI.create(
                                "http://localhost:" + server.port() + "/executions/two/events?wait=30&after=" + next))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await().until(() -> server.clients() == 1);
        run.cancel("enough", null);
        assertThat(waiting.get(20, TimeUnit.SECONDS).body()).contains("enough", "\"terminal\":true");
    }

    @Test
    void refusesWhatTheHttpSideRefuses() throws Exception {
        assertThat(send("GET", "/health", null).body()).startsWith("{\"status\":\"ok\",\"timestamp\":\"");
        assertThat(send("HEAD", "/health", null).headers().firstValue("Content-Length"))
                .contains("54");
        assertThat(send("GET", "/elsewhere", null).statusCode()).isEqualTo(404);
        HttpResponse<String> method = send("DELETE", "/health", null);
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
        assertThat(send("GET", "/workflows", null, "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("POST", "/workflows/asks/execute", "{}").statusCode()).isEqualTo(415);
        assertThat(post("/workflows/asks/execute", "{").body()).contains("invalid_json");
        assertThat(post("/workflows/none/execute", "{}").body()).contains("workflow_not_found");
        HttpResponse<String> large = post("/workflows/asks/execute", "{\"x\":\"" + "x".repeat(MAX_BODY) + "\"}");
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.headers().firstValue("Content-Type")).contains("application/problem+json");
    }

    @Test
    void sendsItsClientsAwayWhenItCloses() throws Exception {
        flows.start("asks", Map.of(), "three");
        var streamed = client.sendAsync(
                HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/executions/three/events"))
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await().until(() -> server.clients() == 1);
        server.close();
        assertThat(streamed.get(20, TimeUnit.SECONDS).statusCode()).isIn(200, 503);
        assertThat(server.clients()).isZero();
    }
}
