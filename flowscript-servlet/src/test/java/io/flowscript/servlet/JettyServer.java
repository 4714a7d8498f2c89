package io.flowscript.servlet;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.testsupport.server.TestServer;
import jakarta.servlet.ServletContext;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The servlet in an embedded Jetty, with servlets of Jakarta EE 11. */
final class JettyServer implements TestServer {

    private final Function<EventBridge, FlowScriptServlet> servlets;
    private final String contextPath;
    private final String mapping;
    private final Consumer<ServletContext> more;
    private FlowScriptServlet servlet;
    private Server jetty;
    private int port;
    private boolean isClosed;
    private long idleMillis = 30_000;

    JettyServer(
            Function<EventBridge, FlowScriptServlet> servlets,
            String contextPath,
            String mapping,
            Consumer<ServletContext> more) {
        this.servlets = servlets;
        this.contextPath = contextPath;
        this.mapping = mapping;
        this.more = more;
    }

    /** A server that has the servlet at its root. */
    JettyServer(Function<EventBridge, FlowScriptServlet> servlets) {
        this(servlets, "", "/*", context -> {});
    }

    @Override
    public void start(EventBridge bridge) {
        servlet = servlets.apply(bridge);
        QueuedThreadPool threads = new QueuedThreadPool(24, 4);
        threads.setName("jetty-test");
        jetty = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(idleMillis);
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler(contextPath.isEmpty() ? "/" : contextPath);
        JakartaWebSocketServletContainerInitializer.configure(context, null);
        context.addServletContainerInitializer((classes, starting) -> {
            servlet.register(starting, mapping);
            more.accept(starting);
        });
        jetty.setHandler(context);
        jetty.setErrorHandler((request, response, callback) -> { // of requests that it fails when it stops
            response.setStatus(jetty.isRunning() ? response.getStatus() : 503);
            callback.succeeded();
            return true;
        });
        try {
            jetty.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        port = connector.getLocalPort();
    }

    void idleTimeout(long millis) {
        idleMillis = millis;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int clients() {
        return servlet.clients();
    }

    @Override
    public void close() {
        if (jetty == null || isClosed) {
            return;
        }
        isClosed = true;
        servlet.close();
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
