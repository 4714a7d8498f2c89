package io.flowscript.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What a person reads when the application does not start. */
@Tag("integration")
@ExtendWith(OutputCaptureExtension.class)
class FailureTest {

    @TempDir
    Path folder;

    @Configuration(proxyBeanMethods = false)
    @Import(Approval.class)
    @ImportAutoConfiguration({FlowScriptAutoConfiguration.class, FlowScriptStoreAutoConfiguration.class})
    static class App {}

    /** What is reported of a start that fails. */
    private static String failure(CapturedOutput output, String... settings) {
        SpringApplication spring = new SpringApplication(App.class);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setRegisterShutdownHook(false);
        String[] arguments = Arrays.copyOf(settings, settings.length + 1);
        arguments[settings.length] = "--logging.config=classpath:console-logback.xml";
        try {
            spring.run(arguments).close();
        } catch (RuntimeException expected) {
            return output.getAll();
        }
        throw new AssertionError("The application has started");
    }

    @Test
    @DisplayName("A file that is not JSON is named, with the place in it")
    void notJson(CapturedOutput output) {
        assertThat(failure(output, "--flowscript.workflows=classpath:broken/not-json.json"))
                .contains("APPLICATION FAILED TO START", "broken/not-json.json", "line 1", "Action:");
    }

    @Test
    @DisplayName("An unknown node is named, with the one that may be meant and how to make one")
    void unknownNode(CapturedOutput output) {
        assertThat(failure(output, "--flowscript.workflows=classpath:broken/unknown.json"))
                .contains(
                        "APPLICATION FAILED TO START", "unknown.json", "/nodes/0", "aprove", "Did you mean \"approve\"")
                .contains("Node.named(");
    }

    @Test
    @DisplayName("A store that cannot be opened is named, with what else there is")
    void badStore(CapturedOutput output) {
        assertThat(failure(output, "--flowscript.store=file", "--flowscript.store-file=" + folder))
                .contains("APPLICATION FAILED TO START", "[store_failed]", "Action:", "memory");
        assertThat(failure(output, "--flowscript.store=datasource"))
                .contains("flowscript.store is \"datasource\"", "[invalid_setting]");
    }

    @Test
    @DisplayName("A place without a workflow is named")
    void nothingThere(CapturedOutput output) {
        assertThat(failure(output, "--flowscript.workflows=classpath:missing.json"))
                .contains("APPLICATION FAILED TO START", "classpath:missing.json", "Correct flowscript.workflows");
    }
}
