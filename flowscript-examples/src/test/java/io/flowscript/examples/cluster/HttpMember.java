package io.flowscript.examples.cluster;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.testkit.crash.ClusterMember;
import io.flowscript.testkit.crash.ClusterWorkflow;
import io.flowscript.testkit.crash.Observation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server as a client of its REST API and its event streams sees it. The client sends again what the protocol says: after a lost
 * connection, after {@code rate_limited}, and after 503. Safe for use by any thread.
 */
abstract class HttpMember implements ClusterMember {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ProtocolClient.PATIENCE)
            .build();

    /** {@return where the server listens} */
    abstract int port();

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
                .timeout(ProtocolClient.PATIENCE);
    }

    /** A reply: its status and its body. */
    private record Reply(int status, Value body) {

        Value done() {
            if (status >= 300) {
                throw new IllegalStateException("The reply is " + this);
            }
            return body;
        }
    }

    private static Reply send(HttpRequest.Builder request) throws Unavailable, InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new Unavailable("There was no reply: " + e);
        }
        Value body = ProtocolClient.read(response.body());
        if (response.statusCode() == 503 || response.statusCode() == 429) {
            throw ProtocolClient.again(body.get("code").asString(), body.toString());
        }
        return new Reply(response.statusCode(), body);
    }

    private Reply post(String path, String by, String key, Map<String, ?> body)
            throws Unavailable, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("X-FlowScript-User", by)
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofByteArray(JsonWriter.write(body))));
    }

    @Override
    public String start(String by, String key, String executionId) throws Unavailable, InterruptedException {
        Map<String, Object> body = new HashMap<>();
        if (executionId != null) {
            body.put("executionId", executionId);
        }
        return post("/workflows/" + ClusterWorkflow.ID + "/execute", by, key, body)
                .done()
                .get("executionId")
                .asString();
    }

    @Override
    public PauseToken question(String executionId) throws Unavailable, InterruptedException {
        List<Value> open = send(request("/interactions?executionId=" + executionId))
                .done()
                .get("interactions")
                .asList();
        return open.isEmpty()
                ? null
                : new PauseToken(
                        executionId,
                        open.get(0).get("nodeId").asString(),
                        open.get(0).get("tokenId").asString());
    }

    @Override
    public Observation.Answered answer(PauseToken token, String by, String key, String answer)
            throws Unavailable, InterruptedException {
        Reply reply = post(
                "/executions/" + token.executionId() + "/resume",
                by,
                key,
                Map.of("nodeId", token.nodeId(), "tokenId", token.tokenId(), "data", answer));
        boolean accepted = reply.status() == 200;
        return new Observation.Answered(
                token.executionId(),
                token.nodeId(),
                token.tokenId(),
                by,
                answer,
                accepted ? "accepted" : reply.body().get("code").asString(),
                accepted ? Instant.parse(reply.body().get("at").asString()) : null);
    }

    @Override
    public boolean cancel(String executionId, String by, String key) throws Unavailable, InterruptedException {
        Reply reply = post("/executions/" + executionId + "/cancel", by, key, Map.of());
        if (reply.status() == 409) {
            return false;
        }
        return reply.done().get("status").asString().equals("cancelled");
    }

    @Override
    public Value state(String executionId) throws Unavailable, InterruptedException {
        Map<String, Object> status =
                send(request("/executions/" + executionId + "/status")).done().asMap();
        return Value.of(status.get("state")); // a path "state" would name the root
    }

    @Override
    public Follower follow(String by, String executionId, long after) throws Unavailable, InterruptedException {
        String position = "";
        if (after > 0) {
            String now = send(request("/executions/" + executionId + "/status"))
                    .done()
                    .get("position")
                    .asString();
            position = now.substring(0, now.lastIndexOf(':') + 1) + after;
        }
        HttpRequest request = request("/executions/" + executionId + "/events?after=" + position)
                .header("Accept", "text/event-stream")
                .header("X-FlowScript-User", by)
                .build();
        try {
            HttpResponse<InputStream> response = HTTP.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                String body = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
                throw new IllegalStateException("No stream, but " + response.statusCode() + " " + body);
            }
            return new Stream(response.body());
        } catch (IOException e) {
            throw new Unavailable("There was no reply: " + e);
        }
    }

    /** Server-sent events. */
    private static final class Stream implements Follower {

        private final BufferedReader lines;

        Stream(InputStream in) {
            this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        }

        @Override
        public List<Event> next() throws Unavailable {
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    Event event = line.startsWith("data: ") ? read(line.substring("data: ".length())) : null;
                    if (event != null) {
                        return List.of(event);
                    }
                }
            } catch (IOException e) {
                throw new Unavailable("The stream broke: " + e);
            }
            throw new Unavailable("The stream ended");
        }

        private static Event read(String text) throws Unavailable {
            Value message = ProtocolClient.read(text);
            if (message.get("type").asString().equals("error")) {
                throw ProtocolClient.again(message.get("data").get("code").asString(), text);
            }
            return ProtocolClient.event(message, text);
        }

        @Override
        public void close() {
            try {
                lines.close();
            } catch (IOException e) {
                // The connection is lost already.
            }
        }
    }
}
