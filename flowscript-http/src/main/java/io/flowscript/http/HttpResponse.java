package io.flowscript.http;

import io.flowscript.json.codec.JsonWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer, or the head of one whose body follows. Immutable.
 *
 * <p>An adapter sends the header fields as they are and adds {@code Content-Length} where there is a body. It sends no body in answer to HEAD.
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
     * What an adapter itself says of a request that it cannot carry out, as a problem document (RFC 9457).
     *
     * @param status the HTTP status, 400 to 599
     * @param detail a sentence for the client
     * @return the answer
     */
    public static HttpResponse problem(int status, String detail) {
        return Problem.of(status, detail).response(new ResponseHeaders());
    }

    /** {@return the answer when something went wrong that the client is not told of: 500} */
    public static HttpResponse internalError() {
        return Problem.internal().response(new ResponseHeaders());
    }

    /** {@return the answer of a server that is closing: 503, with when to come again} */
    public static HttpResponse closing() {
        return Problem.closing().response(new ResponseHeaders());
    }

    /** An answer that has no body, or whose body follows. */
    static HttpResponse head(int status, ResponseHeaders headers) {
        return new HttpResponse(status, headers, NO_BODY);
    }

    static HttpResponse json(int status, ResponseHeaders headers, Map<String, ? extends @Nullable Object> body) {
        return full(status, headers, JSON, JsonWriter.write(body));
    }

    static HttpResponse json(int status, ResponseHeaders headers, byte[] body) {
        return full(status, headers, JSON, body);
    }

    static HttpResponse problem(int status, ResponseHeaders headers, Map<String, ? extends @Nullable Object> body) {
        return full(status, headers, PROBLEM_JSON, JsonWriter.write(body));
    }

    /** All have the same header fields: nothing may be kept in a cache, nor be taken for something else than it is, nor may what is linked from it learn its address, which may be a capability. */
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

    /** {@return the header fields, each with its values, in the order in which they are to be sent} */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** {@return the body, read-only; empty for none} */
    public ByteBuffer body() {
        return ByteBuffer.wrap(body).asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return "HttpResponse[" + status + ", " + body.length + " bytes]";
    }
}
