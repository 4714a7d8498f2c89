package io.flowscript.spring.boot;

import java.util.List;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The starter in Jetty")
class JettyServerTest extends ServerBehaviour {

    @Override
    List<String> container() {
        return List.of(
                "--spring.autoconfigure.exclude=org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration");
    }
}
