package io.flowscript.http;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A request whose body is needed before it can be answered. The adapter reads the body without blocking a thread. Then
 * it calls exactly one of {@link #respond}, {@link #tooLarge} and {@link #unreadable}, once, and sends the response.
 *
 * @since 0.1.0
 */
public final class BodyWanted implements HttpResult {

    /** How many times the maximum size is read and discarded of a body that is too large. */
    private static final int DROPPED_BODIES = 16;

    private final int maxBytes;
    private final Function<byte[], HttpResponse> work;
    private final Supplier<HttpResponse> tooLarge;
    private final Supplier<HttpResponse> unreadable;

    BodyWanted(
            int maxBytes,
            Function<byte[], HttpResponse> work,
            Supplier<HttpResponse> tooLarge,
            Supplier<HttpResponse> unreadable) {
        this.maxBytes = maxBytes;
        this.work = work;
        this.tooLarge = tooLarge;
        this.unreadable = unreadable;
    }

    /** {@return the maximum size of the body in bytes; for a larger body, send {@link #tooLarge}} */
    public int maxBytes() {
        return maxBytes;
    }

    /**
     * Returns how much of a body that is too large the adapter should read and discard after it sent the response. If
     * the connection is closed while the client is still sending, it is reset, and the client may never see the
     * response (RFC 9112, section 9.6).
     *
     * @return a number of bytes
     */
    public long maxDiscardedBytes() {
        return DROPPED_BODIES * (long) maxBytes;
    }

    /**
     * Carries out the request. This may take some processor time, for example for validation, but does not block.
     *
     * @param body the complete body; an empty array when there is none
     * @return the response
     */
    public HttpResponse respond(byte[] body) {
        return work.apply(body);
    }

    /** {@return the response to a body of more than {@link #maxBytes}} */
    public HttpResponse tooLarge() {
        return tooLarge.get();
    }

    /** {@return the response to a body that could not be read completely} */
    public HttpResponse unreadable() {
        return unreadable.get();
    }
}
