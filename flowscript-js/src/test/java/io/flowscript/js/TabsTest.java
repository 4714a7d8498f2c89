package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.testsupport.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("In a browser, from the files that the server sends, under their strict policy")
@Tag("slow")
class TabsTest {

    private PageServer server;

    @BeforeEach
    void start() throws IOException {
        NodeProcess.requireBrowser(Path.of(""));
        server = new PageServer("tab", Map.of());
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @DisplayName("three tabs share one connection, and a tab that is closed leaves it to the others")
    void tabsShareOneConnection() {
        play("shared", 1);
    }

    @Test
    @DisplayName("without a shared worker, each tab has its own connection and sees the same")
    void eachTabAlone() {
        play("alone", 3);
    }

    private void play(String way, int connections) {
        server.flows.start("asks", Map.of(), "run-" + way);
        try (NodeProcess node =
                NodeProcess.start(Path.of(""), "src/test/js/browser.mjs", server.uri(), "run-" + way, way)) {
            expect(node, "ready");
            assertThat(server.bridge.stats().connections()).isEqualTo(connections);
            node.say("go on");
            expect(node, "seen");
            node.say("go on");
            expect(node, "closed");
            await().untilAsserted(() ->
                    assertThat(server.bridge.stats().connections()).isZero());
            node.say("go on");
            assertThat(node.read()).isEmpty();
        }
    }

    private static void expect(NodeProcess node, String line) {
        assertThat(node.read()).hasValue(line);
    }
}
