package io.flowscript.servlet;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.testsupport.server.TestServer;
import jakarta.servlet.ServletContext;

/** An embedded container on the loopback address, which runs one application. Each container is a subclass. */
abstract class ContainerServer implements TestServer {

    private final Application application;
    private FlowScriptServlet servlet;
    private int port;
    private boolean isClosed;
    private long idleMillis = 20_000;

    /** A server that is not started yet. */
    ContainerServer(Application application) {
        this.application = application;
    }

    /**
     * Starts the container. It calls {@link #setUp} when the application starts.
     *
     * @param path the path of the application; empty for the root
     * @param idle after how many milliseconds the connector ends connections that are idle
     * @return the port that it listens on
     */
    abstract int startContainer(String path, long idle) throws Exception;

    abstract void stopContainer() throws Exception;

    final void setUp(ServletContext starting) {
        servlet.register(starting, application.mapping());
        application.more().accept(starting);
    }

    /** Has the connector end connections that are idle for a second. Called before the start. */
    final void shortenIdleTime() {
        idleMillis = 1_000;
    }

    @Override
    public final void start(EventBridge bridge) {
        servlet = application.servlets().apply(bridge);
        try {
            port = startContainer(application.path(), idleMillis);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public final int port() {
        return port;
    }

    @Override
    public final int clients() {
        return servlet.clients();
    }

    @Override
    public final void close() {
        if (servlet == null || isClosed) {
            return;
        }
        isClosed = true;
        servlet.close();
        try {
            stopContainer();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
