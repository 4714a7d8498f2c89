package io.flowscript.core.bridge;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Carries bytes to one client. A transport implements it. The bridge calls it from any thread. The bridge calls
 * {@link #send} only after the previous send is done, and calls nothing after {@link #close}.
 *
 * @since 0.1.0
 */
public interface ClientChannel {

    /**
     * Sends frames in order and flushes once. It must not block; it reports completion through {@code done}.
     *
     * @param frames each is one WebSocket text message or the transport's equivalent, in UTF-8. The buffers are
     *     read-only and may be shared with other clients. A transport must not change them and must not rely on their
     *     position afterwards.
     * @param done the callback to call exactly once, from any thread, when the transport can accept more frames or
     *     the client is gone
     */
    void send(List<ByteBuffer> frames, SendCallback done);

    /**
     * Ends the connection. It must not block. Frames that were passed to {@link #send} before are still sent if the
     * client accepts them soon. Calling it again has no effect.
     *
     * @param code a code of {@link CloseCode}
     * @param reason the reason as text for people, at most 123 bytes of UTF-8 (RFC 6455, section 5.5)
     */
    void close(int code, String reason);

    /**
     * Sends a ping to the client. The default sends nothing and returns false.
     *
     * @param pong the task to run, from any thread, when the client's pong arrives
     * @return false if this transport has no ping; the bridge then sends no heartbeat
     */
    default boolean ping(Runnable pong) {
        return false;
    }

    /**
     * Returns how the client is connected, for metrics. The default returns {@code other}.
     *
     * @return a name from a short list that does not depend on the client, such as {@code websocket}
     */
    default String transport() {
        return "other";
    }

    /** Receives the result of a send. */
    interface SendCallback {

        /** The frames were sent and the transport can accept more. */
        void sent();

        /**
         * The client can no longer be reached.
         *
         * @param cause why
         */
        void failed(Throwable cause);
    }
}
