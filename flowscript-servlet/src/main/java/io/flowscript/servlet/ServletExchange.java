package io.flowscript.servlet;

import io.flowscript.core.bridge.ClientChannel.SendCallback;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.http.BodyWanted;
import io.flowscript.http.EventExchange;
import io.flowscript.http.EventSink;
import io.flowscript.http.HttpResponse;
import io.flowscript.http.HttpResult;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One request whose response comes later, or is larger than the buffer of the container. It holds no thread meanwhile.
 *
 * <p>Everything that touches the container's response is done by one task, {@link #advance}, which runs on whichever thread has something to say: the container's, which
 * says that the client takes more, or one that brings more. A container uses the objects of a request again for the next one, also when a connection breaks off while a
 * thread writes to it. So they are used under a lock, and not after the end. Safe for use by any thread.
 */
final class ServletExchange implements EventSink, WriteListener, AsyncListener {

    /** What is given to the container at once. It copies what the connection does not take, so this bounds the memory for a client that does not read. */
    private static final int SLICE_BYTES = 64 << 10;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AsyncContext async;
    private final ServletOutputStream out;
    private final SerialTask advancing = new SerialTask(Runnable::run, this::advance);
    private final AtomicReference<@Nullable Part> unsent = new AtomicReference<>();
    private final AtomicReference<@Nullable HttpResponse> begun = new AtomicReference<>();

    /** Held while the container's objects are used. The calls of the container under it do not block, and call back only this class. */
    private final ReentrantLock using = new ReentrantLock();

    private volatile boolean isOver;
    private volatile boolean isWritable;
    private volatile boolean isSent;
    private volatile boolean isBodyAwaited;
    private volatile @Nullable Throwable aborted;
    private volatile @Nullable EventExchange events;

    /** Begins. The thread of the request calls it. */
    ServletExchange(HttpServletRequest request, HttpServletResponse response) throws IOException {
        this.request = request;
        this.response = response;
        this.async = request.startAsync();
        this.async.setTimeout(0); // the bridge's heartbeat tells who is gone
        this.async.addListener(this);
        this.out = response.getOutputStream();
    }

    /** Does what is to be done with the request. */
    void carryOut(HttpResult result) throws IOException {
        if (result instanceof BodyWanted wanted) {
            new BodyReader(wanted, request, this).start();
        }
        out.setWriteListener(this);
        if (result instanceof HttpResponse answer) {
            respond(answer);
        } else if (result instanceof EventExchange exchange) {
            events = exchange;
            exchange.start(this);
            if (isOver) {
                exchange.closed();
            }
        }
    }

    @Override
    public void respond(HttpResponse answer) {
        send(new Part(answer, answer.body(), null, true));
    }

    @Override
    public void start(HttpResponse head) {
        begun.set(head);
    }

    @Override
    public void write(ByteBuffer bytes, SendCallback taken) {
        send(new Part(begun.getAndSet(null), bytes.duplicate(), taken, false));
    }

    @Override
    public void end() {
        send(new Part(begun.getAndSet(null), ByteBuffer.allocate(0), null, true));
    }

    private void send(Part part) {
        unsent.set(part);
        if (isOver) {
            failUnsent(new EOFException("The request is over"));
        } else {
            advancing.signal();
        }
    }

    @Override
    public void abort(Throwable cause) {
        aborted = cause;
        advancing.signal();
    }

    /** Keeps the request open after its response, until the rest of its body has come in. */
    void awaitBody() {
        isBodyAwaited = true;
    }

    /** No more of the body is awaited. */
    void bodyIsOver() {
        isBodyAwaited = false;
        advancing.signal();
    }

    @Override
    public void onWritePossible() {
        isWritable = true;
        advancing.signal();
    }

    private void advance() {
        Runnable then = useResponse();
        while (then != null) {
            then.run();
            then = useResponse();
        }
    }

