package io.flowscript.core.bridge;

import java.nio.ByteBuffer;

/**
 * Takes the messages of one client; implemented by the bridge, called by the transport. Safe for use by any thread, but
 * a transport hands in one message at a time: the next one only after {@code next} was run. So a client that floods meets the
 * transport's own back-pressure and not memory.
 *
 * @since 0.1.0
 */
public interface ClientSession {

    /** {@return the name of this connection; cannot be guessed} */
    String clientId();

    /**
     * A message came.
     *
     * @param message one message, UTF-8; read before {@code next} is run and not kept
     * @param next run once, from any thread, when the next message is wanted; not run any more when the session has ended
     */
    void receive(ByteBuffer message, Runnable next);

    /**
     * Something came that cannot be a message, such as a binary frame. The client is told with an {@code error}, and it
     * counts against the client's rate limit.
     *
     * @param code a code of protocol section 4, such as {@code invalid_message}
     * @param message for people
     * @param next as above
     */
    void reject(String code, String message, Runnable next);

    /** The connection is gone; everything that this session holds is given back. Harmless when it has ended already. */
    void closed();
}
