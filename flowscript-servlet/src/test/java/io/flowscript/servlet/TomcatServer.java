package io.flowscript.servlet;

import io.flowscript.core.bridge.EventBridge;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.modeler.Registry;
import org.apache.tomcat.websocket.server.WsSci;

/** An embedded Tomcat. */
final class TomcatServer extends ContainerServer {

    static final int MAX_THREADS = 24;

    static {
        Registry.disableRegistry(); // several servers of one process would have the same names there
    }

    private Tomcat tomcat;
    private Context context;

    TomcatServer(Application application) {
        super(application);
    }

    /** A server that has the servlet at its root. */
    TomcatServer(Function<EventBridge, FlowScriptServlet> servlets) {
        this(Application.atRoot(servlets));
    }

    @Override
    int startContainer(String path, long idle) throws Exception {
        tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createDirectories(Path.of("target", "tomcat")).toString());
        tomcat.setConnector(connector(idle));
        tomcat.getEngine().getPipeline().addValve(new ComeBack());
        context = tomcat.addContext(path, null);
        context.addServletContainerInitializer(new WsSci(), Set.of());
        context.addServletContainerInitializer((classes, starting) -> setUp(starting), null);
        tomcat.start();
        return tomcat.getConnector().getLocalPort();
    }

    private static Connector connector(long idle) {
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("connectionTimeout", String.valueOf(idle));
        connector.setProperty("maxThreads", String.valueOf(MAX_THREADS));
        connector.setProperty("minSpareThreads", "4");
        connector.setProperty("maxKeepAliveRequests", "-1");
        connector.setProperty("continueResponseTiming", "onRead");
        connector.setProperty("socket.txBufSize", "16384"); // so that a client that does not read is soon noticed
        return connector;
    }

    /** Does what a Tomcat that stops does before it ends the connections. */
    void stopApplication() throws Exception {
        context.stop();
    }

    @Override
    void stopContainer() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    /** Refuses for now what comes while Tomcat stops, which would say that there is nothing, as soon as it has no application for a request. */
    private static final class ComeBack extends ValveBase {

        ComeBack() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            if (request.getContext() == null
                    || (request.getWrapper() != null && request.getWrapper().isUnavailable())) {
                response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            } else {
                getNext().invoke(request, response);
            }
        }
    }
}