    /** Uses the response as far as that is possible now. {@return what is to be told of it; null when nothing is, and nothing more can be done now} */
    private @Nullable Runnable useResponse() {
        using.lock();
        try {
            Throwable cause = aborted;
            if (cause != null) {
                return finish(cause, this::cut);
            }
            while (!isOver && isWritable && out.isReady()) {
                Part part = unsent.get();
                if (part == null) {
                    return isSent && !isBodyAwaited
                            ? finish(new EOFException("The request is over"), this::complete)
                            : null;
                }
                if (!writeNext(part)) {
                    isSent = part.isLast;
                    return () -> sent(part);
                }
            }
            return null;
        } catch (IOException e) {
            return finish(e, () -> {}); // the container calls onError, where the request is completed
        } catch (RuntimeException e) {
            return finish(e, this::cut); // a filter has failed the response, of which the container knows nothing
        } finally {
            using.unlock();
        }
    }

    /** {@return whether there was something left to do} */
    private boolean writeNext(Part part) throws IOException {
        if (!part.isDescribed) {
            part.isDescribed = true;
            part.describe(response);
        } else if (part.bytes.hasRemaining()) {
            ByteBuffer slice = part.bytes.slice();
            slice.limit(Math.min(slice.limit(), SLICE_BYTES));
            part.bytes.position(part.bytes.position() + slice.limit());
            out.write(slice);
        } else if (!part.isFlushed) {
            part.isFlushed = true;
            out.flush();
        } else {
            return false;
        }
        return true;
    }

    private void sent(Part part) {
        if (unsent.compareAndSet(part, null) && part.taken != null) {
            part.taken.sent();
        }
    }

    /**
     * Ends the exchange, unless it has ended. The lock is held.
     *
     * @param why what a write in progress fails with
     * @param last what is to be done with the request
     * @return what is to be told of it, without the lock
     */
    private @Nullable Runnable finish(Throwable why, Runnable last) {
        if (isOver) {
            return null;
        }
        isOver = true;
        last.run();
        return () -> {
            failUnsent(why);
            EventExchange open = events;
            if (open != null) {
                open.closed();
            }
        };
    }

    private void failUnsent(Throwable failure) {
        Part part = unsent.getAndSet(null);
        if (part != null && part.taken != null) {
            part.taken.failed(failure);
        }
    }

    private void complete() {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            // the container has completed it
        }
    }

    /** Has the container call the servlet again, which throws. */
    private void cut() {
        ConnectionCut.want(request);
        try {
            async.dispatch();
        } catch (IllegalStateException e) {
            complete();
        }
    }

    /** The container calls it before it uses the objects of the request again, and so waits for a thread that is using them. */
    private void endedByContainer(Throwable cause) {
        Runnable then;
        using.lock();
        try {
            then = finish(cause, () -> {});
            complete();
        } finally {
            using.unlock();
        }
        if (then != null) {
            then.run();
        }
    }

    @Override
    public void onError(Throwable cause) {
        endedByContainer(cause);
    }

    @Override
    public void onError(AsyncEvent event) {
        Throwable cause = event.getThrowable();
        endedByContainer(cause == null ? new EOFException("The connection has broken off") : cause);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        endedByContainer(new EOFException("The container has given the request up"));
    }

    @Override
    public void onComplete(AsyncEvent event) {
        endedByContainer(new EOFException("The request is over"));
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}

    /** A part of the response on its way. */
    private static final class Part {

        private final @Nullable HttpResponse head;
        private final ByteBuffer bytes;
        private final @Nullable SendCallback taken;
        private final boolean isLast;
        private boolean isDescribed;
        private boolean isFlushed;

        Part(@Nullable HttpResponse head, ByteBuffer bytes, @Nullable SendCallback taken, boolean isLast) {
            this.head = head;
            this.bytes = bytes;
            this.taken = taken;
            this.isLast = isLast;
        }

        void describe(HttpServletResponse response) {
            if (head != null && isLast) {
                ResponseWriter.describeComplete(head, response);
            } else if (head != null) {
                ResponseWriter.describe(head, response);
            }
        }
    }
}
