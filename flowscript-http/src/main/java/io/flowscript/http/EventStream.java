package io.flowscript.http;

import io.flowscript.core.engine.FlowScript;
import io.flowscript.json.protocol.MessageHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The events of one execution as server-sent events (the HTML standard, section 9.2). The stream begins when the bridge
 * has accepted the subscription; before that, errors are sent as a problem document. The stream ends after the last
 * event. A client that connects again with that position gets status 204, which tells it not to connect again.
 *
 * <p>Each batch of the bridge is one write. The bridge sends the next batch only when that write has completed.
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

    private final EventSink sink;
    private final ResponseHeaders headers;
    private final SinkWriter writer;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private @Nullable Text text;
    private boolean broken;

    /** The state of the response. */
    private enum State {
        /** No response was sent yet. */
        NEW,
        /** The stream has begun. */
        OPEN,
        /** Nothing more is written after the write in progress. */
        OVER
    }

    EventStream(FlowScript flows, String executionId, EventSink sink, ResponseHeaders headers, Duration closingTime) {
        super(flows, executionId, sink, closingTime);
        this.sink = sink;
        this.headers = headers;
        this.writer = new SinkWriter(sink, () -> state.set(State.OVER));
    }

    @Override
    void take(MessageHead head, ByteBuffer message, @Nullable String position) {
        if (state.get() == State.NEW && head.type().equals("error")) {
            refuse(problemOf(message));
        } else if (state.get() == State.NEW && isAtEnd() && state.compareAndSet(State.NEW, State.OVER)) {
            sink.respond(HttpResponse.head(
                    HttpStatus.NO_CONTENT_204, headers.copy().put(HttpHeader.CACHE_CONTROL, "no-store")));
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
            sink.start(head(headers));
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
        writer.write(out.buffer(), done);
        if (last) {
            writer.end();
        }
    }

    @Override
    boolean refuse(Problem problem) {
        boolean unanswered = state.compareAndSet(State.NEW, State.OVER);
        if (unanswered) {
            sink.respond(problem.response(headers));
        }
        return unanswered;
    }

    @Override
    public boolean ping(Runnable pong) {
        if (state.get() == State.NEW) {
            pong.run();
        } else if (isAtEnd() && state.compareAndSet(State.OPEN, State.OVER)) {
            writer.end();
        } else {
            writer.write(ByteBuffer.wrap(SIGN_OF_LIFE), new Pong(pong));
        }
        return true;
    }

    @Override
    void finish() {
        if (state.compareAndSet(State.OPEN, State.OVER)) {
            writer.end();
        }
    }

    /** The head of the response. */
    static HttpResponse head(ResponseHeaders given) {
        ResponseHeaders headers = given.copy()
                .put(HttpHeader.CONTENT_TYPE, TYPE)
                .put(HttpHeader.CACHE_CONTROL, "no-store")
                .put("X-Content-Type-Options", "nosniff")
                .put("X-Accel-Buffering", "no"); // otherwise some proxies buffer the stream
        return HttpResponse.head(HttpStatus.OK_200, headers);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Treats a completed write of a ping as the client's pong. */
    private record Pong(Runnable heard) implements SendCallback {
        @Override
        public void sent() {
            heard.run();
        }

        @Override
        public void failed(Throwable cause) {
            // the heartbeat misses it
        }
    }

    /** A byte buffer whose content can be taken without a copy. */
    private static final class Text extends ByteArrayOutputStream {

        private static final int USUAL_BYTES = 1_024;

        Text() {
            super(USUAL_BYTES);
        }

        ByteBuffer buffer() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }
}
