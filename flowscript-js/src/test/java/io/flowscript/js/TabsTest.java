package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.WebAssets;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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

    private FlowScript flows;
    private FlowScriptBridge bridge;
    private FlowScriptWebSocketServer server;

    @BeforeEach
    void start() throws IOException {
        NodeProcess.requireBrowser();
        Map<String, byte[]> page = new LinkedHashMap<>();
        for (String name : List.of("tab.html", "tab.css", "tab.js")) {
            page.put(name, Files.readAllBytes(Path.of("src", "test", "js", name)));
        }
        flows = FlowScript.builder()
                .workflow(WorkflowDefinition.of(Map.of("id", "asks", "nodes", List.of(Map.of("formInput", Map.of())))))
                .build();
        bridge = FlowScriptBridge.builder(flows).build();
        server = FlowScriptWebSocketServer.builder(bridge)
                .assets(WebAssets.fromClassPath(WebAssets.CLIENT))
                .assets(WebAssets.of("page", page))
                .start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
            bridge.close();
            flows.close();
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
        flows.start("asks", Map.of(), "run-" + way);
        try (NodeProcess node =
                NodeProcess.start("src/test/js/browser.mjs", server.uri().toString(), "run-" + way, way)) {
            expect(node, "ready");
            assertThat(bridge.stats().connections()).isEqualTo(connections);
            node.say("go on");
            expect(node, "seen");
            node.say("go on");
            expect(node, "closed");
            await().untilAsserted(() -> assertThat(bridge.stats().connections()).isZero());
            node.say("go on");
            assertThat(node.read()).isEmpty();
        }
    }

    private static void expect(NodeProcess node, String line) {
        assertThat(node.read()).hasValue(line);
    }
}
