package io.flowscript.engine;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.testsupport.Interleavings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A question is answered, runs into its deadline and is cancelled at the same moment: exactly one of them closes it, the others learn
 * that they did not, and the execution ends once.
 */
@Tag("slow")
public class PauseTokenLincheckTest {

    private final ManualClock clock = new ManualClock();
    private final Execution execution;
    private final FlowScript flows;
    private final PauseToken token;
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger alreadyResolved = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    public PauseTokenLincheckTest() {
        AtomicInteger ids = new AtomicInteger();
        Node asks = context -> context.answer() == null
                ? Question.open().within(Duration.ofMinutes(1)).ask()
                : Edge.of("answered");
        flows = new Engine(
                Map.of("asks", asks),
                null,
                null,
                Instant::plus,
                clock,
                Runnable::run,
                Runnable::run,
                EngineLimits.defaults(),
                Retention.defaults(),
                () -> "id" + ids.incrementAndGet(),
                FlowScriptObserver.NONE,
                FlowScriptTracer.NONE,
                null);
        flows.register(TestEngine.workflow("asks"));
        execution = flows.start("w", Map.of());
        token = execution.interactions().get(0).token();
    }

    @Operation
    public void answer() {
        Receipt receipt = flows.interactions().answer(token, true, AnswerOptions.NONE);
        if (receipt instanceof Receipt.Accepted) {
            accepted.incrementAndGet();
        } else if (receipt instanceof Receipt.AlreadyResolved) {
            alreadyResolved.incrementAndGet();
        }
    }

    @Operation
    public void deadline() {
        clock.advance(Duration.ofMinutes(2));
    }

    @Operation
    public void cancel() {
        if (execution.cancel(null, null)) {
            cancelled.incrementAndGet();
        }
    }

    @Validate
    public void oneClosedItAndItEndedOnce() {
        List<Event> events = execution.events().read(Position.START, 100).stream()
                .map(RecordedEvent::event)
                .toList();
        long received = events.stream()
                .filter(HumanEvent.InputReceived.class::isInstance)
                .count();
        long withdrawn = events.stream()
                .filter(HumanEvent.InputTimeout.class::isInstance)
                .count();
        long last = events.stream().filter(Event::isTerminal).count();
        if (received + withdrawn != 1
                || accepted.get() != received
                || (alreadyResolved.get() > 0 && received == 0)
                || cancelled.get() != (execution.status() == ExecutionStatus.CANCELLED ? 1 : 0)
                || last != 1
                || !events.get(events.size() - 1).isTerminal()) {
            throw new IllegalStateException(accepted + " accepted, " + alreadyResolved + " too late, " + cancelled
                    + " cancelled, events " + events);
        }
    }

    @Test
    @DisplayName("I3, I6: exactly one of answer, deadline and cancellation closes an interaction (stress)")
    void stressed() {
        Interleavings.stressHolds(getClass(), 2);
    }
}
