package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.protocol.WireSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("A workflow is shown as a graph, without the config of its nodes, and its input is checked at the start")
class WorkflowResourceTest {

    private static final WorkflowDefinition WORKFLOW = WorkflowDefinition.of(Map.of(
            "id", "short",
            "name", "Short",
            "description", "Does little",
            "input", Map.of("type", "object"),
            "nodes", List.of("done")));
    private static final WorkflowDefinition NEXT =
            WorkflowDefinition.of(Map.of("id", "short", "nodes", List.of("done", "done")));

    private final FlowScript flows = FlowScript.builder()
            .node("done", context -> Edge.of("done"))
            .forms(schema -> value -> ((Map<?, ?>) value).containsKey("bad")
                    ? List.of(new Violation("$.bad", "false", "must not be there"))
                    : List.of())
            .workflow(WORKFLOW)
            .build();
    private FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    private HttpResponse send(String method, String path, String query, String body) {
        HttpApi api = HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder()
                        .authenticator(seen -> Optional.of(Login.of("ann")))
                        .build());
        HttpResult result = api.handle(new HttpRequest(
                        method,
                        path,
                        query,
                        Map.of("Content-Type", List.of("application/json")),
                        "localhost",
                        "127.0.0.1",
                        false,
                        null))
                .orElseThrow();
        if (result instanceof BodyWanted wanted) {
            assertThat(wanted.add(StandardCharsets.UTF_8.encode(body))).isTrue();
            CompletableFuture<HttpResponse> sent = new CompletableFuture<>();
            wanted.respond(sent::complete);
            return sent.join();
        }
        return (HttpResponse) result;
    }

    private HttpResponse get(String query) {
        return send("GET", "/workflows/short", query, "");
    }

    private static String text(HttpResponse response) {
        return StandardCharsets.UTF_8.decode(response.body()).toString();
    }

    @Test
    void showsWhatRuns() {
        HttpResponse shown = get(null);
        assertThat(shown.status()).isEqualTo(200);
        assertThat(text(shown))
                .isEqualTo("{\"id\":\"short\",\"name\":\"Short\",\"description\":\"Does little\",\"hash\":\""
                        + WORKFLOW.hash() + "\",\"graph\":{\"start\":\"s0\",\"steps\":["
                        + "{\"id\":\"s0\",\"name\":\"done\",\"kind\":\"node\",\"type\":\"action\",\"path\":\"/nodes/0\"},"
                        + "{\"id\":\"s1\",\"name\":\"end\",\"kind\":\"end\",\"path\":\"/nodes\"}],"
                        + "\"flows\":[{\"from\":\"s0\",\"to\":\"s1\"}]},\"input\":{\"type\":\"object\"}}");
    }

    @Test
    void findsAVersionByItsHash() {
        flows.register(NEXT);
        assertThat(text(get(null))).contains(NEXT.hash()).doesNotContain("\"input\"");
        assertThat(text(get("hash=" + WORKFLOW.hash())))
                .contains(WORKFLOW.hash())
                .contains("Does little");
        HttpResponse unknown = get("hash=" + "0".repeat(64));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(text(unknown)).contains("workflow_not_found");
        assertThat(send("GET", "/workflows/long", null, "").status()).isEqualTo(404);
    }

    @Test
    @DisplayName(
            "who may neither see nor start a workflow is not told that it is there; who may start it is shown its form")
    void rights() {
        bridge.close();
        bridge = FlowScriptBridge.builder(flows)
                .accessPolicy((who, action, workflowId, executionId) -> false)
                .build();
        assertThat(get(null).status()).isEqualTo(404);
        assertThat(get("hash=" + WORKFLOW.hash()).status()).isEqualTo(404);
        bridge.close();
        bridge = FlowScriptBridge.builder(flows)
                .accessPolicy((who, action, workflowId, executionId) -> action == Action.START)
                .build();
        assertThat(get(null).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("a graph that is larger than the server sends is left out by name")
    void tooLarge() {
        bridge.close();
        bridge = FlowScriptBridge.builder(flows)
                .wire(WireSettings.DEFAULTS.maxValueBytes(150))
                .build();
        assertThat(text(get(null))).contains("\"omitted\":[\"graph\"]").doesNotContain("\"flows\"");
    }

    @Test
    @DisplayName("an input that does not fit gets 422 validation_failed with the violations, and nothing is started")
    void checksTheInput() {
        HttpResponse refused = send("POST", "/workflows/short/execute", null, "{\"input\":{\"bad\":1}}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(text(refused))
                .contains("\"code\":\"validation_failed\"")
                .contains(
                        "\"violations\":[{\"path\":\"$.bad\",\"message\":\"must not be there\",\"keyword\":\"false\"}]")
                .contains("nothing was started");
        assertThat(flows.executions().size()).isZero();
        assertThat(send("POST", "/workflows/short/execute", null, "{\"input\":{}}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    @DisplayName("the status of an execution tells its version")
    void statusHasTheHash() {
        String id = flows.start("short", Map.of()).id();
        assertThat(text(send("GET", "/executions/" + id + "/status", null, "")))
                .contains("\"hash\":\"" + WORKFLOW.hash() + "\"");
    }
}
