package io.flowscript.events.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.testsupport.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A sender has a number of executions under way that it has started")
class RunningExecutionsTest {

    private static final int MOST = 20;
    private static final Sender ANN = new Sender(Identity.of("ann"), "c");

    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final ManualClock clock = new ManualClock();
    private FlowScript flows = engine(null);
    private Operations operations = operations();

    private FlowScript engine(@Nullable ExecutionStore store) {
        FlowScriptBuilder builder = FlowScript.builder()
                .clock(clock)
                .executor(Runnable::run)
                .engineExecutor(Runnable::run)
                .observer(new FlowScriptObserver() {
                    @Override
                    public void refused(String code) {
                        refused.add(code);
                    }
                })
                .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("done")))
                .node("quick", context -> Edge.of("done"))
                .workflow(Workflow.named("ask").step("ask").build())
                .workflow(Workflow.named("quick").step("quick").build());
        return store == null
                ? builder.build()
                : builder.store(store)
                        .limits(EngineLimits.defaults().maxWaiting(1).passivateAfter(Duration.ofMillis(1)))
                        .build();
    }

    private Operations operations() {
        return Operations.builder(flows).maxExecutionsPerSender(MOST).build();
    }

    @AfterEach
    void close() {
        operations.close();
        flows.close();
    }

    private Operations.Started start(Sender from, String workflowId, @Nullable String key) {
        return operations.start(from, new ClientMessage.Execute(key, workflowId, Map.of(), null));
    }

    private List<Execution> fill(Sender from) {
        List<Execution> started = new ArrayList<>();
        for (int i = 0; i < MOST; i++) {
            started.add(start(from, "ask", from.who().name() + i).execution());
        }
        return started;
    }

    private void assertFull(Sender from) {
        assertThatThrownBy(() -> start(from, "ask", null))
                .isInstanceOf(OperationException.class)
                .extracting("code")
                .isEqualTo("too_many_executions");
    }

    private void answer(Execution run) {
        flows.interactions().answer(run.interactions().get(0).token(), 1, AnswerOptions.NONE);
    }

    @Test
    @DisplayName("as many as the limit, and not one more, which is told; the others have theirs")
    void atTheLimit() {
        fill(ANN);
        assertThat(refused).isEmpty();
        assertFull(ANN);
        assertThat(refused).containsExactly("too_many_executions");
        assertThat(flows.executions().size()).isEqualTo(MOST);
        assertFull(new Sender(Identity.of("ann", "other groups"), "another place"));
        fill(new Sender(Identity.of("bob"), "c"));
    }

    @Test
    @DisplayName("and one more as soon as one has ended, by an answer or by a cancellation")
    void ended() {
        List<Execution> running = fill(ANN);
        answer(running.get(3));
        start(ANN, "ask", null);
        assertFull(ANN);
        running.get(4).cancel("no need", null);
        start(ANN, "ask", null);
        assertFull(ANN);
    }

    @Test
    @DisplayName("of which those do not count that have ended at once, that were refused, or that were started before")
    void notCounted() {
        for (int i = 0; i < 3 * MOST; i++) {
            start(ANN, "quick", null);
            assertThatThrownBy(() -> start(ANN, "unknown", null)).isInstanceOf(OperationException.class);
        }
        List<Execution> running = fill(ANN);
        for (int i = 0; i < MOST; i++) {
            Operations.Started again = start(ANN, "ask", "ann" + i);
            assertThat(again.again()).isTrue();
            assertThat(again.execution().id()).isEqualTo(running.get(i).id());
        }
        running.forEach(this::answer);
        fill(new Sender(Identity.of("ann"), "c2"));
    }

    @Test
    @DisplayName("and whose commands it can repeat at the limit, also when they are known to the execution alone")
    void repeatedAtTheLimit() {
        operations.close();
        operations = Operations.builder(flows)
                .maxExecutionsPerSender(MOST)
                .receipts(0, 0, Duration.ofHours(1))
                .build();
        List<Execution> running = fill(ANN);
        assertThat(start(ANN, "ask", "ann7").execution().id())
                .isEqualTo(running.get(7).id());
        assertFull(ANN);
    }

    @Test
    @DisplayName("as an identity, or with all anonymous senders of its address")
    void anonymous() {
        Sender one = new Sender(Identity.ANONYMOUS, "c1", "192.0.2.1");
        fill(one);
        assertFull(new Sender(Identity.ANONYMOUS, "c2", "192.0.2.1"));
        fill(new Sender(Identity.ANONYMOUS, "c3", "192.0.2.2"));
        Sender unknown = new Sender(Identity.ANONYMOUS, "c4");
        fill(unknown);
        start(unknown, "ask", null);
    }

    @Test
    @DisplayName("and they count while they wait outside memory")
    void outsideMemory() {
        close();
        flows = engine(new MemoryStore());
        operations = operations();
        List<Execution> running = fill(ANN);
        clock.advance(Duration.ofSeconds(1));
        assertThat(running).anyMatch(run -> !flows.executions().isLoaded(run.id()));
        assertFull(ANN);
        running.forEach(this::answer);
        fill(new Sender(Identity.of("ann"), "c2"));
    }

    @Test
    @DisplayName("without a limit when none is set")
    void unlimited() {
        operations.close();
        operations = Operations.builder(flows).build();
        for (int i = 0; i < 10 * MOST; i++) {
            start(ANN, "ask", null);
        }
        assertThat(new RunningExecutions(Integer.MAX_VALUE).senders()).isZero();
    }

    @Test
    @DisplayName("exactly, when many start at once and others end")
    void race() throws Exception {
        AtomicInteger started = new AtomicInteger();
        Race.run(50, () -> {
            try {
                start(ANN, "quick", null);
                start(ANN, "ask", null);
                return started.incrementAndGet();
            } catch (OperationException full) {
                assertThat(full.code()).isEqualTo("too_many_executions");
                return full;
            }
        });
        assertThat(started.get()).isBetween(1, MOST);
        List<Execution> running = new ArrayList<>();
        flows.executions().forEach(run -> {
            if (!run.status().isEnded()) {
                running.add(run);
            }
        });
        for (int i = running.size(); i < MOST; i++) {
            start(ANN, "ask", null);
        }
        assertFull(ANN);
        running.forEach(this::answer);
        for (int i = 0; i < running.size(); i++) {
            start(ANN, "ask", null);
        }
        assertFull(ANN);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    @DisplayName("from one on")
    void settings(int none) {
        assertThatThrownBy(() -> Operations.builder(flows).maxExecutionsPerSender(none))
                .isInstanceOf(FlowScriptException.class)
                .extracting("code")
                .isEqualTo("invalid_setting");
    }
}
