package io.flowscript.core.bridge;

/**
 * Brings events to clients. A transport opens a session here for each client that connects. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface EventBridge extends AutoCloseable {

    /**
     * Takes a client in. The first message, {@code connected}, goes out through its channel at once.
     *
     * @param channel carries bytes to this client
     * @param client who it is and how it wants to be spoken to
     * @return takes this client's messages
     * @throws io.flowscript.core.FlowScriptException with code {@code server_closing} after {@link #close}, or {@code too_many_connections}; the
     *     transport ends the connection with {@link CloseCode#GOING_AWAY} or {@link CloseCode#OVERLOADED}
     */
    ClientSession connect(ClientChannel channel, ClientInfo client);

    /** {@return the largest inbound message that is taken, in bytes; a transport need not gather more} */
    int maxMessageBytes();

    /** Ends every session with {@link CloseCode#GOING_AWAY}, and everything that this bridge started. Closing twice is harmless. */
    @Override
    void close();
}
