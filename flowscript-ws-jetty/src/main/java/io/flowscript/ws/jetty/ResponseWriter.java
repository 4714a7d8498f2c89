package io.flowscript.ws.jetty;

import io.flowscript.json.codec.JsonWriter;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes answers, all with the same headers: nothing may be kept in a cache, nor be taken for something else than
 * it is, nor may what is linked from it learn its address, which may be a capability. */
final class ResponseWriter {

    static final String JSON = "application/json";
    static final String PROBLEM_JSON = "application/problem+json";

    private ResponseWriter() {}

    static void json(Response response, RestResponse answer, Callback callback) {
        if (answer.status() == RestResponse.NOTHING.status()) {
            nothing(response, callback);
        } else {
            send(response, answer.status(), JSON, JsonWriter.write(answer.body()), callback);
        }
    }

    /** The answer whose body is none. */
    static void nothing(Response response, Callback callback) {
        response.setStatus(RestResponse.NOTHING.status());
        response.write(true, null, callback);
    }

    static void send(Response response, int status, String type, byte[] body, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("Referrer-Policy", "no-referrer");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
