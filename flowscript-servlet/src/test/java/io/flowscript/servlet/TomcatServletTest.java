package io.flowscript.servlet;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@Tag("integration")
@DisplayName("The servlet on Tomcat")
class TomcatServletTest extends ServletBehaviour {

    @Override
    ContainerServer server(Application application) {
        return new TomcatServer(application);
    }

    @Override
    boolean awaitsTheAnswerToAClose() {
        return true;
    }
}
