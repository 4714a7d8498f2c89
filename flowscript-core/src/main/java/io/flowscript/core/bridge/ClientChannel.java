package io.flowscript.core.bridge;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Carries bytes to one client; implemented by a transport. The bridge calls it from any thread, but never {@link #send}
 * before the last one was done, and never anything after {@link #close}.
 *
 * @since 0.1.0
 */
public interface ClientChannel {

    /**
     * Sends frames, in order, and flushes once. Must not block: it says when it is done instead.
     *
     * @param frames one WebSocket text message, or what the transport has in its place, each; UTF-8. The buffers are
     *     read-only and may be shared with other clients: a transport must not change them, nor count on their position afterwards.
     * @param done to be told, exactly once, from any thread, when the transport takes more or the client is gone
     */
    void send(List<ByteBuffer> frames, SendCallback done);

    /**
     * Ends the connection. Must not block; frames that were given before still go out, where the client takes them before
     * long. Harmless when it is ended already.
     *
     * @param code see {@link CloseCode}
     * @param reason for people, at most 123 bytes of UTF-8 (RFC 6455, section 5.5)
     */
    void close(int code, String reason);

    /**
     * Asks the client for a sign of life.
     *
     * @param pong to be run, from any thread, when the sign came
     * @return false where this transport has no such thing; the bridge then sends no heartbeat
     */
    default boolean ping(Runnable pong) {
        return false;
    }

    /** Is told how sending went. */
    interface SendCallback {

        /** The transport takes more. */
        void sent();

        /**
         * The client cannot be reached any more.
         *
         * @param cause why
         */
        void failed(Throwable cause);
    }
}
