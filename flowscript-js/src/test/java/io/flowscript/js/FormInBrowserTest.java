package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.Execution;
import io.flowscript.testsupport.BrowserScript;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
@DisplayName("The form in a browser, from the files that the server sends, under their strict policy")
@Tag("slow")
@org.junit.jupiter.api.parallel.Execution(ExecutionMode.CONCURRENT)
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

    private static final BrowserScript BROWSER = new BrowserScript("src/test/js/browser.mjs");

    private final PageServer server = new PageServer("form", Map.of("form", FORM));

    FormInBrowserTest() throws IOException {}

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void closeBrowser() {
        BROWSER.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"cases", "keyboard", "drafts", "kinds", "refusals"})
    void inThePage(String part) throws InterruptedException {
        BROWSER.play(part + " " + server.uri());
    }

    @Test
    @DisplayName("an answer is refused beside its field, then counts; a later one is told who was first")
    void answers() throws InterruptedException {
        Execution run = server.flows.start("asks", Map.of(), "trip");
        BROWSER.play("server " + server.uri() + " trip");
        assertThat(run.result())
                .succeedsWithin(Duration.ofSeconds(10))
                .satisfies(result -> assertThat(result.state().get("formData"))
                        .isEqualTo(Map.of("host", "a.example.com", "days", 3)));
    }
}
