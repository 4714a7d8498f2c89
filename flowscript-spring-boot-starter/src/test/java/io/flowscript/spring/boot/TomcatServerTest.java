package io.flowscript.spring.boot;

import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The starter in Tomcat")
class TomcatServerTest extends ServerBehaviour {

    @Override
    List<String> container() {
        return List.of(
                "--spring.autoconfigure.exclude=org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration");
    }
}
