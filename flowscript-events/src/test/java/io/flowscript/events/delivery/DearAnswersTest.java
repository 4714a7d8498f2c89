package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("What takes long to check is not checked by the threads that deliver events")
class DearAnswersTest {

    /** More than there are threads that deliver. */
    private static final int MANY = 4 * Runtime.getRuntime().availableProcessors() + 8;

    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(MANY);
    private final FlowScript flows = FlowScript.builder()
            .forms(schema -> value -> {
                begun.countDown();
                try {
                    done.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return List.of();
            })
            .node(
                    "asks",
                    Node.named("asks")
                            .ask(context -> Question.form(Map.of("type", "integer")))
                            .answered((context, answer) -> Edge.of("done")))
            .workflow(WorkflowDefinition.of(Map.of("id", "asking", "nodes", List.of("asks"))))
            .workflow(WorkflowDefinition.of(
                    Map.of("id", "checking", "input", Map.of("type", "object"), "nodes", List.of("asks"))))
            .build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final MemoryTransport transport = MemoryTransport.on(bridge);

    @AfterEach
    void close() {
        done.countDown();
        transport.close();
        bridge.close();
        flows.close();
    }

    @Test
    void answers() throws InterruptedException {
        Map<MemoryClient, String> requests = new LinkedHashMap<>();
        for (int i = 0; i < MANY; i++) {
            Execution run = flows.start("asking", Map.of(), "run-" + i);
            await().until(() -> !run.interactions().isEmpty());
            MemoryClient dear = transport.connect();
            requests.put(
                    dear,
                    dear.resume(run.id(), run.interactions().get(0).token().nodeId(), 7));
        }
        begun.await();
        othersAreServed();
        requests.forEach(
                (client, request) -> assertThat(client.awaitReply(request)).containsEntry("type", "resume_success"));
    }

    @Test
    void starts() throws InterruptedException {
        Map<MemoryClient, String> requests = new LinkedHashMap<>();
        for (int i = 0; i < MANY; i++) {
            MemoryClient dear = transport.connect();
            requests.put(dear, dear.execute("checking", Map.of()));
        }
        begun.await();
        othersAreServed();
        requests.forEach(
                (client, request) -> assertThat(client.awaitReply(request)).containsEntry("type", "execution_status"));
    }

    /** While all values are being checked, another client is told what it asks for. */
    private void othersAreServed() {
        MemoryClient other = transport.connect();
        assertThat(code(other, other.cancel("none"))).isEqualTo("execution_not_found");
        done.countDown();
    }
}
