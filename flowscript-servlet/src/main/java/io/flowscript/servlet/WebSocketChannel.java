package io.flowscript.servlet;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.http.Admission.Admitted;
import io.flowscript.http.HttpApi;
import io.flowscript.http.WebSocketConnection;
import jakarta.websocket.CloseReason;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of the container. It gives the container one thing to send at a time: containers throw when a message comes while another is being sent, and wait, with the thread that calls,
 * when a ping or a close does. The container hands in what comes in one after the other; everything else may be called by any thread.
 */
final class WebSocketChannel extends WebSocketConnection {

    private static final System.Logger LOG = System.getLogger(WebSocketChannel.class.getName());

    /** How long Tomcat waits for a client to take a ping or a close, in milliseconds; other containers ignore it. */
    private static final String TOMCAT_SEND_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

    /** The same for a close with another code than 1000; left alone, Tomcat gives up after 50 milliseconds. */
    private static final String TOMCAT_CLOSE_SEND_TIMEOUT =
            "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT";

    /** How long Tomcat waits for the answer to a close, in milliseconds; other containers ignore it. */
    private static final String TOMCAT_CLOSE_TIMEOUT = "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";

    private final Session socket;
    private final EngineClock clock;
    private final WebSocketThreads threads;
    private final Duration closingTime;
    private final ReadTurn turn;
    private final SerialTask sending = new SerialTask(Runnable::run, this::sendNext);
    private final AtomicReference<@Nullable Batch> batch = new AtomicReference<>();
    private final AtomicBoolean isPingWanted = new AtomicBoolean();
    private final AtomicReference<@Nullable CloseReason> goodbye = new AtomicReference<>();
    private final AtomicBoolean isGone = new AtomicBoolean();
    private boolean isWithinMessage;

    /** Whether the container is sending something. */
    private volatile boolean isBusy;

    private volatile EngineClock.@Nullable Timer cutOff;
    private volatile EngineClock.@Nullable Timer pongOverdue;

    WebSocketChannel(
            Session socket,
            EventBridge bridge,
            Admitted admitted,
            HttpApi http,
            EngineClock clock,
            WebSocketThreads threads,
            Duration closingTime) {
        super(bridge, admitted.client(framingOf(socket)), http);
        this.socket = socket;
        this.clock = clock;
        this.threads = threads;
        this.closingTime = closingTime;
        this.turn = new ReadTurn(threads.receiving());
    }

    private static Framing framingOf(Session socket) {
        return HttpApi.SUBPROTOCOL.equals(socket.getNegotiatedSubprotocol()) ? Framing.LINES : Framing.SINGLE;
    }

    void open() {
        socket.setMaxIdleTimeout(0); // the bridge's heartbeat tells who is gone
        waitAtMost(closingTime.toMillis());
        socket.getUserProperties().put(TOMCAT_CLOSE_TIMEOUT, closingTime.toMillis());
        socket.addMessageHandler(
                String.class, (MessageHandler.Partial<String>) (part, last) -> take(false, utf8(part), last));
        socket.addMessageHandler(
                ByteBuffer.class, (MessageHandler.Partial<ByteBuffer>) (part, last) -> take(true, part, last));
        socket.addMessageHandler(PongMessage.class, (MessageHandler.Whole<PongMessage>) pong -> ponged());
        opened();
    }

    /** Called when the connection has ended, at least once. */
    void gone() {
        if (!isGone.compareAndSet(false, true)) {
            return;
        }
        cancel(pongOverdue);
        cancel(cutOff);
        turn.end();
        over();
        failBatch(new EOFException("The connection has ended"));
    }

    private static void cancel(EngineClock.@Nullable Timer planned) {
        if (planned != null) {
            planned.cancel();
        }
    }

    // What comes in.

    private void take(boolean binary, ByteBuffer part, boolean last) {
        switch (turn.take()) {
            case TAKEN -> handIn(binary, part, last);
            case TOO_MANY -> close(CloseCode.OVERLOADED, "the server cannot wait for so many clients at a time");
            case OVER -> {}
        }
    }

    private void handIn(boolean binary, ByteBuffer part, boolean last) {
        try {
            if (!isWithinMessage) {
                begins(binary);
            }
            isWithinMessage = !last;
            received(part, last, () -> {});
        } catch (Throwable e) {
            failed("handling a message", e);
        }
    }

    @Override
    protected void wantNext() {
        turn.give();
    }

    private static ByteBuffer utf8(String part) {
        return ByteBuffer.wrap(part.getBytes(StandardCharsets.UTF_8));
    }

