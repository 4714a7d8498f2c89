package io.flowscript.servlet;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@Tag("integration")
@DisplayName("The servlet on Jetty")
class JettyServletTest extends ServletBehaviour {

    @Override
    ContainerServer server(Application application) {
        return new JettyServer(application);
    }

    @Override
    boolean awaitsTheAnswerToAClose() {
        return false;
    }
}
