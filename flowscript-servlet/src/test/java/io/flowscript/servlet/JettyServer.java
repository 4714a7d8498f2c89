package io.flowscript.servlet;

import io.flowscript.core.bridge.EventBridge;
import java.util.function.Function;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** An embedded Jetty, with servlets of Jakarta EE 11. */
final class JettyServer extends ContainerServer {

    private Server jetty;

    JettyServer(Application application) {
        super(application);
    }

    /** A server that has the servlet at its root. */
    JettyServer(Function<EventBridge, FlowScriptServlet> servlets) {
        this(Application.atRoot(servlets));
    }

    @Override
    int startContainer(String path, long idle) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool(24, 4);
        threads.setName("jetty-test");
        jetty = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(idle);
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler(path.isEmpty() ? "/" : path);
        JakartaWebSocketServletContainerInitializer.configure(context, null);
        context.addServletContainerInitializer((classes, starting) -> setUp(starting));
        jetty.setHandler(context);
        jetty.setErrorHandler((request, response, callback) -> { // of requests that it fails when it stops
            response.setStatus(jetty.isRunning() ? response.getStatus() : 503);
            callback.succeeded();
            return true;
        });
        jetty.start();
        return connector.getLocalPort();
    }

    @Override
    void stopContainer() throws Exception {
        jetty.stop();
    }
}
