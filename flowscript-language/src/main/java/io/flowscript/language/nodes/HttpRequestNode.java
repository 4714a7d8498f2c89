package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeMetadata;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.text.Printable;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.codec.MalformedJsonException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The node {@code httpRequest}: sends a request to {@code url} with {@code method} (default: GET), {@code headers}
 * and {@code body}. It waits up to {@code timeoutMs} milliseconds (default: 30,000; maximum: 300,000) without holding
 * a thread. A body that is not a string is sent as JSON.
 *
 * <p>The node leaves by {@code success} if the status is 200 to 299, with {@code {status, headers, body}}. The body
 * is a JSON value if the response declares JSON, else text. Otherwise the node leaves by {@code error} with {@code
 * {code, error}}, and with {@code {status, headers, body}} if there was a response. Codes: {@code http_status},
 * {@code http_not_allowed}, {@code http_timeout}, {@code http_failed}, {@code http_too_large}.
 *
 * <p>Secure by default: only http and https are allowed. A host that resolves to a private, loopback, link-local or
 * otherwise special address is refused, unless the application names it with {@link #andHosts}
 * or {@link #toHosts}. A redirect is followed
 * for GET and HEAD within its origin, up to five times. A response may have up to 1 MiB.
 *
 * <p>Immutable and safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class HttpRequestNode implements Node {

    /** Default maximum size of a response: 1 MiB. */
    public static final int DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;

    private static final String SUCCESS = "success";
    private static final String ERROR = "error";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final long DEFAULT_TIMEOUT_MS = 30_000;
    private static final long MAX_TIMEOUT_MS = 300_000;
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_HEADERS = 50;
    private static final int MAX_DEPTH = 200;
    private static final NodeMetadata METADATA = new NodeMetadata(
            "Sends an HTTP request and waits for the response",
            NodeType.ACTION,
            Set.of(SUCCESS, ERROR),
            Set.of("url", "method", "headers", "body", "timeoutMs"),
            Set.of(),
            RetryPolicy.NONE,
            null);
    private static final JsonReader READER = new JsonReader(MAX_DEPTH);

    private final AllowedHosts hosts;
    private final int maxResponseBytes;

    private HttpRequestNode(AllowedHosts hosts, int maxResponseBytes) {
        this.hosts = hosts;
        this.maxResponseBytes = maxResponseBytes;
    }

    /**
     * Creates a node that sends requests to any host whose addresses are all public.
     *
     * @return the node
     */
    public static HttpRequestNode toPublicHosts() {
        return new HttpRequestNode(AllowedHosts.PUBLIC, DEFAULT_MAX_RESPONSE_BYTES);
    }

    /**
     * Creates a node that sends requests to the given hosts and no others, whatever their addresses are.
     *
     * @param names names such as {@code api.example.com}, {@code *.example.com} for all its subdomains, or {@code
     *     localhost:8080} for one port; at least one
     * @return the node
     * @throws FlowScriptException with code {@code invalid_setting} if no name is given
     */
    public static HttpRequestNode toHosts(String... names) {
        return new HttpRequestNode(AllowedHosts.named(List.of(names)), DEFAULT_MAX_RESPONSE_BYTES);
    }

    /**
     * Returns a copy that may send requests to further hosts, whatever their addresses are. The hosts of this node stay
     * allowed: {@code HttpRequestNode.toPublicHosts().andHosts("localhost:8080")} reaches public hosts and this one.
     *
     * @param names names as for {@link #toHosts}; at least one
     * @return a node with these hosts added
     * @throws FlowScriptException with code {@code invalid_setting} if no name is given
     */
    public HttpRequestNode andHosts(String... names) {
        return new HttpRequestNode(
                new AllowedHosts.Either(AllowedHosts.named(List.of(names)), hosts), maxResponseBytes);
    }

    /**
     * Returns a copy with another maximum response size.
     *
     * @param bytes the maximum size of a response in bytes, from 1
     * @return a node with that maximum
     * @throws FlowScriptException with code {@code invalid_setting} if the value is less than 1
     */
    public HttpRequestNode maxResponseBytes(int bytes) {
        if (bytes < 1) {
            throw new FlowScriptException(
                    "invalid_setting", "The largest response must be at least 1 byte, not " + bytes);
        }
        return new HttpRequestNode(hosts, bytes);
    }

    @Override
    public NodeMetadata metadata() {
        return METADATA;
    }

    @Override
    public Outcome run(ExecutionContext context) {
        Exchange exchange;
        try {
            exchange = new Exchange(request(context.config()));
        } catch (RequestRefusedException e) {
            return failed(e.code, String.valueOf(e.getMessage()));
        }
        return Outcome.later(exchange.start());
    }

    private static HttpRequest request(Value config) {
        String method = config.get("method").orElse("GET").asString().toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw wrong("\"method\" must be one of GET, HEAD, POST, PUT, PATCH, DELETE, not \""
                    + Printable.line(method, 300) + "\"");
        }
        long timeout = config.get("timeoutMs").orElse(DEFAULT_TIMEOUT_MS).asLong();
        if (timeout < 1 || timeout > MAX_TIMEOUT_MS) {
            throw wrong("\"timeoutMs\" must be from 1 to " + MAX_TIMEOUT_MS + ", not " + timeout);
        }
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(uri(config.get("url").asString())).timeout(Duration.ofMillis(timeout));
        Value body = config.get("body");
        boolean text = body.raw() instanceof String;
        Map<?, ?> headers = config.get("headers").orElse(Map.of()).asMap();
        if (headers.size() > MAX_HEADERS) {
            throw wrong("\"headers\" may have at most " + MAX_HEADERS + " entries");
        }
        boolean typed =
                headers.keySet().stream().anyMatch(name -> "content-type".equalsIgnoreCase(String.valueOf(name)));
        try {
            headers.forEach((name, value) -> builder.header(String.valueOf(name), String.valueOf(value)));
            if (!body.isMissing() && !text && !typed) {
                builder.header("content-type", "application/json");
            }
        } catch (IllegalArgumentException e) {
            throw wrong(
                    "\"headers\" has a name or value that is not allowed in HTTP, or a header that the client sets itself");
        }
        return builder.method(method, body.isMissing() ? HttpRequest.BodyPublishers.noBody() : publisher(body))
                .build();
    }

    private static HttpRequest.BodyPublisher publisher(Value body) {
        return body.raw() instanceof String text
                ? HttpRequest.BodyPublishers.ofString(text)
                : HttpRequest.BodyPublishers.ofByteArray(JsonWriter.write(body.raw()));
    }

    private static URI uri(String url) {
        try {
            URI uri = new URI(url);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
                throw new RequestRefusedException(
                        "http_not_allowed",
                        "\"url\" must be a full http or https address without user information, such as https://example.com/path");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw wrong("\"url\" is not an address: " + Printable.line(url, 300));
        }
    }

    private static FlowScriptException wrong(String message) {
        return new FlowScriptException("invalid_config", "httpRequest: " + message);
    }

    private static Edge failed(String code, String error) {
        return Edge.of(ERROR, Map.of("code", code, "error", error));
    }

    /** One request, including its redirects. */
    private final class Exchange {

        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private final long deadline;
        private volatile HttpRequest request;
        private volatile @Nullable CompletableFuture<HttpResponse<byte[]>> sent;

        Exchange(HttpRequest request) {
            this.request = request;
            this.deadline = System.nanoTime() + request.timeout().orElseThrow().toNanos();
        }

        CompletableFuture<Outcome> start() {
            // Stops what is still running, however the exchange ends: with a response, a timeout or a cancellation by
            // the engine.
            var unused = outcome.whenComplete((done, failure) -> stop());
            send(0);
            return outcome.completeOnTimeout(
                    failed("http_timeout", "The server did not answer in time"),
                    Math.max(1, deadline - System.nanoTime()),
                    TimeUnit.NANOSECONDS);
        }

        private void send(int redirects) {
            try {
                hosts.check(request.uri());
                CompletableFuture<HttpResponse<byte[]>> next = Client.INSTANCE.sendAsync(
                        request, info -> new BoundedBodySubscriber(maxResponseBytes, info.headers()));
                sent = next;
                if (outcome.isDone()) {
                    stop();
                }
                var unused = next.whenComplete((response, failure) -> {
                    if (failure != null) {
                        outcome.complete(failed(failure));
                    } else {
                        received(response, redirects);
                    }
                });
            } catch (RuntimeException e) {
                outcome.complete(failed(e));
            }
        }

        private void received(HttpResponse<byte[]> response, int redirects) {
            try {
                HttpRequest redirect = redirect(response);
                if (redirect == null) {
                    outcome.complete(edge(response));
                } else if (redirects >= MAX_REDIRECTS) {
                    throw new RequestRefusedException(
                            "http_failed", "The server redirects more than " + MAX_REDIRECTS + " times");
                } else {
                    request = redirect;
                    send(redirects + 1);
                }
            } catch (RuntimeException e) {
                outcome.complete(failed(e));
            }
        }

        private @Nullable HttpRequest redirect(HttpResponse<byte[]> response) {
            int status = response.statusCode();
            boolean redirects = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
            boolean safe = request.method().equals("GET") || request.method().equals("HEAD");
            String location = response.headers().firstValue("location").orElse(null);
            if (!redirects || !safe || location == null) {
                return null;
            }
            URI target = request.uri().resolve(uriOf(location));
            boolean sameOrigin = request.uri().getScheme().equalsIgnoreCase(target.getScheme())
                    && request.uri().getHost().equalsIgnoreCase(target.getHost())
                    && request.uri().getPort() == target.getPort();
            return sameOrigin
                    ? HttpRequest.newBuilder(request, (name, value) -> true)
                            .uri(target)
                            .build()
                    : null;
        }

        private URI uriOf(String location) {
            try {
                return new URI(location);
            } catch (URISyntaxException e) {
                throw new RequestRefusedException("http_failed", "The server redirects to an invalid address");
            }
        }

        private void stop() {
            CompletableFuture<HttpResponse<byte[]>> underWay = sent;
            if (underWay != null) {
                underWay.cancel(true);
            }
        }
    }

    private static Edge edge(HttpResponse<byte[]> response) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        int status = response.statusCode();
        boolean success = status >= 200 && status < 300;
        if (!success) {
            data.put("code", "http_status");
            data.put("error", "The server answered with status " + status);
        }
        data.put("status", status);
        data.put("headers", headers(response.headers()));
        data.put("body", body(response));
        return Edge.of(success ? SUCCESS : ERROR, data);
    }

    private static Map<String, String> headers(HttpHeaders headers) {
        Map<String, String> all = new LinkedHashMap<>();
        headers.map().forEach((name, values) -> all.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return all;
    }

    private static @Nullable Object body(HttpResponse<byte[]> response) {
        byte[] body = response.body();
        String type = response.headers().firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (body.length > 0 && (type.contains("/json") || type.contains("+json"))) {
            try {
                return READER.read(ByteBuffer.wrap(body));
            } catch (MalformedJsonException e) {
                return new String(body, StandardCharsets.UTF_8);
            }
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private static Edge failed(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof RequestRefusedException refused) {
            return failed(refused.code, String.valueOf(refused.getMessage()));
        }
        return isTimeout(cause)
                ? failed("http_timeout", "The server did not answer in time")
                : failed("http_failed", "The server cannot be reached, or it closed the connection");
    }

    private static boolean isTimeout(Throwable cause) {
        return cause instanceof HttpTimeoutException;
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && !(cause instanceof RequestRefusedException)
                && !isTimeout(cause)
                && (cause instanceof CompletionException || cause.getCause() instanceof RequestRefusedException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Thrown when a request is refused or stopped, with a code and a message for people. */
    static final class RequestRefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String code;

        RequestRefusedException(String code, String message) {
            super(message, null, false, false);
            this.code = code;
        }
    }

    /**
     * Holds the one client of the process, created on first use. Its threads are daemons, few, and end when they are
     * idle.
     */
    private static final class Client {

        static final HttpClient INSTANCE = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(30))
                .build();
    }
}
