package io.flowscript.benchmarks.load;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.Jetty;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/**
 * The baseline: Jetty's WebSocket core alone, without log, subscriptions or replay. The events of a burst are encoded
 * in advance. Each event is a frame; with batching, frames share a write as far as they fit the buffer of 32 KiB.
 */
final class RawServer implements LoadServer {

    private static final int BUFFER_BYTES = 32 << 10;
    private static final byte[] WELCOME = Events.SUBSCRIBED.getBytes(StandardCharsets.US_ASCII);

    private final boolean batched;
    private final Server server;
    private final ServerConnector connector;
    /** Those who get the bursts. */
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Those who get the events of {@link Events#LIVE_EXECUTION}, and no others. */
    private final Set<Socket> live = ConcurrentHashMap.newKeySet();

    private final AtomicLong emitted = new AtomicLong();
    private volatile ByteBuffer[] frames = {};
    private volatile boolean isClosed;

    /** {@code livePerSecond}: events a second for the clients of {@link Events#LIVE_EXECUTION}; 0 for none. */
    RawServer(boolean batched, int livePerSecond) throws Exception {
        this.batched = batched;
        QueuedThreadPool threads = new QueuedThreadPool(32, 4);
        threads.setReservedThreads(0);
        threads.setDaemon(true);
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 2);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setAcceptQueueSize(1_024);
        server.addConnector(connector);
        WebSocketComponents components = new WebSocketComponents();
        server.addBean(components);
        server.setHandler(new Upgrade(new WebSocketMappings(components)));
        server.start();
        if (livePerSecond > 0) {
            start("raw-live", () -> Pace.keep(livePerSecond, number -> !isClosed, this::emitLive));
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public long burst(int events) {
        if (frames.length != events) {
            ByteBuffer[] encoded = new ByteBuffer[events];
            Arrays.setAll(encoded, i -> ByteBuffer.wrap(Events.encoded(i, System.nanoTime())));
            frames = encoded;
        }
        long begun = System.nanoTime();
        sockets.forEach(socket -> new Burst(socket).iterate());
        return begun;
    }

    @Override
    public long latest() {
        return frames.length;
    }

    @Override
    public void pace(int perSecond, Duration time) {
        emitted.set(0);
        start("raw-pacer", () -> Pace.keep(perSecond, time, this::emit));
    }

    private void emit(int number, long due) {
        byte[] event = Events.encoded(number, due);
        sockets.forEach(socket -> socket.send(ByteBuffer.wrap(event), Callback.NOOP, false));
        emitted.lazySet(number + 1L);
    }

    private void emitLive(int number, long due) {
        byte[] event = Events.encoded(number, due);
        live.forEach(socket -> socket.send(ByteBuffer.wrap(event), Callback.NOOP, false));
    }

    @Override
    public long emitted() {
        return emitted.get();
    }

    @Override
    public String about() {
        return "Jetty " + Jetty.VERSION;
    }

    @Override
    public String gauges() {
        return "connections=" + (sockets.size() + live.size());
    }

    @Override
    public void close() {
        isClosed = true;
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty cannot be stopped", e);
        }
    }

    /**
     * Sends a burst to one client in slices of as many frames as fit the buffer; each slice follows when the last was
     * written.
     */
    private final class Burst extends IteratingCallback {

        private final Socket socket;
        private final ByteBuffer[] frames = RawServer.this.frames;
        private int next;

        Burst(Socket socket) {
            this.socket = socket;
        }

        @Override
        protected Action process() {
            if (next == frames.length) {
                return Action.SUCCEEDED;
            }
            int room = batched ? BUFFER_BYTES - 4 - frames[next].remaining() : 0;
            while (next + 1 < frames.length && room >= frames[next + 1].remaining() + 4) {
                room -= frames[next + 1].remaining() + 4;
                socket.send(frames[next++].slice(), Callback.NOOP, true);
            }
            socket.send(frames[next++].slice(), this, false);
            return Action.SCHEDULED;
        }
    }

    /** One client. */
    private final class Socket implements FrameHandler {

        private CoreSession session;

        @Override
        public void onOpen(CoreSession opened, Callback callback) {
            session = opened;
            sockets.add(this);
            callback.succeeded();
            opened.demand();
        }

        @Override
        public void onFrame(Frame frame, Callback callback) {
            String asked = frame.getOpCode() == OpCode.TEXT ? frame.getPayloadAsUTF8() : "";
            callback.succeeded();
            if (!asked.isEmpty()) {
                send(ByteBuffer.wrap(WELCOME), Callback.NOOP, false);
                if (asked.contains(Events.LIVE_EXECUTION) && sockets.remove(this)) {
                    live.add(this);
                }
                if (!asked.contains(ClientProcess.LATEST)) {
                    new Burst(this).iterate(); // it has come back, and has none of the last burst
                }
            }
            session.demand();
        }

        @Override
        public void onError(Throwable cause, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            sockets.remove(this);
            live.remove(this);
            callback.succeeded();
        }

        void send(ByteBuffer message, Callback callback, boolean batch) {
            session.sendFrame(new Frame(OpCode.TEXT, message), callback, batch);
        }
    }

    private final class Upgrade extends Handler.Abstract {

        private final WebSocketMappings mappings;

        Upgrade(WebSocketMappings mappings) {
            this.mappings = mappings;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            return mappings.upgrade(new Negotiator(), request, response, callback, null);
        }
    }

    private final class Negotiator implements WebSocketNegotiator {

        @Override
        public FrameHandler negotiate(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
            response.setExtensions(List.of());
            return new Socket();
        }

        @Override
        public void customize(Configuration socket) {
            socket.setIdleTimeout(Duration.ZERO);
            socket.setMaxFrameSize(0);
            socket.setMaxOutgoingFrames(-1);
            socket.setOutputBufferSize(BUFFER_BYTES);
        }
    }
}
