package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testsupport.server.Http;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Polls and commands over HTTP are served while nodes that block hold all the threads that nodes have. */
@Timeout(60)
class BlockedNodesTest {

    private static final int THREADS = 4;

    @Test
    void aPollAndACommand() throws Exception {
        CountDownLatch entered = new CountDownLatch(THREADS);
        CountDownLatch release = new CountDownLatch(1);
        try (FlowScript flows = FlowScript.builder()
                        .limits(EngineLimits.defaults().maxNodeThreads(THREADS))
                        .node("block", context -> {
                            entered.countDown();
                            release.await();
                            return Edge.of("done");
                        })
                        .node(Node.named("ask")
                                .ask(context -> Question.open())
                                .answered((context, answer) -> Edge.of("done")))
                        .workflow(WorkflowDefinition.of(Map.of("id", "block", "nodes", List.of("block"))))
                        .workflow(WorkflowDefinition.of(Map.of("id", "ask", "nodes", List.of("ask"))))
                        .build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
                FlowScriptWebSocketServer server =
                        FlowScriptWebSocketServer.builder(bridge).start()) {
            Execution asking = flows.start("ask", Map.of());
            Awaitility.await().until(() -> !asking.interactions().isEmpty());
            for (int i = 0; i < 3 * THREADS; i++) {
                flows.start("block", Map.of());
            }
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
            Http http = new Http(server.uri());
            String path = "/executions/" + asking.id();
            String here = asking.events().epoch() + ":" + asking.events().latest();

            assertThat(http.get(path + "/events?after=" + here + "&wait=1").status())
                    .isEqualTo(200);
            assertThat(http.post("/workflows/ask/execute", Map.of()).status()).isEqualTo(201);
            assertThat(http.post(path + "/cancel", Map.of()).status()).isEqualTo(200);
            assertThat(http.get("/health").get("status")).isEqualTo("ok");
            release.countDown();
        }
    }
}
