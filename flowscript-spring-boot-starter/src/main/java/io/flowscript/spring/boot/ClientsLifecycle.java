package io.flowscript.spring.boot;

import io.flowscript.servlet.FlowScriptServlet;
import jakarta.servlet.ServletConfig;
import org.springframework.context.SmartLifecycle;

/**
 * Says good-bye to clients when the application begins to stop. It comes before the orderly end of the container, which would wait for streams that have no
 * end. Safe for use by any thread.
 */
final class ClientsLifecycle implements SmartLifecycle {

    private final FlowScriptServlet servlet;
    private volatile boolean running;

    ClientsLifecycle(FlowScriptServlet servlet) {
        this.servlet = servlet;
    }

    /** Lets clients in again after a stop; the container has not been told of that, and initializes the servlet only once. */
    @Override
    public void start() {
        ServletConfig config = servlet.getServletConfig();
        if (config != null) {
            servlet.init(config);
        }
        running = true;
    }

    /** Waits for clients to leave, at most {@code flowscript.transports.closing-time} and a little. */
    @Override
    public void stop() {
        servlet.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The last to start, and the first to stop. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
