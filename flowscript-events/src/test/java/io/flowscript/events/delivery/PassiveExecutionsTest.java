package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I12: clients of executions that have left memory. */
@Timeout(60)
class PassiveExecutionsTest {

    private static final Duration LONG = Duration.ofMinutes(11);

    private final ManualClock clock = new ManualClock();
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
                .forms(schema -> answer -> List.of())
                .node(Node.named("ask")
                        .ask(context -> Question.form(Map.of("type", "string")))
                        .answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("ask", "ask"))))
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

    private Execution found(String id) {
        return flows.executions().find(id).orElseThrow();
    }

    private void run(String id) {
        flows.start("w", Map.of(), id);
        await().until(() -> !found(id).interactions().isEmpty());
    }

    /** Lets executions leave memory, and waits until nobody has the object any more. */
    private void leave(String id) {
        WeakReference<Execution> object = new WeakReference<>(found(id));
        await().until(() -> {
            clock.advance(LONG);
            return !flows.executions().isLoaded(id);
        });
        await().until(() -> {
            System.gc();
            return object.get() == null;
        });
    }

    private void answer(String id) {
        flows.interactions().answer(found(id).interactions().get(0).token(), "yes", AnswerOptions.NONE);
    }

    /** The second visit is seen first, and its question after it. */
    private void asksAgain(String id) {
        await().until(() ->
                found(id).snapshot().visits() == 2 && !found(id).interactions().isEmpty());
    }

    private void hasAll(MemoryClient client, String id) {
        await().untilAsserted(() -> assertThat(
                        client.events(id).stream().map(event -> ((Number) event.get("seq")).longValue()))
                .isEqualTo(LongStream.rangeClosed(1, found(id).events().latest())
                        .boxed()
                        .toList()));
        assertThat(client.received()).noneMatch(message -> "events_missed".equals(message.get("type")));
    }

    @Test
    @DisplayName("one who subscribes gets the whole log and what follows, also after a restart")
    void subscribes() {
        run("run");
        leave("run");
        MemoryClient before = transport.connect();
        before.subscribe("run", Position.START);
        hasAll(before, "run");
        assertThat(flows.executions().isLoaded("run")).isFalse();
        answer("run");
        asksAgain("run");
        hasAll(before, "run");

        stop();
        start();
        MemoryClient after = transport.connect();
        after.subscribe("run", Position.START);
        hasAll(after, "run");
        answer("run");
        await().until(() -> found("run").status().isEnded());
        hasAll(after, "run");
    }

    @Test
    @DisplayName("one who follows all keeps none in memory, and gets each event once")
    void followsAll() {
        MemoryClient client = transport.connect();
        client.awaitReply(client.subscribe(Map.of("all", true)));
        for (int i = 0; i < 3; i++) {
            run("run-" + i);
        }
        hasAll(client, "run-1");
        leave("run-1");
        answer("run-1");
        asksAgain("run-1");
        leave("run-1");
        answer("run-1");
        await().until(() -> found("run-1").status().isEnded());
        hasAll(client, "run-1");
        hasAll(client, "run-0");
    }

    @Test
    @DisplayName("one who follows all from later on gets what happens to those that had left memory")
    void followsLater() {
        run("run");
        leave("run");
        long before = found("run").events().latest();
        MemoryClient client = transport.connect();
        client.awaitReply(client.subscribe(Map.of("all", true)));
        answer("run");
        asksAgain("run");
        await().untilAsserted(() -> assertThat(
                        client.events("run").stream().map(event -> ((Number) event.get("seq")).longValue()))
                .isEqualTo(
                        LongStream.rangeClosed(before + 1, found("run").events().latest())
                                .boxed()
                                .toList()));
    }

    @Test
    @DisplayName(
            "the inbox lists what they ask, takes answers by commands, and finds those of executions that have ended and left memory")
    void inbox() {
        for (int i = 0; i < 3; i++) {
            run("run-" + i);
        }
        leave("run-1");
        for (int round = 0; round < 2; round++) {
            MemoryClient client = transport.connect();
            Map<String, Object> page = client.awaitReply(client.interactions(Map.of()));
            assertThat((List<?>) MemoryClient.data(page).get("interactions")).hasSize(3);
            String node = found("run-1").interactions().get(0).token().nodeId();
            Map<String, Object> reply = client.awaitReply(client.resume("run-1", node, "yes"));
            assertThat(reply).containsEntry("type", "resume_success");
            int visits = round + 2;
            await().until(() -> found("run-1").status().isEnded()
                    || (found("run-1").snapshot().visits() == visits
                            && !found("run-1").interactions().isEmpty()));
            if (round == 0) {
                stop();
                start();
            }
        }
        MemoryClient client = transport.connect();
        Map<String, Object> page = client.awaitReply(client.interactions(Map.of()));
        assertThat((List<?>) MemoryClient.data(page).get("interactions")).hasSize(2);
        Map<String, Object> all = client.awaitReply(client.interactions(Map.of("status", List.of("answered"))));
        assertThat((List<?>) MemoryClient.data(all).get("interactions")).hasSize(2);
        await().until(() -> {
            clock.advance(Duration.ofHours(2)); // its time begins a moment after its end is told
            return !flows.executions().isLoaded("run-1");
        });
        all = client.awaitReply(client.interactions(Map.of("status", List.of("answered"))));
        assertThat((List<?>) MemoryClient.data(all).get("interactions")).hasSize(2);
    }
}
