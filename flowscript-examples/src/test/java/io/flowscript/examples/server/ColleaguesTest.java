package io.flowscript.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Ada and Bob work in the demo, so that there is something to see")
class ColleaguesTest {

    private static final int OPENING = DemoScript.STARTS.size();

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final FlowScript flows = flows();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final Colleagues colleagues = Colleagues.begin(bridge);

    private FlowScript flows() {
        FlowScriptBuilder builder = ExampleNodes.addTo(FlowScript.builder())
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor);
        ExampleWorkflows.all().forEach(builder::workflow);
        return builder.build();
    }

    @AfterEach
    void close() {
        colleagues.close();
        bridge.close();
        flows.close();
    }

    @Test
    @DisplayName("within a minute, workflows run, wait, fail and are answered, and a newcomer is asked")
    void aMinute() {
        Map<ExecutionStatus, Integer> seen = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            pass(Duration.ofSeconds(1));
            all().forEach(run -> seen.merge(run.status(), 1, Integer::sum));
        }
        assertThat(seen)
                .containsKeys(
                        ExecutionStatus.RUNNING,
                        ExecutionStatus.PAUSED,
                        ExecutionStatus.COMPLETED,
                        ExecutionStatus.FAILED);
        assertThat(all().stream().map(Execution::workflowId).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "team-lunch",
                        "order-delivery",
                        "expense-approval",
                        "support-question",
                        "travel-request",
                        "data-processing",
                        "guessing-game");
        assertThat(answers()).contains("ada", "bob");
        Interaction lunch = open("team-lunch");
        assertThat(lunch.assignment().includes(Identity.ANONYMOUS)).isTrue();
        Interaction journey = open("travel-request");
        assertThat(journey.replies()).as("a second manager is missing").hasSize(1);
    }

    @Test
    @DisplayName("a failed try is repeated, a silent support is passed over, a vote begins")
    void whatIsInteresting() {
        pass(Duration.ofSeconds(100));
        List<RecordedEvent> events =
                all().stream().flatMap(run -> events(run).stream()).toList();
        assertThat(events).anyMatch(event -> event.event() instanceof NodeEvent.Failed failed && failed.willRetry());
        assertThat(events).anyMatch(event -> event.event() instanceof HumanEvent.InputEscalated);
        assertThat(events).anyMatch(event -> event.event() instanceof HumanEvent.InputVoted);
    }

    @Test
    @DisplayName("when nobody looks, they start nothing more than once each")
    void nobodyLooks() {
        pass(Duration.ofMinutes(10));
        assertThat(colleagues.starts()).isEqualTo(OPENING);
    }

    @Test
    @DisplayName("while somebody looks, they go on, with a bounded number of open executions, and stop after so many")
    void somebodyLooks() {
        MemoryClient newcomer = MemoryTransport.on(bridge).connect(Identity.of("newcomer"));
        int most = DemoScript.STARTS.stream()
                .collect(Collectors.toMap(DemoScript.Start::workflowId, DemoScript.Start::most, Math::max))
                .values()
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
        for (int minute = 0; minute < 30; minute++) {
            pass(Duration.ofMinutes(1));
            assertThat(all().stream().filter(run -> !run.status().isEnded()).count())
                    .isLessThanOrEqualTo(most);
        }
        assertThat(colleagues.starts()).isGreaterThan(OPENING);
        while (colleagues.starts() < Colleagues.MOST_STARTS) {
            pass(Duration.ofMinutes(1));
        }
        pass(Duration.ofMinutes(5));
        assertThat(colleagues.starts()).isEqualTo(Colleagues.MOST_STARTS);
        newcomer.disconnect();
    }

    @Test
    @DisplayName("a newcomer who is faster is left to it")
    void aNewcomerIsFaster() {
        pass(Duration.ofSeconds(20));
        Interaction expense = open("expense-approval");
        flows.interactions()
                .answer(expense.token(), Map.of("decision", "approved"), AnswerOptions.by(Identity.of("eve")));
        pass(Duration.ofMinutes(1));
        Execution run = flows.executions().find(expense.token().executionId()).orElseThrow();
        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(run.state("$.review.by").asString()).isEqualTo("eve");
    }

    @Test
    @DisplayName("when they are sent home, nothing is left of them")
    void sentHome() {
        pass(Duration.ofSeconds(10));
        int before = colleagues.starts();
        colleagues.close();
        pass(Duration.ofMinutes(5));
        assertThat(colleagues.starts()).isEqualTo(before);
    }

    private void pass(Duration time) {
        for (Duration left = time; !left.isZero(); left = left.minusSeconds(1)) {
            clock.advance(Duration.ofSeconds(1));
            executor.runAll();
        }
    }

    private List<Execution> all() {
        return flows.executions().list(null, null, null, 1_000);
    }

    private Interaction open(String workflow) {
        return flows.executions()
                .list(workflow, ExecutionStatus.PAUSED, null, 10)
                .get(0)
                .interactions()
                .get(0);
    }

    /** Who has answered. */
    private List<String> answers() {
        List<String> by = new ArrayList<>();
        for (Execution run : all()) {
            run.snapshot().closed().stream()
                    .flatMap(closed -> closed.replies().stream())
                    .forEach(reply -> by.add(reply.by().name()));
        }
        return by;
    }

    private static List<RecordedEvent> events(Execution run) {
        Read read = run.events().cursor(Position.START).read(1_000);
        return read instanceof Read.Events found ? found.events() : List.of();
    }
}
