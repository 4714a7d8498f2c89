package io.flowscript.http;

import io.flowscript.core.bridge.ClientChannel.SendCallback;
import java.nio.ByteBuffer;

/**
 * Where an {@link EventExchange} puts its answer; implemented by an adapter. Either {@link #respond} is called, once and alone; or {@link #start}, then
 * {@link #write} any number of times, then {@link #end}. Neither a write nor the end comes before the write before it was taken. {@link #abort} may come at any
 * time, also after these.
 *
 * <p>Any thread calls; no method may block or throw.
 *
 * @since 0.1.0
 */
public interface EventSink {

    /**
     * Sends a complete answer, and ends the exchange.
     *
     * @param response the answer
     */
    void respond(HttpResponse response);

    /**
     * Begins an answer whose body has no length yet. It may be sent with the first write.
     *
     * @param head status and header fields
     */
    void start(HttpResponse head);

    /**
     * Sends bytes on, and flushes.
     *
     * @param bytes the bytes; they stay as they are until they were taken
     * @param taken to be told, exactly once, from any thread, within the call too, when they were taken or the client cannot be reached any more
     */
    void write(ByteBuffer bytes, SendCallback taken);

    /** Ends the answer that was started. */
    void end();

    /**
     * Cuts the client off, whatever is under way. Harmless when the exchange has ended.
     *
     * @param cause why
     */
    void abort(Throwable cause);
}