    // What goes out.

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        if (frames.isEmpty()) {
            done.sent();
            return;
        }
        batch.set(new Batch(frames, done));
        if (ended().isDone()) {
            failBatch(new EOFException("The connection has ended"));
        } else {
            sending.signal();
        }
    }

    @Override
    protected void sendPing() {
        isPingWanted.set(true);
        sending.signal();
    }

    /**
     * Closes at once, or, when the client must learn that it is not to come back, after its answer to a ping. What it sent before the answer was read then. Some
     * containers end the connection with the close, and a client of which something is unread then is reset and may not see the code.
     */
    @Override
    protected void leave(int code, String reason) {
        CloseReason why = new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason);
        turn.end();
        cutOff = clock.schedule(closingTime, () -> run(threads.work(), () -> cut(why)));
        if (isFinal(code)) {
            pongOverdue = clock.schedule(closingTime.dividedBy(2), () -> sayGoodbye(why));
            ping(() -> sayGoodbye(why));
        } else {
            sayGoodbye(why);
        }
    }

    private static boolean isFinal(int code) {
        return code == CloseCode.INVALID_DATA || code == CloseCode.POLICY || code == CloseCode.MESSAGE_TOO_BIG;
    }

    private void sayGoodbye(CloseReason why) {
        goodbye.set(why);
        sending.signal();
    }

    private void sendNext() {
        while (!isBusy) {
            Batch now = batch.get();
            if (now != null && now.hasNext()) {
                sendText(now);
            } else if (now != null) {
                if (batch.compareAndSet(now, null)) {
                    now.done.sent();
                }
            } else if (!sendControl()) {
                return;
            }
        }
    }

    private void sendText(Batch from) {
        isBusy = true;
        try {
            socket.getAsyncRemote().sendText(from.next(), this::sent);
        } catch (RuntimeException e) {
            sent(new SendResult(socket, e));
        }
    }

    private void sent(SendResult result) {
        if (result.isOK()) {
            isBusy = false;
            sending.signal();
        } else {
            broken(result.getException());
        }
    }

    /**
     * Ends a connection on which something could not be sent. Tomcat does not tell of its end when it has learned from the sending, and not
     * from reading, that the client was cut off.
     */
    private void broken(Throwable cause) {
        failBatch(cause);
        gone();
        cut(new CloseReason(CloseReason.CloseCodes.UNEXPECTED_CONDITION, "the client cannot be reached"));
    }

    /** {@return whether there was a ping or a close to be sent} */
    private boolean sendControl() {
        CloseReason why = goodbye.getAndSet(null);
        if (why != null) {
            isBusy = true; // for good
            mayBlock(() -> close(why));
        } else if (isPingWanted.getAndSet(false)) {
            isBusy = true;
            mayBlock(this::pingNow);
        } else {
            return false;
        }
        return true;
    }

    private void pingNow() {
        try {
            socket.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A ping could not be sent", e);
        }
        isBusy = false;
        sending.signal();
    }

    private void close(CloseReason why) {
        try {
            socket.close(why);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A WebSocket could not be closed as it should", e);
            gone();
        }
    }

    /**
     * Has the container end the connection although the client has not taken everything, or does not answer the close. Threads that wait for this client wait no longer
     * then, so this itself does not wait for a thread that may block.
     */
    private void cut(CloseReason why) {
        failBatch(new EOFException("The connection is cut"));
        try {
            waitAtMost(1);
            socket.setMaxIdleTimeout(1);
        } catch (IllegalStateException e) {
            // it has ended meanwhile
        }
        mayBlock(() -> close(why));
    }

    /** Says how long the container may wait, with a thread, for the client to take a ping or a close. */
    private void waitAtMost(long millis) {
        socket.getUserProperties().put(TOMCAT_SEND_TIMEOUT, millis);
        socket.getUserProperties().put(TOMCAT_CLOSE_SEND_TIMEOUT, millis);
    }

    private void failBatch(Throwable cause) {
        Batch unsent = batch.getAndSet(null);
        if (unsent != null) {
            unsent.done.failed(cause);
        }
    }

    /** Runs what the container may wait in for a client, for a bounded time. */
    private void mayBlock(Runnable task) {
        run(threads.mayBlock(), task);
    }

    private static void run(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            task.run();
        }
    }

    /** Frames that go out one after the other. Containers take text, not bytes. */
    private static final class Batch {

        private final List<ByteBuffer> frames;
        private final SendCallback done;
        private int next;

        Batch(List<ByteBuffer> frames, SendCallback done) {
            this.frames = frames;
            this.done = done;
        }

        boolean hasNext() {
            return next < frames.size();
        }

        String next() {
            return StandardCharsets.UTF_8.decode(frames.get(next++).duplicate()).toString();
        }
    }
}
