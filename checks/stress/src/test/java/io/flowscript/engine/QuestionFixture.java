package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** An execution that waits for one answer, and the ways in which the wait can end. Everything runs on the calling thread. */
final class QuestionFixture {

    private static final WorkflowDefinition WORKFLOW =
            WorkflowDefinition.of(Map.of("id", "asked", "nodes", List.of("asks")));
    private static final Map<String, Object> SHOWN = Map.of("amount", 1);
    private static final Question ONE_ANSWER =
            Question.open().within(Duration.ofMinutes(1)).showing(SHOWN);

    /** What two have to agree on. */
    static final Question TWO_VOTES = Question.open().decidedBy(new Quorum("vote", Map.of("yes", 2)));

    private final ManualClock clock = new ManualClock();
    private final FlowScript flows;
    private final Execution execution;
    private final PauseToken token;

    QuestionFixture() {
        this(ONE_ANSWER);
    }

    QuestionFixture(Question question) {
        Node asks = context -> context.answer() == null ? question.ask() : Edge.of("answered");
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
                ids(),
                FlowScriptObserver.NONE,
                FlowScriptTracer.NONE,
                null);
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

    /** {@return the kind of receipt that somebody gets who saw what is shown at first} */
    String answerAsSeen() {
        return flows.interactions()
                .answer(token, true, new AnswerOptions(null, null, Question.contextHash(SHOWN)))
                .getClass()
                .getSimpleName();
    }

    /** {@return {@code counts} or {@code closes}, or what else became of it} */
    String vote(String by) {
        Receipt receipt = flows.interactions().answer(token, Map.of("vote", "yes"), AnswerOptions.by(Identity.of(by)));
        if (receipt instanceof Receipt.Accepted accepted) {
            return accepted.closes() ? "closes" : "counts";
        }
        return receipt.getClass().getSimpleName();
    }

    /** {@return the status of the question then, or the code of the refusal} */
    String claim(String by) {
        return change(() -> flows.interactions().claim(token, Identity.of(by), Duration.ofMinutes(1)));
    }

    /** {@return the status of the question then, or the code of the refusal} */
    String revise() {
        return change(() -> flows.interactions().revise(token, Map.of("amount", 2), null));
    }

    private static String change(Supplier<Interaction> change) {
        try {
            return change.get().status().name();
        } catch (FlowScriptException e) {
            return e.code();
        }
    }

    void deadline() {
        clock.advance(Duration.ofMinutes(2));
    }

    boolean cancel() {
        return execution.cancel(null, null);
    }

    /** {@return what happened to the question, how often it was closed, and how: {@code answered}, {@code deadline}; then how the execution ended} */
    String outcome() {
        StringBuilder outcome = new StringBuilder();
        List<RecordedEvent> events = execution.events().read(Position.START, 100);
        for (RecordedEvent recorded : events) {
            Event event = recorded.event();
            if (event instanceof HumanEvent.InputVoted) {
                outcome.append("voted ");
            } else if (event instanceof HumanEvent.InputClaimed) {
                outcome.append("claimed ");
            } else if (event instanceof HumanEvent.InputRevised) {
                outcome.append("revised ");
            } else if (event instanceof HumanEvent.InputReceived) {
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
