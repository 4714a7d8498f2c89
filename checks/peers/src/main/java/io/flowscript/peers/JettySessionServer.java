package io.flowscript.peers;

import io.flowscript.benchmarks.load.Events;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Jetty;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketClose;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketError;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketMessage;
import org.eclipse.jetty.websocket.api.annotations.WebSocket;

/** Jetty's WebSocket API with annotations: each event is encoded once and sent to each session as a text. */
final class JettySessionServer extends Broadcast {

    /** How many texts may wait for their clients. */
    private static final long MOST_UNSENT = 50_000;

    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicLong unsent = new AtomicLong();
    private final Callback sent = Callback.from(unsent::decrementAndGet, failure -> unsent.decrementAndGet());
    private final ServerConnector connector;

    JettySessionServer() throws Exception {
        connector = JettyServers.start((server, sockets) -> {
            sockets.addMapping("/ws", (request, response, callback) -> new Endpoint(sessions));
            return null;
        });
    }

    @Override
    void publish(int number, long due) {
        String text = new String(Events.encoded(number, due), StandardCharsets.UTF_8);
        for (Session session : sessions) {
            unsent.incrementAndGet();
            session.sendText(text, sent);
        }
    }

    @Override
    boolean isBehind() {
        return unsent.get() > MOST_UNSENT;
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public String about() {
        return "Jetty " + Jetty.VERSION;
    }

    @Override
    public void close() {
        JettyServers.stop(connector);
    }

    /** One client. Public, as Jetty wants it. */
    @WebSocket
    public static final class Endpoint {

        private final Set<Session> sessions;

        Endpoint(Set<Session> sessions) {
            this.sessions = sessions;
        }

        /**
         * Subscribes the client.
         *
         * @param session its session
         * @param message what it said
         */
        @OnWebSocketMessage
        public void onMessage(Session session, String message) {
            sessions.add(session);
            session.sendText(Events.SUBSCRIBED, Callback.NOOP);
        }

        /**
         * Does nothing: a client that was cut is closed next.
         *
         * @param failure what happened
         */
        @OnWebSocketError
        public void onError(Throwable failure) {
            // see onClose
        }

        /**
         * Forgets the client.
         *
         * @param session its session
         * @param code why it ended
         * @param reason the same in words
         */
        @OnWebSocketClose
        public void onClose(Session session, int code, String reason) {
            sessions.remove(session);
        }
    }
}
