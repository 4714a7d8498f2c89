package io.flowscript.http;

import io.flowscript.json.codec.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A complete response, or the head of a response whose body follows. Immutable.
 *
 * <p>An adapter sends the header fields unchanged and adds {@code Content-Length} when there is a body. It sends no
 * body in response to HEAD.
 *
 * @since 0.1.0
 */
public final class HttpResponse implements HttpResult {

    static final String JSON = "application/json";
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final byte[] NO_BODY = new byte[0];

    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] body;

    private HttpResponse(int status, ResponseHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers.toMap();
        this.body = body;
    }

    /**
     * Creates the response of an adapter to a request that it cannot carry out itself: a problem document (RFC 9457).
     *
     * @param status the HTTP status, 400 to 599
     * @param detail a sentence for the client
     * @return the response
     */
    public static HttpResponse problem(int status, String detail) {
        return Problem.of(status, detail).response(new ResponseHeaders());
    }

    /** {@return the response to a request that failed for an internal reason: status 500, without details} */
    public static HttpResponse internalError() {
        return Problem.internal().response(new ResponseHeaders());
    }

    /** {@return the response of a server that is closing: status 503 with a {@code Retry-After} field} */
    public static HttpResponse closing() {
        return Problem.closing().response(new ResponseHeaders());
    }

    /** A response that has no body, or whose body follows. */
    static HttpResponse head(int status, ResponseHeaders headers) {
        return new HttpResponse(status, headers, NO_BODY);
    }

    /** A response whose header fields are complete. */
    static HttpResponse stream(int status, ResponseHeaders headers, byte[] body) {
        return new HttpResponse(status, headers, body);
    }

    static HttpResponse json(int status, ResponseHeaders headers, Map<String, ? extends @Nullable Object> body) {
        return full(status, headers, JSON, JsonWriter.write(body));
    }

    static HttpResponse json(int status, ResponseHeaders headers, byte[] body) {
        return full(status, headers, JSON, body);
    }

    static HttpResponse text(ResponseHeaders headers, String type, String body) {
        return full(HttpStatus.OK_200, headers, type, body.getBytes(StandardCharsets.UTF_8));
    }

    static HttpResponse problem(int status, ResponseHeaders headers, Map<String, ? extends @Nullable Object> body) {
        return full(status, headers, PROBLEM_JSON, JsonWriter.write(body));
    }

    /**
     * Adds the header fields that all responses with a body have. They forbid caching and guessing of the content
     * type. They also keep the URL from linked sites, because the URL may be an answer link.
     */
    private static HttpResponse full(int status, ResponseHeaders given, String type, byte[] body) {
        ResponseHeaders headers = given.copy()
                .put(HttpHeader.CONTENT_TYPE, type)
                .put(HttpHeader.CACHE_CONTROL, "no-store")
                .put("Referrer-Policy", "no-referrer")
                .put("X-Content-Type-Options", "nosniff");
        return new HttpResponse(status, headers, body);
    }

    /** {@return the HTTP status} */
    public int status() {
        return status;
    }

    /** {@return the values of the header fields by name, in the order in which they must be sent} */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** {@return the body, read-only; empty when there is none} */
    public ByteBuffer body() {
        return ByteBuffer.wrap(body).asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return "HttpResponse[" + status + ", " + body.length + " bytes]";
    }
}
