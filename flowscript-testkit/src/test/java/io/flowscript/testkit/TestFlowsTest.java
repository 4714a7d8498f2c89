package io.flowscript.testkit;

import static io.flowscript.testkit.FlowScriptAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("An engine for tests: a manual clock, everything in order, nothing left at the end")
class TestFlowsTest {

    @Test
    void startingRunsUpToTheFirstWait() {
        try (TestFlows flows = Expenses.flows()) {
            Execution run = flows.start("expense", Map.of("amount", 250));

            assertThat(run.id()).isEqualTo("expense-1");
            assertThat(run).isPausedAt("review");
            assertThat(flows.clock().instant()).isEqualTo(TestFlows.START);
        }
    }

    @Test
    @DisplayName(
            "Reminders, escalation and deadline come at their own times, and what follows from each comes before the next")
    void everyTimerAtItsOwnTime() {
        try (TestFlows flows = Expenses.flows()) {
            Execution run = flows.start("expense", Map.of("amount", 250));

            flows.advance(Duration.ofDays(365));

            assertThat(run).isCompleted();
            assertThat(times(run, "human:input:reminded")).containsExactly("+1d", "+10d");
            assertThat(times(run, "human:input:escalated")).containsExactly("+20d");
            assertThat(times(run, "human:input:timeout")).containsExactly("+30d");
            assertThat(times(run, "expense:booked")).containsExactly("+30d");
            assertThat(flows.clock().instant()).isEqualTo(TestFlows.START.plus(Duration.ofDays(365)));
        }
    }

    @Test
    @DisplayName("A timer started by another timer within the same advance fires at its own time")
    void timersThatComeOfTimers() {
        List<Duration> woken = new ArrayList<>();
        AtomicReference<TestFlows> made = new AtomicReference<>();
        Node daily = context -> {
            woken.add(Duration.between(TestFlows.START, made.get().clock().instant()));
            return woken.size() > 365 ? Edge.of("done") : new Sleep(Duration.ofDays(1), woken.size());
        };
        try (TestFlows flows = TestFlows.of(builder -> builder.node("daily", daily)
                .workflow(Workflow.named("year").step("daily").build()))) {
            made.set(flows);
            Execution run = flows.start("year", Map.of());

            flows.advance(Duration.ofDays(365));

            assertThat(run).isCompleted();
            assertThat(woken)
                    .isEqualTo(IntStream.rangeClosed(0, 365)
                            .mapToObj(Duration::ofDays)
                            .toList());
        }
    }

    @Test
    void twoRunsTellTheSame() {
        assertThat(told()).isEqualTo(told());
    }

    private static List<RecordedEvent> told() {
        try (TestFlows flows = Expenses.flows()) {
            flows.whenAsked("review").answer(Expenses.APPROVED).after(Duration.ofDays(3));
            Execution run = flows.start("expense", Map.of("amount", 250));
            flows.advance(Duration.ofDays(3));
            return Events.of(run.events());
        }
    }

    @Test
    void timeBeginsWhenTheTestSays() {
        Instant monday = Instant.parse("2026-03-02T09:00:00Z");
        try (TestFlows flows = TestFlows.of(monday, Expenses::addTo)) {
            Execution run = flows.start("expense", Map.of("amount", 250));

            assertThat(run.interactions().get(0).requestedAt()).isEqualTo(monday);
        }
    }

    @Test
    void timeDoesNotGoBack() {
        try (TestFlows flows = Expenses.flows()) {
            assertThatThrownBy(() -> flows.advance(Duration.ofSeconds(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("PT-1S");
        }
    }

    @Test
    void whatSleepsOrWaitsForPeopleMayBeLeft() {
        TestFlows flows = Expenses.flows();
        flows.start("expense", Map.of("amount", 250));
        assertThatCode(flows::close).doesNotThrowAnyException();
    }

    @Test
    void aNodeThatDoesNotReturnIsNamed() {
        TestFlows flows =
                TestFlows.of(builder -> builder.node("hangs", Node.async(context -> new CompletableFuture<>()))
                        .workflow(Workflow.named("stuck").step("hangs").build()));
        flows.start("stuck", Map.of());

        assertThatThrownBy(flows::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a node of stuck-1 has not returned")
                .hasMessageContaining("node:executing")
                .hasMessageContaining("hangs#1");
    }

    @Test
    void anExecutionThatWasNeverLetBeginIsNamed() {
        TestFlows flows = Expenses.flows();
        flows.flows().start("expense", Map.of("amount", 250), "mine");

        assertThatThrownBy(flows::close).isInstanceOf(AssertionError.class).hasMessageContaining("mine has not begun");
    }

    @Test
    void timersOfOthersAreNamed() {
        TestFlows flows = Expenses.flows();
        flows.clock().schedule(TestFlows.START.plusSeconds(30), () -> {});

        assertThatThrownBy(flows::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 timers, the next at 2026-01-01T00:00:30Z");
    }

    @Test
    void whatWasLoggedAsAnErrorIsNamedUnlessItWasTaken() {
        TestFlows flows = Expenses.flows();
        flows.start("expense", Map.of("amount", 250)).listen(event -> {
            throw new IllegalStateException("I do not want to hear it");
        });
        flows.settle();

        assertThatThrownBy(flows::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("logged: ")
                .hasMessageContaining("I do not want to hear it");

        TestFlows others = Expenses.flows();
        others.start("expense", Map.of("amount", 250)).listen(event -> {
            throw new IllegalStateException("nor do I");
        });
        others.settle();
        assertThat(others.takeErrors()).isNotEmpty().allMatch(error -> error.contains("nor do I"));
        assertThatCode(others::close).doesNotThrowAnyException();
    }

    @Test
    void whatWorkflowsLogIsNoFault() {
        try (TestFlows flows = TestFlows.of(builder -> builder.workflow(Workflow.named("says")
                .step("logError", Map.of("message", "mind the gap"))
                .build()))) {
            assertThat(flows.start("says", Map.of())).isCompleted();
        }
    }

    @Test
    @Tag("slow")
    void whatNeverComesToRestIsStopped() {
        TestFlows flows = TestFlows.of(
                builder -> builder.node("again", context -> Question.open().ask())
                        .workflow(Workflow.named("endless").step("again").build()));
        flows.whenAsked("again").answer(true);

        assertThatThrownBy(() -> flows.start("endless", Map.of()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("does not come to rest");
        flows.end();
    }

    private static List<String> times(Execution run, String type) {
        return Events.of(run.events()).stream()
                .filter(event -> event.type().name().equals(type))
                .map(event -> TimeOffsets.between(TestFlows.START, event.time()))
                .toList();
    }
}
