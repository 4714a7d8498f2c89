package io.flowscript.http;

import io.flowscript.core.bridge.ClientChannel;
import java.util.concurrent.CompletableFuture;

/**
 * A connected client: a WebSocket, a stream of server-sent events, or a long poll. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface LiveClient extends ClientChannel {

    /** {@return a future that completes when the client has disconnected} */
    CompletableFuture<Void> ended();
}
