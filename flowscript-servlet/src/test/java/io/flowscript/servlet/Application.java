package io.flowscript.servlet;

import io.flowscript.core.bridge.EventBridge;
import jakarta.servlet.ServletContext;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An application that has the servlet, as a container runs it.
 *
 * @param servlets makes the servlet for the clients' bridge
 * @param path the path of the application; empty for the root
 * @param mapping the URL pattern of the servlet
 * @param more sets more up in the application
 */
record Application(
        Function<EventBridge, FlowScriptServlet> servlets, String path, String mapping, Consumer<ServletContext> more) {

    /** One that has the servlet at its root, and nothing else. */
    static Application atRoot(Function<EventBridge, FlowScriptServlet> servlets) {
        return new Application(servlets, "", "/*", context -> {});
    }
}
