package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.Execution;
import io.flowscript.testsupport.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@DisplayName("The form in a browser, from the files that the server sends, under their strict policy")
@Tag("slow")
class FormInBrowserTest {

    private static final Map<String, Object> FORM = Map.of(
            "schema",
            Map.of(
                    "type",
                    "object",
                    "required",
                    List.of("host", "days"),
                    "properties",
                    Map.of(
                            "host", Map.of("type", "string", "format", "hostname", "title", "Host"),
                            "days", Map.of("type", "integer", "minimum", 1, "title", "Days"))),
            "submitLabel",
            "Go");

    private PageServer server;

    @BeforeEach
    void start() throws IOException {
        NodeProcess.requireBrowser(Path.of(""));
        server = new PageServer("form", Map.of("form", FORM));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"cases", "keyboard", "drafts", "kinds", "refusals"})
    void inThePage(String part) {
        assertThat(NodeProcess.run(Path.of(""), "src/test/js/form-browser.mjs", server.uri(), part))
                .endsWith("done");
    }

    @Test
    @DisplayName("an answer is refused beside its field, then counts; a later one is told who was first")
    void answers() {
        Execution run = server.flows.start("asks", Map.of(), "trip");
        assertThat(NodeProcess.run(Path.of(""), "src/test/js/form-browser.mjs", server.uri(), "server", "trip"))
                .endsWith("done");
        assertThat(run.result())
                .succeedsWithin(Duration.ofSeconds(10))
                .satisfies(result -> assertThat(result.state().get("formData"))
                        .isEqualTo(Map.of("host", "a.example.com", "days", 3)));
    }
}
