package io.flowscript.http;

import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.MessageHead;
import io.flowscript.json.protocol.PositionText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request for the events of one execution, as a client of the bridge. It subscribes on behalf of the request,
 * receives each message from the pump, and keeps track of the position. Subclasses write the messages into the
 * response.
 *
 * <p>The bridge sends one batch at a time. All state is used only by the thread that sends the batch. Only
 * {@link #over}, {@link #ended} and {@link #close} may be called by any thread at any time.
 */
abstract class EventsChannel implements LiveClient {

    private final FlowScript flows;
    private final Execution execution;
    private final EventSink sink;
    private final Duration closingTime;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<@Nullable Flight> flight = new AtomicReference<>();
    private volatile EngineClock.@Nullable Timer cutOff;
    private volatile @Nullable ClientSession session;
    private @Nullable String epoch;
    private @Nullable Long seq;
    private long latestAtFirst;

    /**
     * Creates the channel of a request that has no response yet.
     *
     * @param flows the engine of the execution
     * @param execution the execution
     * @param sink receives the response
     * @param closingTime how long after the end the connection is cut when the client has not received everything
     */
    EventsChannel(FlowScript flows, Execution execution, EventSink sink, Duration closingTime) {
        this.flows = flows;
        this.execution = execution;
        this.sink = sink;
        this.closingTime = closingTime;
    }

    /**
     * Subscribes.
     *
     * @param bridge the bridge to connect to
     * @param client the client
     * @param subscribe the message that subscribes
     * @throws io.flowscript.core.FlowScriptException when the bridge accepts no more clients
     */
    final void begin(EventBridge bridge, ClientInfo client, ByteBuffer subscribe) {
        startTimer();
        ClientSession begun = bridge.connect(this, client);
        session = begun;
        if (ended.isDone() || closed.get()) {
            begun.closed();
        } else {
            begun.receive(subscribe, () -> {});
        }
    }

    /** Reports that the request is over, for any reason. */
    final void over() {
        ended.complete(null);
        stopTimer();
        EngineClock.Timer planned = cutOff;
        if (planned != null) {
            planned.cancel();
        }
        ClientSession begun = session;
        if (begun != null) {
            begun.closed();
        }
        Flight last = flight.get();
        if (last != null) {
            last.failed(new CancellationException("the request is over"));
        }
    }

    @Override
    public final CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public final void send(List<ByteBuffer> frames, SendCallback done) {
        Flight begun = new Flight(done);
        flight.set(begun);
        if (ended.isDone()) {
            begun.failed(new CancellationException("the request is over"));
            return;
        }
        for (ByteBuffer frame : frames) {
            take(frame);
        }
        flush(begun);
    }

    @Override
    public final void close(int code, String reason) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (code == CloseCode.LOGIN_EXPIRED) {
            sendAway(Problem.unauthorized("The login has expired; log in anew, and come back with the last position"));
        } else if (code == CloseCode.SESSION_ENDED) {
            sendAway(Problem.of(ErrorCode.FORBIDDEN, "The session was ended; log in anew"));
        } else if (!refuse(problemOf(code)) && (code == CloseCode.TOO_SLOW || code == CloseCode.HEARTBEAT_MISSED)) {
            cut(reason);
        } else {
            cutLater(reason);
            finish();
        }
    }

    /**
     * Ends the request because a newer one of the same client takes its place. The client can come back. Any thread.
     */
    final void makeRoom() {
        if (closed.compareAndSet(false, true)) {
            String reason = "A newer request of this client has taken the place of this one, because it has as many"
                    + " requests for events open as it may have";
            cutLater(reason);
            leave(Problem.of(ErrorCode.TOO_MANY_SUBSCRIPTIONS, reason));
        }
    }

    /** Ends the request with a problem, so that the client does not come back as it has come. */
    private void sendAway(Problem why) {
        cutLater(why.detail());
        if (!refuse(why)) {
            leave(why);
        }
    }

    /** Cuts the connection without waiting for the write in progress. */
    private void cut(String reason) {
        sink.abort(new CancellationException(reason));
    }

    /** Cuts the connection when the client has not taken the end in time. */
    private void cutLater(String reason) {
        cutOff = flows.clock().schedule(closingTime, () -> later(() -> cut(reason)));
    }

    /** Runs a task on the executor, so that the clock's thread is not blocked. */
    final void later(Runnable task) {
        try {
            flows.engineExecutor().execute(task);
        } catch (RejectedExecutionException closed) {
            close(CloseCode.GOING_AWAY, "the engine is closed");
            cut("the engine is closed");
        }
    }

    /**
     * Handles a message from the bridge.
     *
     * @param head the head of the message
     * @param message the message, without a newline
     * @param position the position after the message; null when the message does not give one
     */
    abstract void take(MessageHead head, ByteBuffer message, @Nullable String position);

    /**
     * Completes a batch.
     *
     * @param done the callback to call when the next batch can be accepted; it fails without a call when the request is over
     */
    abstract void flush(SendCallback done);

    /**
     * Responds with a problem, if no response was sent yet.
     *
     * @return whether the problem was sent
     */
    abstract boolean refuse(Problem problem);

    /** Ends the response early. What the client has not received yet it gets when it comes back. May be called by any thread. */
    abstract void leave(Problem why);

    /** Ends the response after everything that was received from the bridge. May be called by any thread. */
    abstract void finish();

    /** Starts the timer, if there is one. */
    void startTimer() {}

    /** Stops the timer. May be called by any thread. */
    void stopTimer() {}

    /** {@return the position of the request; null when it is unknown, which is between a hole and the next event} */
    final @Nullable String position() {
        Long number = seq;
        return epoch == null || number == null ? null : PositionText.of(epoch, number);
    }

    /** {@return whether all events that existed when the request came were examined} */
    final boolean isCaughtUp() {
        return seq != null && seq >= latestAtFirst;
    }

    /** {@return whether no event can follow} */
    final boolean isAtEnd() {
        EventLog log = execution.events();
        boolean isRemoved = log.oldest() > log.latest();
        return log.isEnded()
                && (isRemoved
                        || (log.epoch().equals(epoch)
                                && Long.valueOf(log.latest()).equals(seq)));
    }

    /** One or more messages, each ended by a newline. */
    private void take(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.duplicate().get(bytes);
        int from = 0;
        for (int at = 0; at <= bytes.length; at++) {
            if (at == bytes.length || bytes[at] == '\n') {
                if (at > from) {
                    takeMessage(ByteBuffer.wrap(bytes, from, at - from));
                }
                from = at + 1;
            }
        }
    }

    private void takeMessage(ByteBuffer message) {
        MessageHead head = MessageHead.of(message);
        switch (head.type()) {
            case "connected" -> {
                return; // the head of the response already says this
            }
            case "subscribed" -> {
                Map<?, ?> data = MessageHead.data(message);
                if (!(data.get("epoch") instanceof String present)) {
                    return; // the bridge reads it from the store, and says it again then
                }
                epoch = present;
                seq = number(data.get("after"));
                Long latest = number(data.get("latest"));
                latestAtFirst = latest == null ? 0 : latest;
            }
            case "position" -> {
                Map<?, ?> data = MessageHead.data(message);
                epoch = data.get("epoch") instanceof String present ? present : epoch;
                seq = number(data.get("seq"));
            }
            case "events_missed" -> seq = null;
            default -> {
                if (head.seq() == null) {
                    take(head, message, null);
                    return;
                }
                seq = head.seq();
            }
        }
        take(head, message, position());
    }

    /** Converts an error message of the bridge. */
    static Problem problemOf(ByteBuffer error) {
        Map<?, ?> data = MessageHead.data(error);
        ErrorCode code = data.get("code") instanceof String id
                ? ErrorCode.of(id).orElse(ErrorCode.INTERNAL)
                : ErrorCode.INTERNAL;
        return Problem.of(code, String.valueOf(data.get("message")));
    }

    /** Converts the reason why the bridge closed the connection, for a request without a response. */
    private static Problem problemOf(int closeCode) {
        return closeCode == CloseCode.GOING_AWAY
                ? Problem.closing()
                : Problem.of(
                                ErrorCode.TOO_MANY_CONNECTIONS,
                                "The server cannot bring this now; nothing is lost by asking again")
                        .header(HttpHeader.RETRY_AFTER, "1");
    }

    /** A batch in progress: only the first call of its callback counts. */
    private static final class Flight implements SendCallback {

        private final SendCallback done;
        private final AtomicBoolean landed = new AtomicBoolean();

        Flight(SendCallback done) {
            this.done = done;
        }

        @Override
        public void sent() {
            if (landed.compareAndSet(false, true)) {
                done.sent();
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (landed.compareAndSet(false, true)) {
                done.failed(cause);
            }
        }
    }

    private static @Nullable Long number(@Nullable Object value) {
        return value instanceof Number number ? (Long) number.longValue() : null;
    }
}
