package io.flowscript.testkit.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One action or expectation of a case (docs/protocol-cases.md). */
sealed interface Step {

    /** Returns the client of the step; a default name for steps without a client. */
    String on();

    /** The path, user and headers of a request. */
    record Request(String path, @Nullable String as, Map<String, @Nullable Object> headers) {}

    /**
     * A WebSocket.
     *
     * @param subprotocol that is offered, or null
     * @param skip types of messages that may come at any time and are passed over
     * @param connected what the first message has to be
     * @param refused the status at the upgrade where there is to be no WebSocket; null where there is to be one
     */
    record Connect(
            String on,
            Request request,
            @Nullable String subprotocol,
            List<String> skip,
            Map<String, @Nullable Object> connected,
            @Nullable Integer refused)
            implements Step {}

    /** Opens a stream of server-sent events. */
    record Stream(String on, Request request, List<String> skip) implements Step {}

    /**
     * A message to the server.
     *
     * @param parts its text
     * @param form how it is sent
     * @param times how often
     * @param fits whether it keeps to the schema though the server refuses it, for a reason that no schema tells
     */
    record Send(String on, List<Part> parts, Form form, int times, boolean fits) implements Step {

        /** How a message is sent. */
        enum Form {
            /** One text frame. */
            TEXT,
            /** Each part is a fragment. */
            FRAGMENTS,
            /** One binary frame. */
            BINARY
        }
    }

    /** A text, repeated a number of times. */
    record Part(Object content, int times) {}

    /**
     * What comes next, in this order.
     *
     * @param skip types of messages that are passed over meanwhile
     */
    record Expect(String on, List<Map<String, @Nullable Object>> patterns, List<String> skip) implements Step {}

    /** Expects that nothing unexpected was received. */
    record Quiet(String on, List<String> skip) implements Step {}

    /** The client closes the connection. */
    record Close(String on, int code) implements Step {}

    /** The client cuts the connection without notice. */
    record Cut(String on) implements Step {}

    /**
     * Expects that the server closes the connection.
     *
     * @param code the code; null for the end of a stream, which has none
     */
    record Closed(String on, @Nullable Integer code, List<String> skip) implements Step {}

    /** An HTTP request and the expected response. */
    record Http(
            String on,
            String method,
            Request request,
            @Nullable List<Part> body,
            int status,
            @Nullable String contentType,
            Map<String, @Nullable Object> headers,
            @Nullable Object expectedBody,
            boolean hasBody)
            implements Step {}
}
