package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.testsupport.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("The client with the real libraries, in a browser, under the strict policy of the server")
@Tag("slow")
class FrameworksTest {

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"alpine", "react"})
    void shows(String way, @TempDir Path folder) throws IOException {
        NodeProcess.requireBrowser(Path.of(""));
        Path script = folder.resolve("frames.js");
        NodeProcess.run(Path.of(""), "src/test/js/bundle.mjs", "src/test/js/frames.entry.mjs", script.toString());
        try (PageServer server = new PageServer("frames", Map.of(), script)) {
            server.flows.start("asks", Map.of(), "first");
            server.flows.start("asks", Map.of(), "second");
            assertThat(NodeProcess.run(
                            Path.of(""), "src/test/js/frames-browser.mjs", server.uri(), way, "first", "second"))
                    .endsWith("done");
        }
    }
}
