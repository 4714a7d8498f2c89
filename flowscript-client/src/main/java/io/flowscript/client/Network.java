package io.flowscript.client;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The network, as the client uses it. The results come on threads of the network. */
interface Network {

    /**
     * Opens a WebSocket with the subprotocol {@code flowscript.v2}.
     *
     * @param timeout how long that may take
     * @param listener is told what happens, one call at a time
     * @return the socket, which is not open yet
     */
    Socket open(URI address, Map<String, String> headers, Duration timeout, SocketListener listener);

    /** Sends a request and reads the whole reply. Cancelling the future ends the request. */
    CompletableFuture<Reply> send(Request request);

    /**
     * Sends a request whose reply is a stream. Cancelling the future ends the request.
     *
     * @param listener receives the body of a reply with status 200, one call at a time
     * @return the reply when it is complete; its body is empty when the status is 200. The timeout of the request does not count.
     */
    CompletableFuture<Reply> stream(Request request, StreamListener listener);

    /** A WebSocket. Safe for use by any thread. */
    interface Socket {

        /** Sends a text, after those before it. A failure is told to the listener. */
        void send(String text);

        /** Lets the next message come. The first one comes without being asked for. */
        void request();

        /** Closes it with 1000, and does not wait for the other side. Nothing is told to the listener from then on. */
        void close();
    }

    /** What happens to a WebSocket. */
    interface SocketListener {

        /** Messages have come. No more come until {@link Socket#request}. */
        void received(List<Message> messages);

        /**
         * It has ended, or could not be opened.
         *
         * @param error why
         * @param retryAfter how long the server wants the client to wait; zero for no wish
         */
        void ended(ConnectionException error, Duration retryAfter);
    }

    /** Receives a stream. */
    @FunctionalInterface
    interface StreamListener {

        /**
         * A part of the body.
         *
         * @param part the bytes, to be read within the call
         * @param more lets the next part come
         */
        void received(List<ByteBuffer> part, Runnable more);
    }

    /**
     * A request.
     *
     * @param body the JSON to send; null for none
     */
    record Request(
            String method,
            URI address,
            Map<String, String> headers,
            @Nullable String body,
            Duration timeout) {}

    /**
     * A reply.
     *
     * @param retryAfter how long the server wants the client to wait; zero for no wish
     */
    record Reply(int status, Duration retryAfter, String body) {

        /** The code of a refusal that FlowScript has not written. */
        static final String FOREIGN = "http_error";

        /** What a refusal means that says so by its status, whoever has written it. */
        private static final Map<Integer, String> MEANINGS = Map.of(401, "unauthorized", 413, "message_too_large");

        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** {@return the members of the body; empty when it is no JSON object} */
        Map<String, @Nullable Object> members() {
            try {
                return body.isEmpty() ? Map.of() : Message.object(body);
            } catch (RuntimeException e) {
                return Map.of(); // of a container or a proxy
            }
        }

        /** {@return why a request was refused} */
        String code() {
            return members().get("code") instanceof String code ? code : MEANINGS.getOrDefault(status, FOREIGN);
        }
    }
}
