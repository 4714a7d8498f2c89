package io.flowscript.http;

import io.flowscript.core.bridge.ClientChannel;
import java.util.concurrent.CompletableFuture;

/**
 * A client that is there: a WebSocket, a stream of events, or a request that waits for some. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface LiveClient extends ClientChannel {

    /** {@return completes when it is gone} */
    CompletableFuture<Void> ended();
}
