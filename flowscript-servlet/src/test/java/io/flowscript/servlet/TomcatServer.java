package io.flowscript.servlet;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.testsupport.server.TestServer;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.websocket.server.WsSci;

/** The servlet in an embedded Tomcat. */
final class TomcatServer implements TestServer {

    static final int MAX_THREADS = 24;

    static {
        Registry.disableRegistry(); // several servers of one process would have the same names there
    }

    private final Function<EventBridge, FlowScriptServlet> servlets;
    private final String contextPath;
    private final String mapping;
    private final Consumer<ServletContext> more;
    private FlowScriptServlet servlet;
    private Tomcat tomcat;
    private int port;
    private boolean isClosed;
    private long idleMillis = 20_000;

    /**
     * A server that is not started yet.
     *
     * @param servlets makes the servlet for the clients' bridge
     * @param contextPath the path of the application; empty for the root
     * @param mapping the URL pattern of the servlet
     * @param more sets more up in the application
     */
    TomcatServer(
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
    TomcatServer(Function<EventBridge, FlowScriptServlet> servlets) {
        this(servlets, "", "/*", context -> {});
    }

    @Override
    public void start(EventBridge bridge) {
        servlet = servlets.apply(bridge);
        tomcat = new Tomcat();
        try {
            tomcat.setBaseDir(
                    Files.createDirectories(Path.of("target", "tomcat")).toString());
            tomcat.setConnector(connector());
            Context context = tomcat.addContext(contextPath, null);
            context.addServletContainerInitializer(new WsSci(), Set.of());
            context.addServletContainerInitializer(
                    (classes, starting) -> {
                        servlet.register(starting, mapping);
                        more.accept(starting);
                    },
                    null);
            tomcat.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
        port = tomcat.getConnector().getLocalPort();
    }

    void idleTimeout(long millis) {
        idleMillis = millis;
    }

    private Connector connector() {
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("connectionTimeout", String.valueOf(idleMillis));
        connector.setProperty("maxThreads", String.valueOf(MAX_THREADS));
        connector.setProperty("minSpareThreads", "4");
        connector.setProperty("maxKeepAliveRequests", "-1");
        connector.setProperty("continueResponseTiming", "onRead");
        connector.setProperty("socket.txBufSize", "16384"); // so that a client that does not read is soon noticed
        return connector;
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
        if (tomcat == null || isClosed) {
            return;
        }
        isClosed = true;
        servlet.close();
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}
