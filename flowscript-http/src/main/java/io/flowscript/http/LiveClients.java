package io.flowscript.http;

import io.flowscript.core.bridge.CloseCode;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clients that are there, so that they can be sent away together. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class LiveClients {

    private final Set<LiveClient> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;

    LiveClients() {}

    /** {@return whether nobody is taken in any more} */
    public boolean isClosing() {
        return closing;
    }

    /** {@return how many there are, of whatever kind} */
    public int size() {
        return open.size();
    }

    /**
     * Adds a client that has come. While the clients are sent away, this one is too.
     *
     * @param client the client
     */
    public void add(LiveClient client) {
        open.add(client);
        if (closing) {
            sendAway(client);
        }
    }

    /**
     * Forgets a client that is gone.
     *
     * @param client the client
     */
    public void remove(LiveClient client) {
        open.remove(client);
    }

    /** Takes clients in again, after {@link #closeAll}. */
    public void reopen() {
        closing = false;
    }

    /**
     * Ends every connection with 1001 and takes no new one.
     *
     * @return completes when all are gone; each is, within the time that it gives itself for closing
     */
    public CompletableFuture<Void> closeAll() {
        closing = true;
        CompletableFuture<?>[] ends = open.stream()
                .map(client -> {
                    sendAway(client);
                    return client.ended();
                })
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(ends);
    }

    private static void sendAway(LiveClient client) {
        client.close(CloseCode.GOING_AWAY, "the server is closing");
    }
}
