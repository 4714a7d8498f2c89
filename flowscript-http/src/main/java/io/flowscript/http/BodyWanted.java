package io.flowscript.http;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A request whose body decides about the answer. The adapter reads the body without a thread that waits, and then asks for one of the answers, once.
 *
 * @since 0.1.0
 */
public final class BodyWanted implements HttpResult {

    /** A body that is too large is read to its end, and dropped, up to so many times what a body may have. */
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

    /** {@return how many bytes the body may have; for more, the answer is {@link #tooLarge}} */
    public int maxBytes() {
        return maxBytes;
    }

    /**
     * How much of a body that is too large is worth reading and dropping after its answer was sent. A connection that is closed while its client is
     * sending is reset, and the answer may be lost with it (RFC 9112, section 9.6).
     *
     * @return a number of bytes
     */
    public long maxDiscardedBytes() {
        return DROPPED_BODIES * (long) maxBytes;
    }

    /**
     * Carries the request out. May take a while, such as for the engine's validation, but waits for nobody.
     *
     * @param body the whole body; empty for none
     * @return the answer
     */
    public HttpResponse respond(byte[] body) {
        return work.apply(body);
    }

    /** {@return the answer for a body of more than {@link #maxBytes}} */
    public HttpResponse tooLarge() {
        return tooLarge.get();
    }

    /** {@return the answer for a body that could not be read to its end} */
    public HttpResponse unreadable() {
        return unreadable.get();
    }
}
