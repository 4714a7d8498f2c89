package io.flowscript.http;

import io.flowscript.http.InboundMemory.Message;
import io.flowscript.http.InboundMemory.Message.Added;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body is needed before it can be answered. The adapter reads the body without blocking a thread and hands
 * in each part with {@link #add}. Then it calls exactly one of {@link #respond}, {@link #refusal} and {@link #unreadable}, once, and
 * sends the response. One thread at a time may use it.
 *
 * @since 0.1.0
 */
public final class BodyWanted implements HttpResult {

    /** How many times the maximum size is read and discarded of a body that is refused. */
    private static final int DISCARDED_BODIES = 16;

    private final int maxBytes;
    private final BodyTime time;
    private final Message body;
    private final Function<ByteBuffer, HttpResponse> work;
    private final Function<Fault, HttpResponse> refuse;
    private final Supplier<HttpResponse> unreadable;
    private final Executor executor;
    private @Nullable Fault fault;

    /** Why a body is refused. */
    enum Fault {
        /** It is larger than its maximum. */
        TOO_LARGE,
        /** It takes too long. */
        TOO_SLOW,
        /** The server is short of memory. */
        NO_MEMORY
    }

    BodyWanted(
            int maxBytes,
            BodyTime time,
            InboundMemory memory,
            Function<ByteBuffer, HttpResponse> work,
            Function<Fault, HttpResponse> refuse,
            Supplier<HttpResponse> unreadable,
            Executor executor) {
        this.maxBytes = maxBytes;
        this.time = time;
        this.body = memory.message(maxBytes, () -> {});
        this.work = work;
        this.refuse = refuse;
        this.unreadable = unreadable;
        this.executor = executor;
    }

    /**
     * Checks the length that the request announces, so that a body that is too large is refused before it is read.
     *
     * @param bytes the value of Content-Length; less than 0 when there is none
     * @return whether the body may be read; otherwise, send {@link #refusal}
     */
    public boolean allowsLength(long bytes) {
        if (bytes > maxBytes) {
            fault = Fault.TOO_LARGE;
        }
        return fault == null;
    }

    /**
     * Copies a part of the body.
     *
     * @param part the part
     * @return whether more may be read; otherwise, send {@link #refusal}
     */
    public boolean add(ByteBuffer part) {
        fault = time.isOver() ? Fault.TOO_SLOW : faultOf(body.add(part, false));
        return fault == null;
    }

    private static @Nullable Fault faultOf(Added added) {
        return switch (added) {
            case TAKEN -> null;
            case TOO_LARGE -> Fault.TOO_LARGE;
            case EVICTED -> Fault.NO_MEMORY;
        };
    }

    /**
     * Checks whether the adapter should read and discard more of a body that is refused, after it sent the response. If the
     * connection is closed while the client is still sending, it is reset, and the client may never see the
     * response (RFC 9112, section 9.6). Safe for use by any thread.
     *
     * @param discarded how many bytes were read and discarded so far
     * @return false when it was enough, or took too long
     */
    public boolean mayDiscard(long discarded) {
        return discarded <= DISCARDED_BODIES * (long) maxBytes && !time.isOver();
    }

    /**
     * Carries out the request with the complete body. This may take some processor time, for example for validation, but does
     * not block: when the engine has a store, the response comes later.
     *
     * @param send sends the response; called once, by this thread or by another one that may block
     */
    public void respond(Consumer<HttpResponse> send) {
        ByteBuffer content = body.take(); // now, since one that waits could be given up
        if (fault == null && body.isEvicted()) {
            fault = Fault.NO_MEMORY;
        }
        if (fault != null) {
            send.accept(refusal());
            return;
        }
        try {
            executor.execute(() -> send.accept(response(content)));
        } catch (RejectedExecutionException closed) {
            send.accept(response(content));
        }
    }

    private HttpResponse response(ByteBuffer content) {
        try {
            return work.apply(content);
        } finally {
            body.drop();
        }
    }

    /** {@return the response to a body that is too large or too slow, or for which the server has too little memory now} */
    public HttpResponse refusal() {
        body.drop();
        return refuse.apply(Objects.requireNonNull(fault));
    }

    /** {@return the response to a body that could not be read completely} */
    public HttpResponse unreadable() {
        body.drop();
        return unreadable.get();
    }
}
