package io.flowscript.core.engine;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** An execution that waits for one answer, and the ways in which the wait can end. Everything runs on the calling thread. */
final class Asked {

    private static final WorkflowDefinition WORKFLOW =
            WorkflowDefinition.of(Map.of("id", "asked", "nodes", List.of("asks")));
    private static final Node ASKS = context -> context.answer() == null
            ? Question.open().within(Duration.ofMinutes(1)).ask()
            : Edge.of("answered");

    private final ManualClock clock = new ManualClock();
    private final FlowScript flows;
    private final Execution execution;
    private final PauseToken token;

    Asked() {
        flows = new Engine(
                Map.of("asks", ASKS),
                null,
                null,
                Instant::plus,
                clock,
                Runnable::run,
                EngineLimits.defaults(),
                Retention.defaults(),
                ids());
        flows.register(WORKFLOW);
        execution = flows.start("asked", Map.of());
        token = execution.interactions().get(0).token();
    }

    /** {@return the kind of receipt} */
    String answer() {
        return flows.interactions()
                .answer(token, true, AnswerOptions.NONE)
                .getClass()
                .getSimpleName();
    }

    void deadline() {
        clock.advance(Duration.ofMinutes(2));
    }

    boolean cancel() {
        return execution.cancel(null, null);
    }

    /** {@return how often the question was closed, and how: {@code answered}, {@code timeout}; then how the execution ended} */
    String outcome() {
        StringBuilder outcome = new StringBuilder();
        List<RecordedEvent> events = execution.events().read(Position.START, 100);
        for (RecordedEvent recorded : events) {
            Event event = recorded.event();
            if (event instanceof HumanEvent.InputReceived) {
                outcome.append("answered ");
            } else if (event instanceof HumanEvent.InputTimeout closed) {
                outcome.append(closed.reason()).append(' ');
            } else if (event.isTerminal()) {
                outcome.append(event.type().name().substring("workflow:".length()))
                        .append(' ');
            }
        }
        return outcome.toString().trim();
    }

    private static Supplier<String> ids() {
        AtomicInteger ids = new AtomicInteger();
        return () -> "id" + ids.incrementAndGet();
    }
}
