package io.flowscript.ws.jetty;

import io.flowscript.core.bridge.CloseCode;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The WebSockets that are open, so that they can be ended together. Safe for use by any thread. */
final class Clients {

    private final Set<WebSocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    /** {@return whether nobody is taken in any more} */
    boolean isClosing() {
        return closing;
    }

    int size() {
        return open.size();
    }

    void add(WebSocketChannel channel) {
        open.add(channel);
        if (closing) {
            sendAway(channel);
        }
    }

    void remove(WebSocketChannel channel) {
        open.remove(channel);
    }

    /** Takes clients in again, after {@link #closeAll}. */
    void reopen() {
        closing = false;
    }

    /**
     * Ends every connection with 1001 and takes no new one.
     *
     * @return completes when all are gone; each is, within the time that a channel gives itself for closing
     */
    CompletableFuture<Void> closeAll() {
        closing = true;
        CompletableFuture<?>[] ends = open.stream()
                .map(channel -> {
                    sendAway(channel);
                    return channel.ended();
                })
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(ends);
    }

    private static void sendAway(WebSocketChannel channel) {
        channel.close(CloseCode.GOING_AWAY, "the server is closing");
    }
}
