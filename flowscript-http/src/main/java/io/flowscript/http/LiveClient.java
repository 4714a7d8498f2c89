package io.flowscript.http;

import io.flowscript.core.bridge.ClientChannel;
import java.util.concurrent.CompletableFuture;

/**
 * A connected client: a WebSocket, a stream of server-sent events, or a long poll. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface LiveClient extends ClientChannel {

    /** How a client is connected. */
    enum Kind {
        /** A WebSocket. */
        WEB_SOCKET("websocket"),
        /** A stream of server-sent events. */
        STREAM("stream"),
        /** A long poll. */
        POLL("poll");

        private final String transport;

        Kind(String transport) {
            this.transport = transport;
        }
    }

    /** {@return how the client is connected; the clients that an adapter adds are WebSockets} */
    default Kind kind() {
        return Kind.WEB_SOCKET;
    }

    @Override
    default String transport() {
        return kind().transport;
    }

    /** {@return a future that completes when the client has disconnected} */
    CompletableFuture<Void> ended();
}
