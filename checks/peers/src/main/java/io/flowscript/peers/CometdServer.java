package io.flowscript.peers;

import io.flowscript.benchmarks.load.Events;
import java.util.concurrent.atomic.AtomicReference;
import org.cometd.bayeux.Promise;
import org.cometd.bayeux.server.LocalSession;
import org.cometd.bayeux.server.ServerChannel;
import org.cometd.server.BayeuxServerImpl;
import org.cometd.server.websocket.jetty.JettyWebSocketTransport;
import org.eclipse.jetty.server.Context;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;

/** CometD: a channel on which a session of the server publishes. Nothing tells it whether its clients are behind. */
final class CometdServer extends Broadcast {

    /** Longer than a run, so that clients need not ask again. */
    private static final String HOUR_MILLIS = "3600000";

    private final AtomicReference<BayeuxServerImpl> bayeux = new AtomicReference<>();
    private final ServerConnector connector;
    private final ServerChannel channel;
    private final LocalSession session;

    CometdServer() throws Exception {
        connector = JettyServers.start((server, sockets) -> new Service(bayeux));
        BayeuxServerImpl started = bayeux.get();
        channel = started.createChannelIfAbsent("/" + Events.EXECUTION, created -> created.setPersistent(true))
                .getReference();
        session = started.newLocalSession("load");
        session.handshake();
    }

    @Override
    void publish(int number, long due) {
        channel.publish(session, Events.fields(number, due), Promise.noop());
    }

    @Override
    boolean isBehind() {
        return false;
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public String about() {
        return "CometD " + Versions.of("cometd");
    }

    @Override
    public void close() {
        JettyServers.stop(connector);
    }

    /** Begins CometD with its context. */
    private static final class Service extends Handler.Abstract {

        private final AtomicReference<BayeuxServerImpl> bayeux;

        Service(AtomicReference<BayeuxServerImpl> bayeux) {
            this.bayeux = bayeux;
        }

        @Override
        protected void doStart() throws Exception {
            BayeuxServerImpl service = new BayeuxServerImpl();
            service.setOption(BayeuxServerImpl.TRANSPORTS_OPTION, JettyWebSocketTransport.class.getName());
            service.setOption("ws.cometdURLMapping", "/ws");
            service.setOption("ws.timeout", HOUR_MILLIS);
            service.setOption("ws.idleTimeout", "0");
            service.setOption(Context.class.getName(), ContextHandler.getCurrentContext(getServer()));
            addBean(service);
            bayeux.set(service);
            super.doStart();
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            return false;
        }
    }
}
