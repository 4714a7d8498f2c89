package io.flowscript.testsupport.server;

import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A client of the REST interface. */
public final class Http {

    private final URI server;
    private final HttpClient client = HttpClient.newHttpClient();

    public Http(URI server) {
        this.server = server;
    }

    /** An answer; its body is a JSON object, or empty. */
    public record Reply(int status, Map<String, Object> body, HttpResponse<String> response) {
        public Object get(String name) {
            return body.get(name);
        }

        public String text() {
            return response.body();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    public Reply get(String path, String... headers) throws Exception {
        return send("GET", path, null, headers);
    }

    public Reply post(String path, Map<String, ?> body, String... headers) throws Exception {
        return post(path, new String(JsonWriter.write(body), java.nio.charset.StandardCharsets.UTF_8), headers);
    }

    public Reply post(String path, String body, String... headers) throws Exception {
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        return send("POST", path, body, all);
    }

    public Reply send(String method, String path, String body, String... headers) throws Exception {
        return reply(client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString()));
    }

    /** Does not wait for the answer. */
    public CompletableFuture<Reply> getAsync(String path, String... headers) {
        return client.sendAsync(request("GET", path, null, headers), HttpResponse.BodyHandlers.ofString())
                .thenApply(Http::reply);
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static Reply reply(HttpResponse<String> response) {
        return new Reply(response.statusCode(), object(response.body()), response);
    }

    @SuppressWarnings("unchecked") // every answer is a JSON object, but for the text of metrics
    private static Map<String, Object> object(String body) {
        return !body.startsWith("{") ? Map.of() : (Map<String, Object>) new JsonReader(100).read(body);
    }
}
