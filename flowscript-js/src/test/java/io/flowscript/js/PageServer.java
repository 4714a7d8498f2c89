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

    private static final Path SOURCES = Path.of("src", "test", "js");

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
        this(page, formInput, SOURCES.resolve(page + ".js"));
    }

    /**
     * Starts the server with a script that was made.
     *
     * @param page the name of the page's files, without their ends
     * @param formInput the settings of the step
     * @param script the script of the page
     */
    PageServer(String page, Map<String, Object> formInput, Path script) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String end : List.of(".html", ".css")) {
            files.put(page + end, Files.readAllBytes(SOURCES.resolve(page + end)));
        }
        files.put(page + ".js", Files.readAllBytes(script));
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
