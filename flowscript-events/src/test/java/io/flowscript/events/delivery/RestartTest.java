package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I11: what clients were told holds after the engine and its bridge were started again. */
@Timeout(60)
class RestartTest {

    private static final Identity ANN = Identity.of("ann");
    private static final Map<String, Object> ASK = Map.of("workflowId", "ask", "input", Map.of("n", 1));

    private final ManualClock clock = new ManualClock();
    private EngineLimits limits = EngineLimits.defaults();
    private MemoryStore store = new MemoryStore();
    private FlowScript flows;
    private FlowScriptBridge bridge;
    private MemoryTransport transport;

    @BeforeEach
    void start() {
        store = store.reopen();
        flows = FlowScript.builder()
                .store(store)
                .clock(clock)
                .limits(limits)
                .forms(schema -> answer -> List.of())
                .node(Node.named("ask")
                        .ask(context -> Question.form(Map.of("type", "string")))
                        .answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "ask", "nodes", List.of("ask"))))
                .build();
        bridge = FlowScriptBridge.builder(flows).build();
        transport = MemoryTransport.on(bridge);
    }

    @AfterEach
    void stop() {
        transport.close();
        bridge.close();
        flows.close();
    }

    private void restart() {
        stop();
        start();
    }

    private Map<String, Object> reply(String type, String id, Map<String, ?> data) {
        MemoryClient client = transport.connect(ANN);
        client.send(Map.of("type", type, "id", id, "data", data));
        return client.awaitReply(id);
    }

    private Interaction asked(String executionId) {
        Execution execution = flows.executions().find(executionId).orElseThrow();
        return await().until(execution::interactions, open -> !open.isEmpty()).get(0);
    }

    private String started(String id) {
        return (String) MemoryClient.data(reply("execute", id, ASK)).get("executionId");
    }

    @Test
    @DisplayName("a command that comes again starts no second execution, and gets the same reply")
    void execute() {
        String first = started("k");
        restart();

        assertThat(started("k")).isEqualTo(first);
        assertThat(MemoryClient.data(reply("execute", "k", Map.of("workflowId", "ask"))))
                .containsEntry("code", "idempotency_conflict");
        assertThat(flows.executions().list(null, null, null, 10)).hasSize(1);
        clock.advance(Duration.ofHours(1));
        assertThat(started("k"))
                .as("the time for which commands are remembered goes on over the restart")
                .isNotEqualTo(first);
    }

    @Test
    @DisplayName("a claim, a release and a cancellation that come again get the same reply and change nothing")
    void commandsOfPeople() {
        String run = started("k");
        Map<String, Object> visit =
                Map.of("executionId", run, "nodeId", asked(run).token().nodeId());
        Map<String, Object> claimed = reply("claim", "c", visit);
        assertThat(claimed).containsEntry("type", "claimed");
        Map<String, Object> released = reply("release", "r", visit);
        assertThat(released).containsEntry("type", "released");
        restart();

        long events = flows.executions().find(run).orElseThrow().events().latest();
        assertThat(reply("claim", "c", visit)).isEqualTo(claimed);
        assertThat(reply("release", "r", visit)).isEqualTo(released);
        assertThat(flows.executions().find(run).orElseThrow().events().latest()).isEqualTo(events);
        assertThat(asked(run).claim()).isNull();

        reply("cancel", "x", Map.of("executionId", run, "reason", "late"));
        restart();
        assertThat(MemoryClient.data(reply("cancel", "x", Map.of("executionId", run, "reason", "other"))))
                .containsEntry("code", "idempotency_conflict");
    }

    @Test
    @DisplayName("what an execution remembers that began long ago is looked up when a command names it")
    void oldExecution() {
        String run = started("k");
        Map<String, Object> visit =
                Map.of("executionId", run, "nodeId", asked(run).token().nodeId());
        clock.advance(Duration.ofDays(10));
        Map<String, Object> claimed = reply("claim", "c", visit);
        assertThat(claimed).containsEntry("type", "claimed");
        Map<String, Object> released = reply("release", "r", visit);
        restart();

        long events = flows.executions().find(run).orElseThrow().events().latest();
        assertThat(reply("claim", "c", visit)).isEqualTo(claimed);
        assertThat(reply("release", "r", visit)).isEqualTo(released);
        assertThat(flows.executions().find(run).orElseThrow().events().latest()).isEqualTo(events);
        assertThat(asked(run).claim()).isNull();
        assertThat(MemoryClient.data(reply("claim", "r", visit))).containsEntry("code", "idempotency_conflict");
    }

    @Test
    @DisplayName("who has seen an interaction is known, and nobody is reminded of it")
    void seen() {
        Interaction asked = asked(started("k"));
        bridge.operations().acknowledge(ANN, asked.token().executionId(), Position.after(asked.seq()));
        restart();

        assertThat(asked(asked.token().executionId()).seenBy()).containsExactly("ann");
        assertThat(bridge.operations().count(ANN, InboxQuery.OPEN.unseen()).value())
                .isZero();
    }

    @Test
    @DisplayName("I5: an execution keeps so many commands: the one that has started it, and the newest")
    void bounds() {
        stop();
        limits = limits.rememberedCommands(2);
        start();
        String run = started("k");
        Map<String, Object> visit =
                Map.of("executionId", run, "nodeId", asked(run).token().nodeId());
        reply("claim", "c", visit);
        reply("release", "r", visit);
        restart();

        List<String> ids = new ArrayList<>();
        flows.executions()
                .find(run)
                .orElseThrow()
                .snapshot()
                .commands()
                .forEach(receipt -> ids.add(receipt.key().id()));
        assertThat(ids).containsExactly("k", "r");
        assertThat(started("k")).isEqualTo(run);
    }
}
