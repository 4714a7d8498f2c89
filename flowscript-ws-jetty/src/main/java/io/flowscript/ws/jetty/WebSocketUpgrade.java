package io.flowscript.ws.jetty;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.http.Admission.Admitted;
import io.flowscript.http.HttpApi;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.ExtensionConfig;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.WebSocketConstants;
import org.eclipse.jetty.websocket.core.WebSocketExtensionRegistry;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.jspecify.annotations.Nullable;

/** Turns a request into a WebSocket (RFC 6455, section 4.2), or refuses it before there is one. Safe for use by any thread. */
final class WebSocketUpgrade {

    /** Small events up to a quarter of it are put into one write. Taken from a pool only while there is something in it. */
    private static final int OUTPUT_BUFFER_BYTES = 32 * 1024;

    private final EventBridge bridge;
    private final HttpApi http;
    private final Duration closingTime;
    private final OptionalInt compressFrom;
    private @Nullable WebSocketComponents components;
    private @Nullable WebSocketMappings mappings;
    private @Nullable Scheduler scheduler;

    /**
     * Sets the upgrade up.
     *
     * @param bridge takes the clients in
     * @param http decides who may come, and keeps them
     * @param closingTime how long a client may take to take its leave before it is cut off
     * @param compressFrom the smallest message that is compressed, in bytes; empty for no compression
     */
    WebSocketUpgrade(EventBridge bridge, HttpApi http, Duration closingTime, OptionalInt compressFrom) {
        this.bridge = bridge;
        this.http = http;
        this.closingTime = closingTime;
        this.compressFrom = compressFrom;
    }

    /** Takes on a server's threads and buffers, so that WebSockets have none of their own. */
    void start(Server server) throws Exception {
        WebSocketExtensionRegistry extensions = compressFrom.isPresent()
                ? ThresholdDeflate.registry(compressFrom.getAsInt())
                : new WebSocketExtensionRegistry();
        WebSocketComponents made = new WebSocketComponents(
                extensions, null, server.getByteBufferPool(), null, null, server.getThreadPool());
        made.start();
        components = made;
        mappings = new WebSocketMappings(made);
        scheduler = server.getScheduler();
    }

    void stop() throws Exception {
        WebSocketComponents used = components;
        if (used != null) {
            used.stop();
        }
    }

    /**
     * Upgrades a request that was admitted.
     *
     * @param admitted who may open the WebSocket
     * @param request the request
     * @param response its answer
     * @param callback completes with the answer
     * @return false when it asks for no WebSocket, and nothing was done
     */
    boolean upgrade(Admitted admitted, Request request, Response response, Callback callback) {
        Negotiator negotiator = new Negotiator(admitted, Objects.requireNonNull(scheduler));
        return Objects.requireNonNull(mappings).upgrade(negotiator, request, response, callback, null);
    }

    private final class Negotiator implements WebSocketNegotiator {

        private final Admitted admitted;
        private final Scheduler scheduler;

        Negotiator(Admitted admitted, Scheduler scheduler) {
            this.admitted = admitted;
            this.scheduler = scheduler;
        }

        @Override
        public FrameHandler negotiate(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
            Framing framing = Framing.SINGLE;
            if (request.getSubProtocols().contains(HttpApi.SUBPROTOCOL)) {
                response.setAcceptedSubProtocol(HttpApi.SUBPROTOCOL);
                framing = Framing.LINES;
            }
            List<ExtensionConfig> extensions =
                    compressFrom.isPresent() ? ThresholdDeflate.answer(request.getExtensions()) : List.of();
            response.setExtensions(extensions);
            boolean isPlain = extensions.isEmpty();
            return new WebSocketChannel(
                    bridge,
                    admitted.client(framing),
                    http,
                    scheduler,
                    closingTime,
                    isPlain ? Objects.requireNonNull(components).getByteBufferPool() : null);
        }

        @Override
        public void customize(Configuration socket) {
            socket.setIdleTimeout(Duration.ZERO); // the bridge's heartbeat tells who is gone
            socket.setAutoFragment(true); // what comes in is handed on as it comes, and counted
            socket.setMaxFrameSize(0); // what goes out is one frame
            socket.setMaxOutgoingFrames(2 * WebSocketChannel.MAX_FRAMES_AT_ONCE);
            socket.setInputBufferSize(WebSocketConstants.DEFAULT_INPUT_BUFFER_SIZE);
            socket.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
        }
    }
}
