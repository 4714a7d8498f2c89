package io.flowscript.http;

import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.events.operations.OperationException;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ResourceView;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An error response as a problem document (RFC 9457). It contains only text that is written for clients. Immutable.
 *
 * @param status the HTTP status
 * @param code the stable error code; null when the status is enough
 * @param detail a message for people
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
        return of(code, detail, code.retryAfter());
    }

    static Problem of(OperationException refused) {
        return of(refused.errorCode(), String.valueOf(refused.getMessage()), refused.retryAfter())
                .with(ResourceView.details(refused.details()));
    }

    private static Problem of(ErrorCode code, String detail, Optional<Duration> retryAfter) {
        Map<String, String> headers = retryAfter
                .map(wait -> Map.of(HttpHeader.RETRY_AFTER, String.valueOf(wait.toSeconds())))
                .orElse(Map.of());
        return new Problem(code.httpStatus(), code.id(), detail, Map.of(), headers);
    }

    static Problem of(int status, String detail) {
        return new Problem(status, null, detail, Map.of(), Map.of());
    }

    static Problem internal() {
        return of(ErrorCode.INTERNAL, "The request failed; the server's log says why");
    }

    /** {@return the problem of a sender that is not known, with the way to say who one is} */
    static Problem unauthorized(String detail) {
        return of(ErrorCode.UNAUTHORIZED, detail).header(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }

    Problem with(Map<String, ? extends @Nullable Object> members) {
        return new Problem(status, code, detail, members, headers);
    }

    Problem header(String name, String value) {
        return new Problem(status, code, detail, more, Map.of(name, value));
    }

    /** {@return this problem without its header fields} */
    Problem withoutHeaders() {
        return new Problem(status, code, detail, more, Map.of());
    }

    /** {@return the number of seconds after which it is worth to come back; null when it is not} */
    @Nullable
    String retryAfter() {
        return headers.get(HttpHeader.RETRY_AFTER);
    }

    /** {@return the problem of a server that is closing, with the time after which to try again} */
    static Problem closing() {
        return of(ErrorCode.SERVER_CLOSING, "The server is closing");
    }

    /**
     * Tells an observer of this refusal, unless the status is all there is to say.
     *
     * @return this problem
     */
    Problem reportedTo(FlowScriptObserver observer) {
        if (code != null) {
            observer.refused(code);
        }
        return this;
    }

    HttpResponse response(ResponseHeaders given) {
        ResponseHeaders all = given.copy();
        headers.forEach(all::put);
        return HttpResponse.problem(status, all, body());
    }

    private Map<String, @Nullable Object> body() {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        // Problems have no page of their own, so the type is about:blank and the title is the name of the status (RFC
        // 9457, section 4.2.1).
        body.put("type", "about:blank");
        body.put("title", HttpStatus.getMessage(status));
        body.put("status", status);
        body.put("detail", detail);
        body.put("message", detail); // for clients of the first version
        if (code != null) {
            body.put("code", code);
        }
        body.putAll(more);
        return body;
    }
}
