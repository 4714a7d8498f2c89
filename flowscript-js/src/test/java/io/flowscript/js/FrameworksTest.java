package io.flowscript.js;

import io.flowscript.testsupport.BrowserScript;
import io.flowscript.testsupport.NodeProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("The client with the real libraries, in a browser, under the strict policy of the server")
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class FrameworksTest {

    private static final BrowserScript BROWSER = new BrowserScript("src/test/js/browser.mjs");

    private static Path script;

    /** The script of the page: the client, and the libraries with what shows its events. */
    @BeforeAll
    static void bundle(@TempDir Path folder) {
        NodeProcess.requireBrowser(Path.of(""));
        script = folder.resolve("frames.js");
        NodeProcess.run(Path.of(""), "src/test/js/bundle.mjs", "src/test/js/frames.entry.mjs", script.toString());
    }

    @AfterAll
    static void close() {
        BROWSER.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"alpine", "react"})
    void shows(String way) throws Exception {
        try (PageServer server = new PageServer("frames", Map.of(), script)) {
            server.flows.start("asks", Map.of(), "first");
            server.flows.start("asks", Map.of(), "second");
            BROWSER.play("frames " + server.uri() + " " + way + " first second");
        }
    }
}
