package io.flowscript.client;

import org.jspecify.annotations.Nullable;

/**
 * A connection of the client has another state now.
 *
 * @param connection which one: 0 is that of commands and of the first subscriptions
 * @param state its state
 * @param transport the transport that it uses; null while it has none
 * @param error why the connection was lost; null when it was not
 * @since 0.1.0
 */
public record ConnectionChange(
        int connection,
        State state,
        @Nullable ClientTransport transport,
        @Nullable ConnectionException error) {

    /** The states of a connection. */
    public enum State {
        /** It is closed, since there is nothing to do. */
        IDLE,
        /** It is being opened. */
        CONNECTING,
        /** It is open. */
        ONLINE,
        /** It waits for the next try. */
        WAITING,
        /** It has ended for good. The next subscription or command that is given to it opens it again. */
        CLOSED
    }
}
