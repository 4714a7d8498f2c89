package io.flowscript.servlet;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.testsupport.server.TestServer;
import jakarta.servlet.ServletContext;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The servlet on Tomcat")
class TomcatServletTest extends ServletBehaviour {

    @Override
    TestServer server(
            Function<EventBridge, FlowScriptServlet> servlets,
            String contextPath,
            String mapping,
            Consumer<ServletContext> more) {
        return new TomcatServer(servlets, contextPath, mapping, more);
    }

    @Override
    void shortenIdleTime(TestServer server) {
        ((TomcatServer) server).idleTimeout(300);
    }

    @Override
    boolean awaitsTheAnswerToAClose() {
        return true;
    }
}
