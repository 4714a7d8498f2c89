package io.flowscript.core.bridge;

import io.flowscript.core.Identity;
import java.util.function.Predicate;

/**
 * Delivers events to clients. A transport opens a session here for each client that connects. Safe for use by any
 * thread.
 *
 * @since 0.1.0
 */
public interface EventBridge extends AutoCloseable {

    /**
     * Opens a session for a client. The first message, {@code connected}, is sent through the channel at once.
     *
     * @param channel the channel that carries bytes to this client
     * @param client the identity of the client and its framing
     * @return the session that receives this client's messages
     * @throws io.flowscript.core.FlowScriptException with code {@code server_closing} after {@link #close}, or {@code too_many_connections}; the
     *     transport ends the connection with {@link CloseCode#GOING_AWAY} or {@link CloseCode#OVERLOADED}
     */
    ClientSession connect(ClientChannel channel, ClientInfo client);

    /**
     * Ends the sessions of some identities with {@link CloseCode#SESSION_ENDED}: those that are open now, over any transport. It
     * does not keep anybody from connecting again. So what lets them log in must be taken away first.
     *
     * @param who whose sessions end, by the identity that each has at present; called once for each session
     * @return how many sessions end
     */
    int disconnect(Predicate<Identity> who);

    /** {@return the largest inbound message that is accepted, in bytes; a transport need not buffer more} */
    int maxMessageBytes();

    /**
     * Ends every session with {@link CloseCode#GOING_AWAY} and stops everything that this bridge started. Closing it
     * again has no effect.
     */
    @Override
    void close();
}
