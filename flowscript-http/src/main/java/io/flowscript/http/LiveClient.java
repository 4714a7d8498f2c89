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
        WEB_SOCKET,
        /** A stream of server-sent events. */
        STREAM,
        /** A long poll. */
        POLL
    }

    /** {@return how the client is connected; the clients that an adapter adds are WebSockets} */
    default Kind kind() {
        return Kind.WEB_SOCKET;
    }

    /** {@return a future that completes when the client has disconnected} */
    CompletableFuture<Void> ended();
}
