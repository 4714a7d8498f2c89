package io.flowscript.testkit.transport;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of a transport, at the far end of the line; implemented by the author of the transport. {@link SocketPeer} has most of it for a client on a socket.
 * Called by any thread.
 *
 * @since 0.1.0
 */
public interface Peer extends AutoCloseable {

    /**
     * What came, as it came: one text for each message, without what the transport puts around it. A transport that keeps some messages to itself, as long polls do with {@code
     * connected}, leaves these out.
     *
     * @return a copy of all messages since the beginning, the oldest first
     */
    List<String> received();

    /**
     * Sends messages, in order. May block while the transport takes no more, and may throw then.
     *
     * @param messages each one message; JSON without line breaks
     * @throws IOException when that cannot be done
     */
    default void send(List<String> messages) throws IOException {
        throw new UnsupportedOperationException("Declare the capability MESSAGES only for a peer that sends");
    }

    /**
     * Sends something of which the transport can tell that it is no message, in every way that there is.
     *
     * @throws IOException when that cannot be done
     */
    default void sendGarbage() throws IOException {
        throw new UnsupportedOperationException("Declare the capability GARBAGE only for a peer that can send some");
    }

    /** Reads no further, from now on or from the next few kilobytes on: what is sent to it comes up against the transport's own back-pressure. */
    void stopReading();

    /** Reads on. */
    void readOn();

    /**
     * Goes, in the way in which well-behaved clients do.
     *
     * @throws IOException when that cannot be done
     */
    void leave() throws IOException;

    /**
     * Is gone, without a word, like a client whose process died.
     *
     * @throws IOException when that cannot be done
     */
    void cut() throws IOException;

    /** {@return how the connection ended, as this client sees it; null while it is there} */
    @Nullable
    End end();

    /** Gives back all that it holds, threads too. Called at the end of each rule, whatever happened to the connection; harmless when called again. */
    @Override
    default void close() throws IOException {
        cut();
    }

    /**
     * How a connection ended.
     *
     * @param code see {@link io.flowscript.core.bridge.CloseCode}; 0 where the transport has none
     * @param reason for people; empty where the transport has none
     */
    record End(int code, String reason) {

        /** It ended; more is not told. */
        public static final End PLAIN = new End(0, "");
    }
}
