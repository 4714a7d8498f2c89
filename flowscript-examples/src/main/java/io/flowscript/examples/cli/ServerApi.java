package io.flowscript.examples.cli;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The REST requests to the server. */
final class ServerApi {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient http;
    private final URI server;
    private final String query;

    ServerApi(HttpClient http, ClientOptions options) {
        this.http = http;
        this.server = options.server();
        this.query = options.query();
    }

    Value get(String path) {
        return send(request(path).GET().build());
    }

    /** Sends a command. It is carried out once, even if it must be sent again. */
    Value post(String path, Map<String, ? extends @Nullable Object> body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build());
    }

    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static Value parse(String json, String what) {
        try {
            return Value.of(JSON.readValue(json, Object.class));
        } catch (JacksonException e) {
            throw new FlowScriptException("invalid_json", what + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path + query))
                .timeout(TIMEOUT)
                .header("Accept", "application/json");
    }

    private Value send(HttpRequest request) {
        HttpResponse<String> response;
        try {
            response = tryTwice(request);
        } catch (IOException e) {
            throw new FlowScriptException(
                    "unreachable", "No server answers at " + server + "; start it first, or name it with --server", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlowScriptException("interrupted", "Interrupted", e);
        }
        Value body = parse(response.body(), "The server's answer");
        if (response.statusCode() >= 400) {
            String detail = body.get("detail").orElse(response.body()).asString();
            throw new FlowScriptException(body.get("code").orElse("refused").asString(), detail);
        }
        return body;
    }

    /**
     * Sends a request again if the connection is lost. The server may have carried it out already, so it is sent with
     * the same idempotency key.
     */
    private HttpResponse<String> tryTwice(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
