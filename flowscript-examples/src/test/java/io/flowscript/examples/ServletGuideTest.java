package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.servlet.FlowScriptServlet;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@DisplayName("The examples of the guide to the servlet, compiled and run")
class ServletGuideTest {

    private final int port = 0;

    @TempDir
    private Path temporary;

    @Test
    void aProgram() throws Exception {
        String folder = temporary.toString();
        try (FlowScript flows = FlowScript.builder().build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build()) {
            FlowScriptServlet servlet =
                    FlowScriptServlet.builder(bridge).roles("clerk", "manager").build();
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(folder);
            tomcat.setPort(port);
            tomcat.getConnector();
            Context application = tomcat.addContext("", null);
            application.addServletContainerInitializer(new WsSci(), null); // WebSockets
            application.addServletContainerInitializer(
                    (classes, context) -> servlet.register(context, "/flow/*"), null);
            tomcat.start();
            try {
                assertServes(tomcat);
            } finally {
                servlet.close();
                tomcat.stop();
                tomcat.destroy();
            }
        }
    }

    @Test
    void inAWar() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(temporary.toString());
        tomcat.setPort(port);
        tomcat.getConnector();
        tomcat.addContext("", null).addApplicationListener(Workflows.class.getName());
        tomcat.start();
        try {
            assertServes(tomcat);
        } finally {
            tomcat.stop();
            tomcat.destroy();
        }
    }

    @WebListener
    public static final class Workflows implements ServletContextListener {

        private final FlowScript flows = FlowScript.builder().build();
        private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();

        @Override
        public void contextInitialized(ServletContextEvent event) {
            FlowScriptServlet.builder(bridge).build().register(event.getServletContext(), "/flow/*");
        }

        @Override
        public void contextDestroyed(ServletContextEvent event) {
            bridge.close();
            flows.close();
        }
    }

    private static void assertServes(Tomcat tomcat) throws Exception {
        String server = "http://localhost:" + tomcat.getConnector().getLocalPort() + "/flow";
        assertThat(status(server + "/health")).isEqualTo(200);
        assertThat(status(server + "/workflows")).as("nobody has logged in").isEqualTo(401);
    }

    private static int status(String uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void everyExampleOfTheGuideIsInThisFile() throws Exception {
        for (String block : new DocExamples("docs/guide-servlet.md").blocks("java")) {
            DocExamples.assertIsIn(ServletGuideTest.class, block);
        }
    }
}
