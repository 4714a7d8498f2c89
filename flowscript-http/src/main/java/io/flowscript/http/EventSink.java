package io.flowscript.http;

import io.flowscript.core.bridge.ClientChannel.SendCallback;
import java.nio.ByteBuffer;

/**
 * Receives the response of an {@link EventExchange}. Adapters implement it. Calls come in one of two sequences:
 * {@link #respond} once; or {@link #start} once, then {@link #write} any number of times, then {@link #end} once. After
 * a write, the next {@code write} or {@code end} comes only when that write has been confirmed through its callback.
 * {@link #abort} may come at any time, also after the others.
 *
 * <p>Methods may be called by any thread. They must not block and must not throw.
 *
 * @since 0.1.0
 */
public interface EventSink {

    /**
     * Sends a complete response and ends the exchange.
     *
     * @param response the response
     */
    void respond(HttpResponse response);

    /**
     * Starts a response whose length is not known in advance. The head may be sent together with the first write.
     *
     * @param head the status and the header fields
     */
    void start(HttpResponse head);

    /**
     * Sends bytes of the body and flushes.
     *
     * @param bytes the bytes; they do not change until {@code taken} is called
     * @param taken the callback to call exactly once, when the bytes were sent or could not be sent; from any thread, also during this call
     */
    void write(ByteBuffer bytes, SendCallback taken);

    /** Ends the response that {@link #start} began. When nothing was written, the head is still to be sent. */
    void end();

    /**
     * Cuts the connection, even while a write is in progress. Has no effect when the exchange has ended.
     *
     * @param cause the reason
     */
    void abort(Throwable cause);
}
