package io.flowscript.ws.jetty;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.http.InboundMemory;
import io.flowscript.http.LiveClient;
import io.flowscript.http.LiveClients;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket: frames of bytes between Jetty and the bridge. It knows no message.
 *
 * <p>The next frame is demanded only when the bridge has asked for the next message, so a client that floods is slowed down by TCP. Jetty
 * calls {@link #onFrame} for one frame at a time; everything else may be called by any thread.
 */
final class WebSocketChannel implements FrameHandler, LiveClient {

    /** How many frames are handed to Jetty before the last of them went out; Jetty itself refuses more than twice as many. */
    static final int MAX_FRAMES_AT_ONCE = 256;

    private static final System.Logger LOG = System.getLogger(WebSocketChannel.class.getName());

    private final EventBridge bridge;
    private final ClientInfo client;
    private final LiveClients clients;
    private final Scheduler scheduler;
    private final Duration closingTime;
    private final IncomingMessage incoming;
    private final AtomicBoolean demanded = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicReference<@Nullable Runnable> awaitedPong = new AtomicReference<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private @Nullable CoreSession socket;
    private volatile @Nullable ClientSession session;
    private volatile Scheduler.@Nullable Task cutOff;

    WebSocketChannel(
            EventBridge bridge,
            ClientInfo client,
            LiveClients clients,
            InboundMemory inbound,
            Scheduler scheduler,
            Duration closingTime) {
        this.bridge = bridge;
        this.client = client;
        this.clients = clients;
        this.scheduler = scheduler;
        this.closingTime = closingTime;
        this.incoming = new IncomingMessage(bridge.maxMessageBytes(), inbound, this::evicted);
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        socket = opened;
        clients.add(this);
        callback.succeeded();
        try {
            ClientSession begun = bridge.connect(this, client);
            session = begun;
            if (ended.isDone()) {
                begun.closed();
            }
            demand();
        } catch (FlowScriptException refused) {
            boolean gone = refused.code().equals("server_closing");
            close(
                    gone ? CloseCode.GOING_AWAY : CloseCode.OVERLOADED,
                    gone ? "the server is closing" : "the server takes no more clients");
        } catch (Throwable e) {
            failed("taking a client in", e);
        }
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        demanded.set(false);
        try {
            switch (frame.getOpCode()) {
                case OpCode.TEXT, OpCode.BINARY, OpCode.CONTINUATION -> onData(frame, callback);
                case OpCode.PING -> onPing(frame, callback);
                case OpCode.PONG -> onPong(callback);
                default -> callback.succeeded(); // a close frame is answered by Jetty
            }
        } catch (Throwable e) {
            failed("handling a frame", e);
        }
    }

    private void onData(Frame frame, Callback callback) {
        ClientSession to = session;
        if (to == null || closing.get()) {
            callback.succeeded();
            demand();
            return;
        }
        IncomingMessage.State state = incoming.add(frame);
        callback.succeeded(); // what is kept of it was copied
        switch (state) {
            case PARTIAL -> demand();
            case TEXT ->
                to.receive(incoming.take(), () -> {
                    incoming.drop();
                    demand();
                });
            case EVICTED -> {} // the connection is being closed
            case BINARY ->
                to.reject(
                        "invalid_message",
                        "A binary frame cannot be a message; send JSON as text",
                        ByteBuffer.allocate(0),
                        this::demand);
            case NOT_UTF8 -> close(CloseCode.INVALID_DATA, "text must be UTF-8");
            case TOO_LARGE -> {
                String message = "A message may have " + bridge.maxMessageBytes() + " bytes at the most";
                to.reject(
                        "message_too_large", message, incoming.take(), () -> close(CloseCode.MESSAGE_TOO_BIG, message));
            }
        }
    }

    /** Called when the server is short of memory and this connection's unfinished message is the largest. */
    private void evicted() {
        close(CloseCode.OVERLOADED, "the server is short of memory for messages");
    }

    private void onPing(Frame ping, Callback callback) {
        Frame pong = new Frame(OpCode.PONG, copy(ping.getPayload()));
        callback.succeeded();
        send(pong, Callback.from(this::demand, cause -> {}), false);
    }

    private void onPong(Callback callback) {
        callback.succeeded();
        Runnable pong = awaitedPong.getAndSet(null);
        if (pong != null) {
            pong.run();
        }
        demand();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        LOG.log(System.Logger.Level.DEBUG, "A WebSocket broke off", cause);
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        clients.remove(this);
        incoming.drop();
        ended.complete(null);
        Scheduler.Task planned = cutOff;
        if (planned != null) {
            planned.cancel();
        }
        ClientSession over = session;
        if (over != null) {
            over.closed();
        }
        callback.succeeded();
    }

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        if (frames.isEmpty()) {
            done.sent();
        } else {
            new Batch(frames, done).sendNext();
        }
    }

    @Override
    public void close(int code, String reason) {
        CoreSession open = socket;
        if (open == null || !closing.compareAndSet(false, true)) {
            return;
        }
        cutOff = scheduler.schedule(open::abort, closingTime);
        send(new Goodbye(code, reason), Callback.NOOP, false);
        demand(); // to see the other side's close frame; all else is dropped
    }

    @Override
    public boolean ping(Runnable pong) {
        awaitedPong.set(pong);
        send(new Frame(OpCode.PING), Callback.NOOP, false);
        return true;
    }

    private void demand() {
        CoreSession open = socket;
        if (open == null || !open.isInputOpen() || !demanded.compareAndSet(false, true)) {
            return;
        }
        try {
            open.demand();
        } catch (IllegalStateException e) {
            if (open.isInputOpen()) {
                throw e;
            } // else it was closed in this moment, and there is nothing to demand any more
        }
    }

    private void failed(String doing, Throwable cause) {
        Guard.report(
                cause,
                shown -> LOG.log(
                        System.Logger.Level.ERROR, "The connection of a client is ended: " + doing + " failed", shown));
        close(CloseStatus.SERVER_ERROR, "internal error");
    }

    private void send(Frame frame, Callback callback, boolean batch) {
        CoreSession open = socket;
        if (open == null) {
            callback.failed(new IllegalStateException("The WebSocket is not open yet"));
            return;
        }
        open.sendFrame(frame, callback, batch);
    }

    private static ByteBuffer copy(@Nullable ByteBuffer payload) {
        ByteBuffer copy = ByteBuffer.allocate(payload == null ? 0 : payload.remaining());
        return payload == null ? copy : copy.put(payload.slice()).flip();
    }

    /**
     * A close frame that begins a closing handshake, whatever its code. After most codes Jetty ends the connection at once; a client that is still
     * sending would then be reset, and never see the code.
     */
    private static final class Goodbye extends Frame implements CloseStatus.Supplier {

        Goodbye(int code, String reason) {
            super(OpCode.CLOSE, CloseStatus.asPayloadBuffer(code, reason));
        }

        @Override
        public CloseStatus getCloseStatus() {
            return CloseStatus.NORMAL_STATUS;
        }
    }

    /**
     * Frames that go out together, in slices that stay below what Jetty takes. The last frame of a slice flushes. They have no time limit of their own: the bridge
     * closes a client that takes too long, and {@link #close} cuts off one that does not go. Jetty moves the position of a payload while it writes: each client has a view of its own.
     */
    private final class Batch implements Callback {

        private final List<ByteBuffer> frames;
        private final SendCallback done;
        private int next;

        Batch(List<ByteBuffer> frames, SendCallback done) {
            this.frames = frames;
            this.done = done;
        }

        void sendNext() {
            int last = Math.min(next + MAX_FRAMES_AT_ONCE, frames.size()) - 1;
            while (next < last) {
                send(new Frame(OpCode.TEXT, frames.get(next++).duplicate()), Callback.NOOP, true);
            }
            send(new Frame(OpCode.TEXT, frames.get(next++).duplicate()), this, false);
        }

        @Override
        public void succeeded() {
            if (next < frames.size()) {
                sendNext();
            } else {
                done.sent();
            }
        }

        @Override
        public void failed(Throwable cause) {
            done.failed(cause);
        }
    }
}
