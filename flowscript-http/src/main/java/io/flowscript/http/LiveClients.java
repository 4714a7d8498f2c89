package io.flowscript.http;

import io.flowscript.core.bridge.CloseCode;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connected clients of a server, which can all be disconnected together. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class LiveClients {

    private final Set<LiveClient> open = ConcurrentHashMap.newKeySet();
    private final Map<LiveClient.Kind, AtomicInteger> kinds = new ConcurrentHashMap<>();
    private volatile boolean closing;

    LiveClients() {}

    /** {@return whether the server is closing and accepts no new client} */
    public boolean isClosing() {
        return closing;
    }

    /** {@return the number of connected clients of all kinds} */
    public int size() {
        return open.size();
    }

    /** The number of connected clients of one kind. */
    int size(LiveClient.Kind kind) {
        return of(kind).get();
    }

    private AtomicInteger of(LiveClient.Kind kind) {
        return kinds.computeIfAbsent(kind, first -> new AtomicInteger());
    }

    /**
     * Adds a client. If the server is closing, the client is disconnected.
     *
     * @param client the client
     */
    public void add(LiveClient client) {
        if (open.add(client)) {
            of(client.kind()).incrementAndGet();
        }
        if (closing) {
            sendAway(client);
        }
    }

    /**
     * Removes a client that has disconnected.
     *
     * @param client the client
     */
    public void remove(LiveClient client) {
        if (open.remove(client)) {
            of(client.kind()).decrementAndGet();
        }
    }

    /** Accepts clients again after {@link #closeAll}. */
    public void reopen() {
        closing = false;
    }

    /**
     * Closes every connection with close code 1001 and accepts no new one.
     *
     * @return a future that completes when all clients have disconnected; each does so within its closing time
     *     ({@link HttpSettings#closingTime})
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
