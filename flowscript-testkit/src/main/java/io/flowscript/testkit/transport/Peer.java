package io.flowscript.testkit.transport;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of a transport, at the far end of the connection. The author of a transport implements it; {@link
 * SocketPeer} implements most of it for clients on a socket. Called by any thread.
 *
 * @since 0.1.0
 */
public interface Peer extends AutoCloseable {

    /**
     * Returns the messages received, unchanged and without the transport's framing, one text for each. A transport
     * that does not pass some messages on, as long polls do with {@code connected}, leaves these out.
     *
     * @return a copy of all messages since the beginning, oldest first
     */
    List<String> received();

    /**
     * Sends messages, in order. May block while the transport accepts no more, and may throw then.
     *
     * @param messages one message each; JSON without line breaks
     * @throws IOException if the messages cannot be sent
     */
    default void send(List<String> messages) throws IOException {
        throw new UnsupportedOperationException("Declare the capability MESSAGES only for a peer that sends");
    }

    /**
     * Sends input that the transport can recognize as not being a message, in every possible form.
     *
     * @throws IOException if it cannot be sent
     */
    default void sendGarbage() throws IOException {
        throw new UnsupportedOperationException("Declare the capability GARBAGE only for a peer that can send some");
    }

    /**
     * Stops reading, at once or within the next few kilobytes, so that further data meets the transport's
     * back-pressure.
     */
    void stopReading();

    /** Resumes reading. */
    void readOn();

    /**
     * Disconnects in the orderly way.
     *
     * @throws IOException if that fails
     */
    void leave() throws IOException;

    /**
     * Cuts the connection without notice, like a client whose process died.
     *
     * @throws IOException if that fails
     */
    void cut() throws IOException;

    /** {@return how the connection ended, as this client sees it; null while it is open} */
    @Nullable
    End end();

    /**
     * Releases all resources, including threads. Called at the end of each rule, whatever happened to the connection.
     * Calling it again has no effect.
     */
    @Override
    default void close() throws IOException {
        cut();
    }

    /**
     * How a connection ended.
     *
     * @param code see {@link io.flowscript.core.bridge.CloseCode}; 0 if the transport has none
     * @param reason the reason, for people; empty if the transport has none
     */
    record End(int code, String reason) {

        /** An end without code and reason. */
        public static final End PLAIN = new End(0, "");
    }
}
