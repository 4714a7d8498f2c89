package io.flowscript.servlet;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connects a WebSocket of the container to its channel. It is public because containers want that of endpoints; an application has no use for it.
 *
 * @since 0.1.0
 */
public final class WebSocketEndpoint extends Endpoint {

    private static final System.Logger LOG = System.getLogger(WebSocketEndpoint.class.getName());

    private final Function<Session, WebSocketChannel> opening;
    private volatile @Nullable WebSocketChannel channel;

    WebSocketEndpoint(Function<Session, WebSocketChannel> opening) {
        this.opening = opening;
    }

    @Override
    public void onOpen(Session socket, EndpointConfig config) {
        WebSocketChannel opened = opening.apply(socket);
        channel = opened;
        opened.open();
    }

    @Override
    public void onClose(Session socket, CloseReason reason) {
        WebSocketChannel open = channel;
        if (open != null) {
            open.gone();
        }
    }

    @Override
    public void onError(Session socket, Throwable cause) {
        LOG.log(System.Logger.Level.DEBUG, "A WebSocket broke off", cause);
    }
}
