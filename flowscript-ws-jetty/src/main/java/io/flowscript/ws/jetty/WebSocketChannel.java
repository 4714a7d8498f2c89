package io.flowscript.ws.jetty;

import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.http.HttpApi;
import io.flowscript.http.WebSocketConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.eclipse.jetty.io.ByteBufferPool;
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
final class WebSocketChannel extends WebSocketConnection implements FrameHandler {

    /** How many frames are handed to Jetty before the last of them went out; Jetty itself refuses more than twice as many. */
    static final int MAX_FRAMES_AT_ONCE = 256;

    private static final AtomicIntegerFieldUpdater<WebSocketChannel> DEMANDED =
            AtomicIntegerFieldUpdater.newUpdater(WebSocketChannel.class, "demanded");

    private static final System.Logger LOG = System.getLogger(WebSocketChannel.class.getName());
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Scheduler scheduler;
    private final Duration closingTime;

    /** Lends buffers for blocks of frames; null when an extension changes the frames. */
    private final @Nullable ByteBufferPool blocks;

    /** 1 while a frame is demanded that has not come. */
    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile int demanded;

    private @Nullable CoreSession socket;
    private volatile Scheduler.@Nullable Task cutOff;

    WebSocketChannel(
            EventBridge bridge,
            ClientInfo client,
            HttpApi http,
            Scheduler scheduler,
            Duration closingTime,
            @Nullable ByteBufferPool blocks) {
        super(bridge, client, http);
        this.blocks = blocks;
        this.scheduler = scheduler;
        this.closingTime = closingTime;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        socket = opened;
        callback.succeeded();
        opened();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        demanded = 0;
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
        if (frame.getOpCode() != OpCode.CONTINUATION) {
            begins(frame.getOpCode() == OpCode.BINARY);
        }
        ByteBuffer payload = frame.getPayload();
        received(payload == null ? NOTHING : payload, frame.isFin(), callback::succeeded);
    }

    private void onPing(Frame ping, Callback callback) {
        Frame pong = new Frame(OpCode.PONG, copy(ping.getPayload()));
        callback.succeeded();
        send(pong, Callback.from(this::wantNext, cause -> {}), false);
    }

    private void onPong(Callback callback) {
        callback.succeeded();
        ponged();
        wantNext();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        LOG.log(System.Logger.Level.DEBUG, "A WebSocket broke off", cause);
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        Scheduler.Task planned = cutOff;
        if (planned != null) {
            planned.cancel();
        }
        over();
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
    protected void leave(int code, String reason) {
        CoreSession open = socket;
        if (open == null) {
            return; // it is closed only after it was opened
        }
        cutOff = scheduler.schedule(open::abort, closingTime);
        send(new Goodbye(code, reason), Callback.NOOP, false);
        wantNext(); // to see the other side's close frame; all else is dropped
    }

    @Override
    protected void sendPing() {
        send(new Frame(OpCode.PING), Callback.NOOP, false);
    }

    @Override
    protected void wantNext() {
        CoreSession open = socket;
        if (open == null || !open.isInputOpen() || !DEMANDED.compareAndSet(this, 0, 1)) {
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
     * Frames that go out together, in blocks, or in slices that stay below what Jetty takes. The last frame of a slice flushes. They have no time limit of their own: the bridge
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

        /** Gives Jetty one slice at once, so that a close frame cannot come between its frames. */
        void sendNext() {
            int end = Math.min(next + MAX_FRAMES_AT_ONCE, frames.size());
            ByteBufferPool pool = blocks;
            for (int from = next, to; from < end; from = to) {
                int together = pool == null ? 1 : Math.max(1, FrameBlock.fitting(frames, from, end));
                to = from + together;
                next = to;
                Callback callback = to == end ? this : Callback.NOOP;
                if (pool != null && together > 1) {
                    FrameBlock block = FrameBlock.of(pool, frames.subList(from, to));
                    send(block, Callback.from(block::release, callback), false);
                } else {
                    send(
                            new Frame(OpCode.TEXT, frames.get(from).duplicate()),
                            callback,
                            pool == null && callback != this);
                }
            }
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
