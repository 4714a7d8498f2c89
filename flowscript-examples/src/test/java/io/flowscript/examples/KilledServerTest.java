package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.json.codec.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo with a directory for its data, as a person uses it: a game that was paused when the server was killed goes on. */
@Tag("slow")
@Timeout(120)
class KilledServerTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path data;

    private Process process;
    private String url;

    @AfterEach
    void end() throws Exception {
        kill();
    }

    private void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.flowscript.examples.ExamplesMain",
                        "--port",
                        "0",
                        "--data",
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String first = String.valueOf(out.readLine());
        assertThat(first).startsWith("FlowScript listening on ");
        url = first.substring("FlowScript listening on ".length());
    }

    private void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private Map<?, ?> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path)));
    }

    private Map<?, ?> post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Map<?, ?> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return (Map<?, ?>)
                new JsonReader(50).read(java.nio.ByteBuffer.wrap(response.body().getBytes(StandardCharsets.UTF_8)));
    }

    private Map<?, ?> question(String execution) throws Exception {
        Awaitility.await()
                .until(() -> "paused"
                        .equals(get("/executions/" + execution + "/status").get("status")));
        // The inbox is told after the status can be seen.
        List<?> open = Awaitility.await()
                .until(
                        () -> (List<?>)
                                get("/interactions?executionId=" + execution).get("interactions"),
                        found -> !found.isEmpty());
        return (Map<?, ?>) open.get(0);
    }

    private void answer(String execution, int guess) throws Exception {
        Map<?, ?> question = question(execution);
        post(
                "/executions/" + execution + "/resume",
                "{\"nodeId\": \"" + question.get("nodeId") + "\", \"tokenId\": \"" + question.get("tokenId")
                        + "\", \"data\": {\"number\": " + guess + "}}");
    }

    @Test
    void aGameGoesOnAfterTheServerWasKilled() throws Exception {
        start();
        String execution = String.valueOf(post("/workflows/guessing-game/execute", "{\"input\": {\"secret\": 42}}")
                .get("executionId"));
        Map<?, ?> asked = question(execution);
        kill();

        start();
        assertThat(question(execution).get("tokenId")).isEqualTo(asked.get("tokenId"));
        answer(execution, 30);
        Awaitility.await().until(() -> !question(execution).get("tokenId").equals(asked.get("tokenId")));
        kill();

        start();
        answer(execution, 42);
        Awaitility.await()
                .until(() -> "completed"
                        .equals(get("/executions/" + execution + "/status").get("status")));
    }
}
