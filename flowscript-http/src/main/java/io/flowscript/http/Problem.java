package io.flowscript.http;

import io.flowscript.events.operations.OperationException;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ResourceView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer that says what is wrong (RFC 9457). It holds nothing but what was written for clients to read. Immutable.
 *
 * @param status the HTTP status
 * @param code the stable code; null where the status says it all
 * @param detail a sentence for people
 * @param more further members
 * @param headers further header fields
 */
record Problem(
        int status,
        @Nullable String code,
        String detail,
        Map<String, ? extends @Nullable Object> more,
        Map<String, String> headers) {

    static Problem of(ErrorCode code, String detail) {
        Map<String, String> headers = code.retryAfter()
                .map(wait -> Map.of(HttpHeader.RETRY_AFTER, String.valueOf(wait.toSeconds())))
                .orElse(Map.of());
        return new Problem(code.httpStatus(), code.id(), detail, Map.of(), headers);
    }

    static Problem of(OperationException refused) {
        return of(refused.errorCode(), String.valueOf(refused.getMessage()))
                .with(ResourceView.details(refused.details()));
    }

    static Problem of(int status, String detail) {
        return new Problem(status, null, detail, Map.of(), Map.of());
    }

    static Problem internal() {
        return of(ErrorCode.INTERNAL, "The request failed; the server's log says why");
    }

    Problem with(Map<String, ? extends @Nullable Object> members) {
        return new Problem(status, code, detail, members, headers);
    }

    Problem header(String name, String value) {
        return new Problem(status, code, detail, more, Map.of(name, value));
    }

    /** {@return that the server is closing, and when to come again} */
    static Problem closing() {
        return of(ErrorCode.SERVER_CLOSING, "The server is closing");
    }

    HttpResponse response(ResponseHeaders given) {
        ResponseHeaders all = given.copy();
        headers.forEach(all::put);
        return HttpResponse.problem(status, all, body());
    }

    private Map<String, @Nullable Object> body() {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        // Without a page of its own for each problem, the type is about:blank and the title the status's (RFC 9457,
        // section 4.2.1).
        body.put("type", "about:blank");
        body.put("title", HttpStatus.getMessage(status));
        body.put("status", status);
        body.put("detail", detail);
        if (code != null) {
            body.put("code", code);
        }
        body.putAll(more);
        return body;
    }
}
