package io.flowscript.sample;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.engine.FlowScript;
import io.flowscript.testsupport.NodeProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

@Tag("integration")
class SampleTest {

    /** The module that has the packages of scripts. */
    private static final Path PACKAGES = Path.of("..", "flowscript-console");

    @TempDir
    Path folder;

    private ConfigurableApplicationContext start(int port) {
        SpringApplication application = new SpringApplication(ExpenseApplication.class);
        application.setRegisterShutdownHook(false);
        return application.run(
                "--server.port=" + port,
                "--flowscript.store-file=" + folder.resolve("expenses.db"),
                "--spring.main.banner-mode=off");
    }

    private static int portOf(ConfigurableApplicationContext application) {
        return ((WebServerApplicationContext) application).getWebServer().getPort();
    }

    private static void play(NodeProcess people, String part, int port) {
        people.say(part + " http://127.0.0.1:" + port + "/flow/");
        assertThat(people.read()).contains("ok");
    }

    @Test
    @Tag("slow")
    @DisplayName(
            "Ann asks in a browser, the application is started again, and Max approves; neither does what the other may")
    void twoPeople() throws Exception {
        NodeProcess.requireBrowser(PACKAGES);
        try (NodeProcess people =
                NodeProcess.start(Path.of(""), Path.of("src/test/js/people.mjs").toString())) {
            assertThat(people.read()).contains("ready");
            int port;
            try (ConfigurableApplicationContext application = start(0)) {
                port = portOf(application);
                play(people, "asks", port);
            }
            try (ConfigurableApplicationContext application = start(port)) {
                play(people, "approves", port);
                assertThat(application
                                .getBean(FlowScript.class)
                                .executions()
                                .find("desk-1")
                                .orElseThrow()
                                .result()
                                .get(10, SECONDS)
                                .status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @Test
    @DisplayName("The sample starts with what it names, and has its workflow")
    void starts() {
        try (ConfigurableApplicationContext application = start(0)) {
            assertThat(application.getBean(FlowScript.class).workflows()).hasSize(1);
            assertThat(application.getBean(FlowScript.class).isDurable()).isTrue();
        }
    }
}
