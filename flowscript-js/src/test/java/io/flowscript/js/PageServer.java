package io.flowscript.js;

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

/** A server with one workflow, "asks", whose step asks with a form; it sends the client and a page of the tests. */
final class PageServer implements AutoCloseable {

    final FlowScript flows;
    final FlowScriptBridge bridge;
    private final FlowScriptWebSocketServer server;

    /**
     * Starts the server.
     *
     * @param page the name of the page's files, without their ends
     * @param formInput the settings of the step
     */
    PageServer(String page, Map<String, Object> formInput) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String end : List.of(".html", ".css", ".js")) {
            files.put(page + end, Files.readAllBytes(Path.of("src", "test", "js", page + end)));
        }
        flows = FlowScript.builder()
                .workflow(WorkflowDefinition.of(Map.of("id", "asks", "nodes", List.of(Map.of("formInput", formInput)))))
                .build();
        bridge = FlowScriptBridge.builder(flows).build();
        server = FlowScriptWebSocketServer.builder(bridge)
                .assets(WebAssets.fromClassPath(WebAssets.CLIENT))
                .assets(WebAssets.of("page", files))
                .start();
    }

    String uri() {
        return server.uri().toString();
    }

    @Override
    public void close() {
        server.close();
        bridge.close();
        flows.close();
    }
}
