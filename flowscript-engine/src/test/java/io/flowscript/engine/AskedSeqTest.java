package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An interaction knows the number of the event that asked it")
class AskedSeqTest {

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();

    private FlowScript engine() {
        return FlowScript.builder()
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .node("write", context -> {
                    context.runtime().emit("test:tick", 1);
                    context.state().set("$.written", true);
                    return Edge.of("done");
                })
                .node(Node.named("ask")
                        .edges("done")
                        .ask(context -> Question.open())
                        .answered((context, answer) ->
                                context.memo().isMissing() ? Question.open().ask("again") : Edge.of("done")))
                .node("pauses", Node.async(context -> {
                    context.runtime().pause();
                    context.runtime().pause(Question.open());
                    return context.runtime()
                            .waitForResume(context.runtime().pause(Question.open()))
                            .thenApply(answer -> Edge.of("done"));
                }))
                .workflow(workflow("write", "ask", "pauses"))
                .build();
    }

    @Test
    void whateverCameBefore() {
        try (FlowScript flows = engine()) {
            Execution run = start(flows);
            assertAsked(run);
            answer(flows, run);
            assertAsked(run);
            assertThat(run.snapshot().closed()).hasSize(1);
            answer(flows, run);
            assertThat(run.interactions()).hasSize(3);
            assertAsked(run);
            assertThat(run.interactions().get(0).question()).isNull();
        }
    }

    @Test
    void whateverBecomesOfIt() {
        try (FlowScript flows = engine()) {
            Execution run = start(flows);
            Interaction asked = run.interactions().get(0);
            flows.interactions().claim(asked.token(), Identity.of("ann"), Duration.ofMinutes(1));
            flows.interactions().revise(asked.token(), Map.of("a", 1), null);
            assertThat(run.interactions().get(0).seq()).isEqualTo(asked.seq());
            answer(flows, run);
            assertThat(run.snapshot().closed().get(0).seq()).isEqualTo(asked.seq());
        }
    }

    @Test
    void whereItGoesOnElsewhere() {
        ExecutionSnapshot written;
        long first;
        try (FlowScript flows = engine()) {
            Execution run = start(flows);
            written = run.snapshot();
            first = run.interactions().get(0).seq();
        }
        try (FlowScript flows = engine()) {
            Execution run = flows.restore(written);
            executor.runAll();
            assertThat(run.interactions().get(0).seq()).isEqualTo(first);
            answer(flows, run);
            assertThat(run.interactions().get(0).seq()).isGreaterThan(written.seq());
            assertAsked(run.interactions().get(0), run.events().read(Position.after(written.seq()), 100));
        }
    }

    private Execution start(FlowScript flows) {
        Execution run = flows.start("w", Map.of());
        executor.runAll();
        return run;
    }

    private void answer(FlowScript flows, Execution run) {
        flows.interactions().answer(run.interactions().get(0).token(), 1, AnswerOptions.by(Identity.of("ann")));
        executor.runAll();
    }

    private static void assertAsked(Execution run) {
        List<RecordedEvent> events = run.events().read(Position.START, 100);
        assertThat(run.interactions()).isNotEmpty().allSatisfy(asked -> assertAsked(asked, events));
        assertThat(run.snapshot().closed()).allSatisfy(asked -> assertAsked(asked, events));
    }

    private static void assertAsked(Interaction asked, List<RecordedEvent> events) {
        Event event = events.stream()
                .filter(recorded -> recorded.seq() == asked.seq())
                .findFirst()
                .orElseThrow()
                .event();
        String tokenId = asked.token().tokenId();
        if (asked.question() == null) {
            assertThat(event)
                    .isInstanceOfSatisfying(
                            WorkflowEvent.Paused.class,
                            paused -> assertThat(paused.tokenId()).isEqualTo(tokenId));
        } else {
            assertThat(event)
                    .isInstanceOfSatisfying(
                            HumanEvent.InputRequired.class,
                            required -> assertThat(required.tokenId()).isEqualTo(tokenId));
        }
    }
}
