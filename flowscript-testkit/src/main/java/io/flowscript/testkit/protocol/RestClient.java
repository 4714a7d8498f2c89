package io.flowscript.testkit.protocol;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sends the HTTP requests of a case and checks the responses. For one thread. */
final class RestClient {

    private static final String USER = "X-FlowScript-User";
    private static final String TYPE = "Content-Type";
    private static final String JSON = "application/json";
    private static final String ENDED =
            "/events?types=workflow_completed,workflow_failed,workflow_cancelled&limit=1&wait=5";

    private final URI server;
    private final HttpClient http;
    private final Duration patience;
    private final Variables variables;

    RestClient(URI server, HttpClient http, Duration patience, Variables variables) {
        this.server = server;
        this.http = http;
        this.patience = patience;
        this.variables = variables;
    }

    /** Returns the address of the WebSocket. */
    URI socket(Step.Request request) {
        return URI.create("ws" + server.toString().substring("http".length()) + variables.fill(request.path()));
    }

    Map<String, String> headers(Step.Request request) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (request.as() != null) {
            headers.put(USER, variables.fill(request.as()));
        }
        request.headers().forEach((name, value) -> headers.put(name, String.valueOf(variables.fill(value))));
        return headers;
    }

    HttpRequest.Builder request(Step.Request given) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + variables.fill(given.path())))
                .timeout(patience);
        headers(given).forEach(request::header);
        return request;
    }

    /** Returns the texts of the parts, with variables filled in. */
    List<String> texts(List<Step.Part> parts) {
        return parts.stream()
                .map(part -> part.content() instanceof String text
                        ? variables.fill(text).repeat(part.times())
                        : JsonTexts.write(variables.fill(part.content())))
                .collect(Collectors.toList());
    }

    HttpResponse<String> call(Step.Http step) throws InterruptedException {
        HttpRequest.Builder request = request(step.request());
        List<Step.Part> body = step.body();
        if (body != null && !step.request().headers().containsKey(TYPE)) {
            request.header(TYPE, JSON);
        }
        request.method(
                step.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(String.join("", texts(body))));
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer: " + e, e);
        }
    }

    /** Returns what is wrong with a response; null if nothing is. */
    @Nullable
    String problem(Step.Http step, HttpResponse<String> answer) {
        String type = answer.headers().firstValue(TYPE).orElse("none");
        String wanted = step.contentType();
        if (answer.statusCode() != step.status()) {
            return "the status is " + answer.statusCode() + "; expected: " + step.status();
        } else if (wanted != null && !type.equals(wanted)) {
            return "the Content-Type is " + type + "; expected: " + wanted;
        }
        Map<String, @Nullable Object> headers = new LinkedHashMap<>();
        step.headers()
                .keySet()
                .forEach(name -> answer.headers().firstValue(name).ifPresent(value -> headers.put(name, value)));
        String mismatch = JsonPattern.mismatch(step.headers(), headers, variables);
        if (mismatch != null) {
            return "a header: " + mismatch;
        }
        mismatch = step.hasBody()
                ? JsonPattern.mismatch(step.expectedBody(), JsonTexts.read(answer.body()), variables)
                : null;
        return mismatch == null ? null : "the body: " + mismatch;
    }

    /** Cancels an execution and waits until it has ended, with whatever status. */
    void end(String executionId) throws InterruptedException {
        URI execution = URI.create(server + "/executions/" + executionId);
        HttpRequest cancel = HttpRequest.newBuilder(URI.create(execution + "/cancel"))
                .timeout(patience)
                .header(TYPE, JSON)
                .POST(BodyPublishers.ofString("{}"))
                .build();
        HttpRequest end = HttpRequest.newBuilder(URI.create(execution + ENDED))
                .timeout(patience)
                .build();
        try {
            http.send(cancel, BodyHandlers.discarding());
            http.send(end, BodyHandlers.discarding());
        } catch (IOException e) {
            // The server has stopped, and the execution with it.
        }
    }
}
