package io.flowscript.ws.jetty;

import io.flowscript.core.engine.FlowScript;
import io.flowscript.json.protocol.MessageHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The events of one execution as server-sent events (the HTML standard, section 9.2). It begins when the bridge has taken the subscription;
 * before that, whatever is wrong is a problem document. After the last event it ends, and who comes back with its position is told by status 204 not to
 * come again.
 *
 * <p>A batch of the bridge is one write; the bridge sends no other before that one is through.
 */
final class EventStream extends EventsChannel {

    static final String TYPE = "text/event-stream";

    private static final int MIN_RETRY_MILLIS = 1_000;
    private static final int MAX_RETRY_MILLIS = 2_000;
    private static final byte[] SIGN_OF_LIFE = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Response response;
    private final Writer writer = new Writer();
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private @Nullable Text text;
    private boolean broken;

    /** How far it has come. */
    private enum State {
        /** Nothing was answered yet. */
        NEW,
        /** It has begun. */
        OPEN,
        /** Nothing more is to be written after what is under way. */
        OVER
    }

    EventStream(
            FlowScript flows,
            String executionId,
            Response response,
            Callback callback,
            Scheduler scheduler,
            Duration closingTime) {
        super(flows, executionId, callback, scheduler, closingTime);
        this.response = response;
    }

    @Override
    void take(MessageHead head, ByteBuffer message, @Nullable String position) {
        if (state.get() == State.NEW && head.type().equals("error")) {
            refuse(problemOf(message));
        } else if (state.get() == State.NEW && isAtEnd() && state.compareAndSet(State.NEW, State.OVER)) {
            response.setStatus(HttpStatus.NO_CONTENT_204);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            complete(null);
        } else if (state.get() != State.OVER) {
            broken |= head.type().equals("error");
            write(head, message, position);
        }
    }

    private void write(MessageHead head, ByteBuffer message, @Nullable String position) {
        Text out = text;
        if (out == null) {
            out = new Text();
            text = out;
        }
        if (state.compareAndSet(State.NEW, State.OPEN)) {
            describe(response);
            int retry = ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS);
            out.writeBytes(ascii("retry: " + retry + "\n\n"));
        }
        if (position != null) {
            out.writeBytes(ID);
            out.writeBytes(ascii(position));
            out.write('\n');
        }
        out.writeBytes(EVENT);
        out.writeBytes(ascii(head.type()));
        out.writeBytes(DATA);
        out.write(message.array(), message.arrayOffset() + message.position(), message.remaining());
        out.writeBytes(END);
    }

    @Override
    void flush(SendCallback done) {
        Text out = text;
        text = null;
        if (out == null) {
            done.sent();
            return;
        }
        boolean last = (broken || isAtEnd()) && state.compareAndSet(State.OPEN, State.OVER);
        writer.write(new Part(out.buffer(), last, Callback.from(done::sent, done::failed)));
    }

    @Override
    boolean refuse(Problem problem) {
        boolean unanswered = state.compareAndSet(State.NEW, State.OVER);
        if (unanswered) {
            problem.send(response, completion());
        }
        return unanswered;
    }

    @Override
    public boolean ping(Runnable pong) {
        if (state.get() == State.NEW) {
            pong.run();
        } else if (isAtEnd() && state.compareAndSet(State.OPEN, State.OVER)) {
            writer.write(Part.end());
        } else {
            writer.write(new Part(ByteBuffer.wrap(SIGN_OF_LIFE), false, Callback.from(pong)));
        }
        return true;
    }

    @Override
    void finish() {
        if (state.compareAndSet(State.OPEN, State.OVER)) {
            writer.write(Part.end());
        }
    }

    @Override
    void stopTimer() {
        // it has none
    }

    /** What is told about a stream before its first byte. */
    static void describe(Response response) {
        response.setStatus(HttpStatus.OK_200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put("X-Accel-Buffering", "no"); // some proxies else gather before they hand on
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What goes out in one write. */
    private record Part(ByteBuffer bytes, boolean last, Callback done) {
        static Part end() {
            return new Part(BufferUtil.EMPTY_BUFFER, true, Callback.NOOP);
        }
    }

    /** Gives away its bytes without a copy. */
    private static final class Text extends ByteArrayOutputStream {

        private static final int USUAL_BYTES = 1_024;

        Text() {
            super(USUAL_BYTES);
        }

        ByteBuffer buffer() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }

    /** Writes one part after the other: a batch, a sign of life, the end; of each there is one at the most. */
    private final class Writer extends IteratingCallback {

        private final Queue<Part> parts = new ArrayDeque<>();
        private @Nullable Part current;

        void write(Part part) {
            synchronized (parts) {
                parts.add(part);
            }
            iterate();
        }

        @Override
        protected Action process() {
            Part before = current;
            if (before != null && before.last()) {
                return Action.SUCCEEDED;
            }
            Part next;
            synchronized (parts) {
                next = parts.poll();
            }
            current = next;
            if (next == null) {
                return Action.IDLE;
            }
            response.write(next.last(), next.bytes(), this);
            return Action.SCHEDULED;
        }

        @Override
        protected void onSuccess() {
            Part written = current;
            if (written != null) {
                written.done().succeeded();
            }
        }

        @Override
        protected void onCompleteSuccess() {
            complete(null);
        }

        @Override
        protected void onFailure(Throwable cause) {
            state.set(State.OVER);
            Part failed = current;
            if (failed != null) {
                failed.done().failed(cause);
            }
            complete(cause);
        }
    }
}
