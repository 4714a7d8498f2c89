package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A request to start an execution hands its trace on, also when another thread starts it")
class TraceContextTest {

    private static final String SENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final ThreadLocal<String> current = new ThreadLocal<>();

    private final FlowScriptTracer tracer = new FlowScriptTracer() {
        @Override
        public String current() {
            return current.get();
        }

        @Override
        public Scope enter(String context) {
            String before = current.get();
            current.set(context);
            return () -> current.set(before);
        }

        @Override
        public Span starting(String workflowId, String executionId) {
            String parent = String.valueOf(current());
            return new Span() {
                @Override
                public String context() {
                    return parent;
                }
            };
        }
    };

    @ParameterizedTest(name = "durable: {0}, the span of the server: {1}, the field: {2}")
    @CsvSource({
        "true, , " + SENT + ", " + SENT,
        "false, , " + SENT + ", " + SENT,
        "true, of the server, " + SENT + ", of the server",
        "true, , , null",
        "true, , " + SENT + "-x, null",
        "false, , sent, null",
    })
    void parent(boolean durable, String server, String sent, String parent) {
        var builder = FlowScript.builder()
                .tracer(tracer)
                .node("done", context -> Edge.of("done"))
                .workflow(WorkflowDefinition.of(Map.of("id", "short", "nodes", List.of("done"))));
        if (durable) {
            builder.store(new MemoryStore());
        }
        try (FlowScript flows = builder.build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build()) {
            HttpApi api = HttpApi.of(bridge, bridge, HttpSettings.builder().build());
            Map<String, List<String>> fields = new HashMap<>(Map.of("Content-Type", List.of("application/json")));
            if (sent != null) {
                fields.put("traceparent", List.of(sent));
            }
            current.set(server);
            BodyWanted wanted = (BodyWanted) api.handle(new HttpRequest(
                            "POST", "/workflows/short/execute", null, fields, "localhost", "127.0.0.1", false, null))
                    .orElseThrow();
            current.remove();
            assertThat(wanted.add(StandardCharsets.UTF_8.encode("{}"))).isTrue();
            CompletableFuture<HttpResponse> answered = new CompletableFuture<>();
            wanted.respond(answered::complete);
            assertThat(answered.join().status()).isEqualTo(201);

            assertThat(flows.executions()
                            .list(null, null, null, 1)
                            .get(0)
                            .snapshot()
                            .trace())
                    .isEqualTo(parent);
            assertThat(current.get()).as("the scope is left").isNull();
        }
    }
}
