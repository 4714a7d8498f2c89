package io.flowscript.http;

import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.MessageHead;
import io.flowscript.json.protocol.ServerMessageType;
import io.flowscript.json.protocol.ServerMessages;
import io.flowscript.json.protocol.WireSettings;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
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

    /** A client comes back after the time that it is told and up to a second more, so that not all come at once. */
    private static final int RETRY_SPREAD_MILLIS = 1_000;

    private static final String RETRY_SECONDS = "1";
    private static final byte[] SIGN_OF_LIFE = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final EventSink sink;
    private final InstantSource clock;
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

    EventStream(FlowScript flows, Execution execution, EventSink sink, ResponseHeaders headers, Duration closingTime) {
        super(flows, execution, sink, closingTime);
        this.sink = sink;
        this.clock = flows.clock();
        this.headers = headers;
        this.writer = new SinkWriter(sink, () -> state.set(State.OVER));
    }

    @Override
    public Kind kind() {
        return Kind.STREAM;
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
            out.retry(RETRY_SECONDS);
        }
        out.message(head.type(), message, position);
    }

    /** Whether a client prefers server-sent events to JSON. */
    static boolean isWanted(HttpRequest request) {
        for (String type : AcceptedTypes.of(request.values(HttpHeader.ACCEPT))) {
            if (type.equals(TYPE)) {
                return true;
            }
            if (type.equals(HttpResponse.JSON)) {
                return false;
            }
        }
        return false;
    }

    /** A stream that says why there is none now, and when to come back. */
    static HttpResponse refusal(Problem problem, ResponseHeaders given, InstantSource clock) {
        ResponseHeaders headers = given.copy();
        problem.headers().forEach(headers::put);
        return HttpResponse.stream(
                HttpStatus.OK_200, streaming(headers), farewell(problem, clock).toByteArray());
    }

    private static Text farewell(Problem problem, InstantSource clock) {
        Text text = new Text();
        text.retry(Objects.requireNonNullElse(problem.retryAfter(), RETRY_SECONDS));
        ErrorCode code = ErrorCode.of(String.valueOf(problem.code())).orElse(ErrorCode.INTERNAL);
        byte[] error = new ServerMessages(clock, WireSettings.DEFAULTS).error(null, code, problem.detail());
        text.message(ServerMessageType.ERROR.id(), ByteBuffer.wrap(error), null);
        return text;
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
            sink.respond(problem.retryAfter() == null ? problem.response(headers) : refusal(problem, headers, clock));
        }
        return unanswered;
    }

    @Override
    void leave(Problem why) {
        if (!refuse(why) && state.compareAndSet(State.OPEN, State.OVER)) {
            writer.write(farewell(why, clock).buffer(), new Pong(() -> {}));
            writer.end();
        }
    }

    @Override
    public boolean ping(Runnable pong) {
        if (ended().isDone()) {
            return true; // the client has gone, although a write to it might still succeed
        }
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
        return HttpResponse.head(HttpStatus.OK_200, streaming(given));
    }

    private static ResponseHeaders streaming(ResponseHeaders given) {
        return given.copy()
                .put(HttpHeader.CONTENT_TYPE, TYPE)
                .put(HttpHeader.CACHE_CONTROL, "no-store")
                .put("X-Content-Type-Options", "nosniff")
                .put("X-Accel-Buffering", "no"); // otherwise some proxies buffer the stream
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

    /** Text of a stream, which can be taken without a copy. */
    private static final class Text extends ByteArrayOutputStream {

        private static final int USUAL_BYTES = 1_024;

        Text() {
            super(USUAL_BYTES);
        }

        void retry(String seconds) {
            long millis = 1_000 * Long.parseLong(seconds)
                    + ThreadLocalRandom.current().nextInt(RETRY_SPREAD_MILLIS);
            writeBytes(ascii("retry: " + millis + "\n\n"));
        }

        void message(String type, ByteBuffer message, @Nullable String position) {
            if (position != null) {
                writeBytes(ID);
                writeBytes(ascii(position));
                write('\n');
            }
            writeBytes(EVENT);
            writeBytes(ascii(type));
            writeBytes(DATA);
            write(message.array(), message.arrayOffset() + message.position(), message.remaining());
            writeBytes(END);
        }

        ByteBuffer buffer() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }
}
