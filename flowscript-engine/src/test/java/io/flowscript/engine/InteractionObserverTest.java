package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** Who observes what executions ask. */
class InteractionObserverTest {

    private static final Identity ADA = Identity.of("ada");

    private static TestEngine engine(Consumer<FlowScriptBuilder> more) {
        return TestEngine.of(workflow("ask"), b -> {
            b.node(
                    "ask",
                    context -> context.answer() == null
                            ? Question.open()
                                    .showing(Map.of("a", 1))
                                    .remind(Duration.ofDays(1))
                                    .escalate(Duration.ofDays(2), new Assignment(List.of("bo"), List.of()))
                                    .decidedBy(new Quorum("d", Map.of("yes", 2)))
                                    .within(Duration.ofDays(9))
                                    .ask()
                            : Edge.of("ok"));
            more.accept(b);
        });
    }

    /** What one is told: the status and the last change of what is asked. */
    private static String seen(FlowScript flows, Execution run) {
        if (flows.executions().find(run.id()).isEmpty()) {
            return "forgotten";
        }
        List<Interaction> all = new ArrayList<>(run.interactions());
        all.addAll(run.snapshot().closed());
        Interaction one = all.get(0);
        return one.status()
                + (one.history().isEmpty()
                        ? ""
                        : " " + one.history().get(one.history().size() - 1).what());
    }

    @Test
    void isToldOfEachChangeAndOnceMoreWhenItIsForgotten() {
        try (TestEngine engine = engine(b -> {})) {
            List<String> told = new ArrayList<>();
            engine.flows.executions().onInteraction(run -> {
                assertThat(Thread.holdsLock(run)).isFalse();
                told.add(seen(engine.flows, run));
            });
            Execution run = engine.start();
            PauseToken token = run.interactions().get(0).token();
            engine.flows.interactions().claim(token, ADA, Duration.ofMinutes(1));
            engine.flows.interactions().claim(token, ADA, Duration.ofMinutes(1)); // no change
            engine.advance(Duration.ofMinutes(1));
            engine.flows.interactions().revise(token, Map.of("a", 2), null);
            engine.flows.interactions().revise(token, Map.of("a", 2), null); // no change
            engine.advance(Duration.ofDays(1));
            engine.advance(Duration.ofDays(1));
            engine.flows.interactions().answer(token, Map.of("d", "no"), AnswerOptions.by(ADA)); // no change
            engine.flows.interactions().answer(token, Map.of("d", "yes"), AnswerOptions.by(ADA));
            engine.flows.interactions().claim(token, Identity.of("bo"), Duration.ofMinutes(1));
            engine.flows.interactions().release(token, Identity.of("bo"));
            engine.flows.interactions().answer(token, Map.of("d", "yes"), AnswerOptions.by(Identity.of("bo")));
            engine.executor.runAll();
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            engine.advance(Duration.ofHours(1));
            assertThat(told)
                    .containsExactly(
                            "OPEN",
                            "CLAIMED human:input:claimed",
                            "OPEN human:input:released",
                            "OPEN human:input:revised",
                            "OPEN human:input:reminded",
                            "OPEN human:input:escalated",
                            "OPEN human:input:voted",
                            "CLAIMED human:input:claimed",
                            "OPEN human:input:released",
                            "ANSWERED human:input:received",
                            "forgotten");
        }
    }

    @Test
    void isToldOfTheDeadlineAndOfCancelling() {
        try (TestEngine engine = engine(b -> {})) {
            List<String> told = new ArrayList<>();
            Subscription observing = engine.flows.executions().onInteraction(run -> told.add(seen(engine.flows, run)));
            engine.start();
            engine.clock.advance(Duration.ofDays(9));
            engine.executor.runAll();
            Execution other = engine.start();
            other.cancel(null, null);
            assertThat(told)
                    .containsExactly("OPEN", "EXPIRED human:input:timeout", "OPEN", "CANCELLED human:input:timeout");
            observing.close();
            engine.start();
            assertThat(told).hasSize(4);
        }
    }

    @Test
    void hearsOfARestoredExecutionThatAsksSomething() {
        ExecutionSnapshot snapshot;
        try (TestEngine engine = engine(b -> {})) {
            snapshot = engine.start().snapshot();
        }
        try (TestEngine engine = engine(b -> {})) {
            List<String> told = new ArrayList<>();
            engine.flows.executions().onInteraction(run -> told.add(seen(engine.flows, run)));
            engine.flows.restore(snapshot);
            engine.executor.runAll();
            assertThat(told).containsExactly("OPEN");
        }
    }

    @Test
    void whatItThrowsHurtsNobody() {
        TestEngine engine = engine(b -> {});
        AtomicInteger told = new AtomicInteger();
        engine.flows.executions().onInteraction(run -> {
            throw new IllegalStateException("thrown by a test");
        });
        engine.flows.executions().onInteraction(run -> {
            throw new StackOverflowError("thrown by a test");
        });
        engine.flows.executions().onInteraction(run -> told.incrementAndGet());
        Execution run = engine.start();
        PauseToken token = run.interactions().get(0).token();
        assertThat(engine.flows
                        .interactions()
                        .claim(token, ADA, Duration.ofMinutes(1))
                        .claim())
                .isNotNull();
        assertThat(told).hasValue(2);
        assertThat(engine.logged.records())
                .hasSize(4)
                .allMatch(logged -> logged.getLevel().equals(Level.SEVERE)
                        && logged.getMessage().contains("An observer of executions failed on " + run.id()));
        engine.flows.close();
        engine.logged.close();
    }
}
