package io.flowscript.core.bridge;

import java.nio.ByteBuffer;

/**
 * Receives the messages of one client. The bridge implements it and the transport calls it. Safe for use by any
 * thread. A transport passes one message at a time and passes the next one only after {@code next} was run. A client
 * that sends too fast is therefore slowed down by the transport's back-pressure, and its messages do not fill the
 * memory.
 *
 * @since 0.1.0
 */
public interface ClientSession {

    /** {@return the id of this connection; it cannot be guessed} */
    String clientId();

    /**
     * Handles a message from the client.
     *
     * @param message one message, UTF-8; read before {@code next} is run and not kept
     * @param next the task that the session runs once, from any thread, when it accepts the next message; it is not
     *     run after the session has ended
     */
    void receive(ByteBuffer message, Runnable next);

    /**
     * Handles input that cannot be a message, such as a binary frame. The client receives an {@code error} message,
     * and the input counts as a message.
     *
     * @param code a code of protocol section 4, such as {@code invalid_message}
     * @param message the text of the error for people
     * @param beginning the beginning of the input, as far as it is at hand, which may hold the id of the message; may
     *     be empty; not kept
     * @param next as for {@link #receive}
     */
    void reject(String code, String message, ByteBuffer beginning, Runnable next);

    /** Handles the end of the connection: the session releases everything it holds. Calling it again has no effect. */
    void closed();
}
