package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.SharedMemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testsupport.server.Http;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several servers whose engines share a store, over HTTP. */
@Timeout(60)
class SeveralServersTest {

    private final List<AutoCloseable> opened = new ArrayList<>();

    private Http server(SharedMemoryStore store) {
        FlowScript flows = FlowScript.builder()
                .store(store)
                .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("told")))
                .workflow(WorkflowDefinition.of(Map.of("id", "asking", "nodes", List.of("ask"))))
                .build();
        FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
        FlowScriptWebSocketServer server =
                FlowScriptWebSocketServer.builder(bridge).start();
        opened.addAll(0, List.of(server, bridge, flows));
        return new Http(server.uri());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    @DisplayName("an execution is started, polled, answered and cancelled at a server that does not advance it")
    void elsewhere() throws Exception {
        SharedMemoryStore store = SharedMemoryStore.create(InstantSource.system(), Duration.ofMinutes(1));
        Http one = server(store);
        Http two = server(store.join());
        for (Http here : List.of(one, two)) {
            String id = "run-" + (here == one ? 1 : 2);
            assertThat(here.post("/workflows/asking/execute", Map.of("executionId", id))
                            .status())
                    .isEqualTo(201);
            for (Http each : List.of(one, two)) {
                Http.Reply events = each.get("/executions/" + id + "/events?after=&wait=20&limit=1");
                assertThat(events.status()).as(events.body().toString()).isEqualTo(200);
                assertThat((List<?>) events.get("events")).hasSize(1);
            }
            Http.Reply cancelled = two.post("/executions/" + id + "/cancel", Map.of());
            assertThat(cancelled.get("status")).isEqualTo("cancelled");
        }
    }
}
