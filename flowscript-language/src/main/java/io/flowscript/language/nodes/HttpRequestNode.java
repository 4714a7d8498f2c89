package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeMetadata;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.text.JsonText;
import io.flowscript.core.text.Printable;
import io.flowscript.json.codec.JsonWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * The node {@code httpRequest}: sends a request to {@code url} with {@code method} (default: GET), {@code headers}
 * and {@code body}. It waits up to {@code timeoutMs} milliseconds (default: 30,000; maximum: 300,000) without holding
 * a thread. A body that is not a string is sent as JSON. The value of a header is a text of ISO-8859-1, a number or a
 * boolean.
 *
 * <p>The node leaves by {@code success} if the status is 200 to 299, with {@code {status, headers, body}}. The body
 * is a JSON value if the response declares JSON, else text in the character set that the response declares (default:
 * UTF-8). Otherwise the node leaves by {@code error} with {@code {code, error}}, and with {@code {status, headers,
 * body}} if there was a response. Codes: {@code http_status}, {@code http_not_allowed}, {@code http_timeout}, {@code
 * http_failed}, {@code http_too_large}, {@code http_unreadable}.
 *
 * <p>Secure by default: only http and https are allowed. A host that resolves to a private, loopback, link-local or
 * otherwise special address is refused, unless the application names it with {@link #andHosts} or {@link #toHosts}. The
 * connection is opened to an address that was checked; the host is not resolved again, and a proxy of the JVM is not used. A redirect is
 * followed for GET and HEAD within its origin, up to five times. A response may have up to 1 MiB, decoded.
 *
 * <p>Immutable and safe for use by any thread.
 *
 * @since 0.1.0
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
public final class HttpRequestNode implements Node {

    /** Default maximum size of a response: 1 MiB. */
    public static final int DEFAULT_MAX_RESPONSE_BYTES = 1024 * 1024;

    private static final String SUCCESS = "success";
    private static final String ERROR = "error";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final long DEFAULT_TIMEOUT_MS = 30_000;
    private static final long MAX_TIMEOUT_MS = 300_000;
    private static final int MAX_HEADERS = 50;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_CAUSES = 10;
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7E\\xA0-\\xFF]*");

    /** Headers that the client sets itself. */
    private static final Set<String> OWN_HEADERS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final NodeMetadata METADATA = new NodeMetadata(
            "Sends an HTTP request and waits for the response",
            NodeType.ACTION,
            Set.of(SUCCESS, ERROR),
            Set.of("url", "method", "headers", "body", "timeoutMs"),
            Set.of(),
            RetryPolicy.NONE,
            null);

    private final AllowedHosts hosts;
    private final int maxResponseBytes;
    private final Supplier<PinnedClient> client;

    private HttpRequestNode(AllowedHosts hosts, int maxResponseBytes, Supplier<PinnedClient> client) {
        this.hosts = hosts;
        this.maxResponseBytes = maxResponseBytes;
        this.client = client;
    }

    /**
     * Creates a node that sends requests to any host whose addresses are all public.
     *
     * @return the node
     */
    public static HttpRequestNode toPublicHosts() {
        return new HttpRequestNode(AllowedHosts.PUBLIC, DEFAULT_MAX_RESPONSE_BYTES, PinnedClient::shared);
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
        return new HttpRequestNode(
                AllowedHosts.named(List.of(names)), DEFAULT_MAX_RESPONSE_BYTES, PinnedClient::shared);
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
                new AllowedHosts.Either(AllowedHosts.named(List.of(names)), hosts), maxResponseBytes, client);
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
        return new HttpRequestNode(hosts, bytes, client);
    }

    /** Returns a copy that sends its requests through another client than that of the process. */
    HttpRequestNode through(PinnedClient other) {
        return new HttpRequestNode(hosts, maxResponseBytes, () -> other);
    }

    @Override
    public NodeMetadata metadata() {
        return METADATA;
    }

    @Override
    public Set<String> urlFields() {
        return Set.of("url");
    }

    @Override
    public Outcome run(ExecutionContext context) {
        try {
            HttpExchange.Message message = message(context.config());
            List<InetAddress> addresses = hosts.resolve(message.uri());
            CompletableFuture<HttpExchange.Reply> reply =
                    HttpExchange.send(client.get(), message, addresses, maxResponseBytes);
            CompletableFuture<Outcome> outcome =
                    reply.handle((received, failure) -> failure == null ? edge(received) : failed(failure));
            var unused = outcome.whenComplete((done, failure) -> reply.cancel(false)); // when the engine cancels
            return Outcome.later(outcome);
        } catch (RequestRefusedException e) {
            return failed(e);
        }
    }

    private static HttpExchange.Message message(Value config) {
        String method = config.get("method").orElse("GET").asString().toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw wrong("\"method\" must be one of GET, HEAD, POST, PUT, PATCH, DELETE, not \""
                    + Printable.line(method, 300) + "\"");
        }
        long timeout = config.get("timeoutMs").orElse(DEFAULT_TIMEOUT_MS).asLong();
        if (timeout < 1 || timeout > MAX_TIMEOUT_MS) {
            throw wrong("\"timeoutMs\" must be from 1 to " + MAX_TIMEOUT_MS + ", not " + timeout);
        }
        Value body = config.get("body");
        Map<String, String> headers =
                headers(config.get("headers").orElse(Map.of()).asMap());
        if (!body.isMissing() && !(body.raw() instanceof String)) {
            headers.putIfAbsent("content-type", "application/json");
        }
        headers.putIfAbsent("accept-encoding", "identity");
        URI uri = uri(config.get("url").asString());
        return new HttpExchange.Message(
                method, uri, headers, body.isMissing() ? null : bytes(body.raw()), Duration.ofMillis(timeout));
    }

    /** Returns headers by their names in lower case, which keeps a name from being sent twice. */
    private static Map<String, String> headers(Map<String, @Nullable Object> configured) {
        if (configured.size() > MAX_HEADERS) {
            throw wrong("\"headers\" may have at most " + MAX_HEADERS + " entries");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        configured.forEach((name, value) -> {
            String field = "\"headers\": \"" + Printable.line(name, 100) + "\"";
            String key = name.toLowerCase(Locale.ROOT);
            if (!HEADER_NAME.matcher(name).matches()) {
                throw wrong(field + " is not the name of a header");
            }
            if (OWN_HEADERS.contains(key)) {
                throw wrong(field + " is a header that the client sets itself");
            }
            if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                throw wrong(field + " must be a text, a number or a boolean, not "
                        + (value == null ? "null" : "a value of type " + Json.typeName(value)));
            }
            String text = value instanceof Number number ? JsonText.number(number) : value.toString();
            if (!HEADER_VALUE.matcher(text).matches()) {
                throw wrong(field + " has a character that HTTP cannot carry in a header, which is one outside of"
                        + " ISO-8859-1 or a control character; encode the value");
            }
            if (headers.put(key, text) != null) {
                throw wrong(field + " is there twice, in upper and lower case");
            }
        });
        return headers;
    }

    private static byte[] bytes(@Nullable Object body) {
        return body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : JsonWriter.write(body);
    }

    private static URI uri(String url) {
        try {
            URI uri = new URI(url);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getUserInfo() != null || uri.getPort() > MAX_PORT) {
                throw new RequestRefusedException(
                        "http_not_allowed",
                        "\"url\" must be a full http or https address without user information, such as https://example.com/path");
            }
            return uri;
        } catch (URISyntaxException | NumberFormatException e) {
            throw wrong("\"url\" is not an address: " + Printable.line(url, 300));
        }
    }

    private static FlowScriptException wrong(String message) {
        return new FlowScriptException("invalid_config", "httpRequest: " + message);
    }

    private Edge edge(HttpExchange.Reply reply) {
        int status = reply.status();
        boolean success = status >= 200 && status < 300;
        Map<String, @Nullable Object> response = new LinkedHashMap<>();
        response.put("status", status);
        response.put("headers", headers(reply.headers()));
        try {
            ResponseBody.Read body = ResponseBody.read(ResponseBody.decoded(reply, maxResponseBytes), reply.headers());
            response.put("body", body.value());
            if (success && body.fault() == null) {
                return Edge.of(SUCCESS, response);
            }
            return success
                    ? failed("http_unreadable", body.fault(), response)
                    : failed("http_status", "The server answered with status " + status, response);
        } catch (RequestRefusedException e) {
            return failed(e.code(), String.valueOf(e.getMessage()), response);
        }
    }

    private static Map<String, String> headers(HttpFields fields) {
        Map<String, String> all = new LinkedHashMap<>();
        fields.forEach(field -> all.merge(
                field.getName().toLowerCase(Locale.ROOT),
                field.getValue() == null ? "" : field.getValue(),
                (first, next) -> first + ", " + next));
        return all;
    }

    private static Edge failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RequestRefusedException refused) {
            return failed(refused.code(), String.valueOf(refused.getMessage()), Map.of());
        }
        if (isOfACertificate(cause)) {
            return failed(
                    "http_failed",
                    "The server's certificate is not accepted: it must come from an authority that the JVM trusts,"
                            + " be valid now, and name the host of the URL",
                    Map.of());
        }
        return cause instanceof TimeoutException
                ? failed("http_timeout", "The server did not answer in time", Map.of())
                : failed("http_failed", "The server cannot be reached, or it closed the connection", Map.of());
    }

    private static boolean isOfACertificate(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < MAX_CAUSES && cause != null; depth++) {
            if (cause instanceof CertificateException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static Edge failed(String code, @Nullable String error, Map<String, @Nullable Object> response) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("code", code);
        data.put("error", error);
        data.putAll(response);
        return Edge.of(ERROR, data);
    }
}
