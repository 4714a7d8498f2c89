package io.flowscript.spring.boot;

import java.io.IOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The application that is prepared ahead of time, in a process of its own. It ends when its input does. */
@Configuration(proxyBeanMethods = false)
@Import(ServerBehaviour.App.class)
class PreparedApplication {

    static final String STARTED = "serves at port ";

    public static void main(String[] arguments) throws IOException {
        try (ConfigurableApplicationContext application = SpringApplication.run(PreparedApplication.class, arguments)) {
            System.out.println(STARTED
                    + ((WebServerApplicationContext) application).getWebServer().getPort());
            System.in.read();
        }
    }
}
