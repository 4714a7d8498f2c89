package io.flowscript.client;

import java.util.concurrent.CompletableFuture;

/**
 * What was subscribed to with a callback. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class EventSubscription implements AutoCloseable {

    private final CompletableFuture<Void> ended;
    private final Runnable cancel;

    EventSubscription(CompletableFuture<Void> ended, Runnable cancel) {
        this.ended = ended;
        this.cancel = cancel;
    }

    /**
     * Returns when it ends.
     *
     * @return a future that completes after the last event was handled or after {@link #close}, and with a {@link ClientException}
     *     when the subscription has failed. A copy: completing it has no effect.
     */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** Ends it. A call of the callback that is under way goes on. Closing twice has no effect. */
    @Override
    public void close() {
        cancel.run();
        ended.complete(null);
    }
}
