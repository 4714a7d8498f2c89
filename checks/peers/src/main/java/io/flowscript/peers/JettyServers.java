package io.flowscript.peers;

import java.net.InetAddress;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/** Jetty as the raw server of the load program has it, with Jetty's WebSocket API. */
final class JettyServers {

    private JettyServers() {}

    /** Sets up what serves WebSockets. */
    interface Setup {
        /**
         * Sets it up, before the server starts.
         *
         * @return what handles other requests of the context; null for nothing
         */
        Handler.@Nullable Abstract in(Server server, ServerWebSocketContainer sockets);
    }

    static ServerConnector start(Setup setup) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool(32, 4);
        threads.setReservedThreads(0);
        threads.setDaemon(true);
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 2);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setAcceptQueueSize(1_024);
        server.addConnector(connector);
        ContextHandler context = new ContextHandler("/");
        WebSocketUpgradeHandler upgrade =
                WebSocketUpgradeHandler.from(server, context, sockets -> sockets.setIdleTimeout(Duration.ZERO));
        Handler other = setup.in(server, upgrade.getServerWebSocketContainer());
        if (other != null) {
            upgrade.setHandler(other);
        }
        context.setHandler(upgrade);
        server.setHandler(context);
        server.start();
        return connector;
    }

    static void stop(ServerConnector connector) {
        LifeCycle.stop(connector.getServer());
    }
}
