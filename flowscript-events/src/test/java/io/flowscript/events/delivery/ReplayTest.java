package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I1: with a store, clients get the whole log, however little of it is in memory. */
@Timeout(60)
class ReplayTest {

    private static final int EMITTED = 2_000;

    private MemoryStore store = new MemoryStore();
    private FlowScript flows;
    private FlowScriptBridge bridge;
    private MemoryTransport transport;
    private Execution run;

    @BeforeEach
    void start() {
        store = store.reopen();
        flows = FlowScript.builder()
                .store(store)
                .retention(new Retention(10, 1 << 20, Duration.ofHours(1)))
                .forms(schema -> answer -> List.of())
                .node("emit", context -> {
                    for (int i = 1; i <= EMITTED; i++) {
                        context.runtime().emit("app:n", i);
                    }
                    return Edge.of("done");
                })
                .node(Node.named("ask")
                        .ask(context -> Question.form(Map.of("type", "string")))
                        .answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("emit", "ask"))))
                .build();
        bridge = FlowScriptBridge.builder(flows).build();
        transport = MemoryTransport.on(bridge);
        run = flows.executions().find("run").orElseGet(() -> flows.start("w", Map.of(), "run"));
        // The log has an event after it is seen otherwise.
        await().until(() -> !run.interactions().isEmpty()
                && run.events().latest() >= run.snapshot().seq());
    }

    @AfterEach
    void stop() {
        transport.close();
        bridge.close();
        flows.close();
    }

    private static List<Long> numbers(MemoryClient client) {
        List<Long> numbers = new ArrayList<>();
        for (Map<String, Object> event : client.events("run")) {
            numbers.add(((Number) event.get("seq")).longValue());
        }
        return numbers;
    }

    private void gets(MemoryClient client, List<Long> wanted) {
        await().until(() -> client.events("run").size() >= wanted.size());
        assertThat(numbers(client)).isEqualTo(wanted);
        assertThat(client.received()).noneMatch(message -> "events_missed".equals(message.get("type")));
    }

    private List<Long> after(long seq) {
        return LongStream.rangeClosed(seq + 1, run.events().latest()).boxed().toList();
    }

    @Test
    @DisplayName("from the first event, from the middle, and with a filter; before a restart and after it")
    void wholeLog() {
        for (int round = 0; round < 2; round++) {
            assertThat(run.events().oldestInMemory()).isGreaterThan(EMITTED - 20);
            for (Framing framing : Framing.values()) {
                MemoryClient first = transport.connect(io.flowscript.core.Identity.ANONYMOUS, framing);
                first.subscribe("run", Position.START);
                gets(first, after(0));
            }
            MemoryClient middle = transport.connect();
            middle.subscribe("run", Position.after(run.events().epoch(), 700));
            gets(middle, after(700));
            MemoryClient filtered = transport.connect();
            filtered.subscribe(Map.of("executionId", "run", "after", 0, "types", List.of("node_started")));
            gets(
                    filtered,
                    run.events().read(Position.START, 5_000).stream()
                            .filter(event -> event.type().wireName().equals("node_started"))
                            .map(event -> event.seq())
                            .toList());
            stop();
            start();
        }
    }

    @Test
    @DisplayName("a client that comes back while the execution goes on gets what it missed, and then what is new")
    void comesBack() {
        MemoryClient client = transport.connect();
        client.subscribe("run", Position.after(run.events().epoch(), 1_500));
        await().until(() -> client.events("run").size() > 100);
        client.disconnect();
        flows.interactions()
                .answer(run.interactions().get(0).token(), "yes", io.flowscript.core.interaction.AnswerOptions.NONE);
        await().until(() -> run.events().isEnded());
        client.reconnect();
        gets(client, after(1_500));
    }
}
