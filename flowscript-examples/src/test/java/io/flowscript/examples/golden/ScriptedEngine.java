package io.flowscript.examples.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowGraph;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.examples.server.ExampleNodes;
import io.flowscript.examples.server.ExampleWorkflows;
import io.flowscript.json.Workflows;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An engine with the example workflows, a manual clock and a manual executor, in which people follow a script. */
final class ScriptedEngine implements AutoCloseable {

    static final Path TEST_WORKFLOWS = Path.of("src", "test", "resources", "test-workflows");

    /** The examples log a line for each step that says so; kept here, because an unreferenced logger loses its level. */
    private static final Logger ENGINE_LOG = Logger.getLogger("io.flowscript.core");

    static {
        ENGINE_LOG.setLevel(Level.SEVERE);
    }

    private static final int BATCH = 1_000;
    private static final Duration TIME_TO_THINK = Duration.ofMinutes(1);

    private final ManualExecutor executor = new ManualExecutor();
    private final ManualClock clock;
    private final FlowScript flows;

    ScriptedEngine(Instant now) {
        clock = new ManualClock(now);
        var builder = ExampleNodes.addTo(FlowScript.builder())
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor);
        ExampleWorkflows.all().forEach(builder::workflow);
        Workflows.readAll(TEST_WORKFLOWS).forEach(builder::workflow);
        flows = builder.build();
    }

    Execution start(Script script) {
        Execution run = flows.start(script.workflow(), script.input(), "run");
        settle();
        return run;
    }

    Execution restore(ExecutionSnapshot snapshot) {
        Execution run = flows.restore(snapshot);
        settle();
        return run;
    }

    WorkflowGraph graph(Script script) {
        return flows.graph(flows.workflow(script.workflow(), null).orElseThrow());
    }

    Instant now() {
        return clock.instant();
    }

    /**
     * Ends what an execution waits for: fires the next timer if it sleeps, or does the script's next step if it asks.
     *
     * @param run an execution that waits
     * @param steps the remaining steps of the script; the step done is removed from the front
     */
    void letHappen(Execution run, List<Script.Step> steps) {
        assertThat(run.status().isEnded()).describedAs("ended").isFalse();
        if (run.status() != ExecutionStatus.PAUSED) {
            Instant due = clock.next();
            assertThat(due)
                    .describedAs("an execution that neither asks nor ends has a timer")
                    .isNotNull();
            clock.advance(Duration.between(clock.instant(), due));
        } else {
            assertThat(steps)
                    .describedAs("steps of the script that are left, for " + run.interactions())
                    .isNotEmpty();
            take(run, steps.remove(0));
        }
        settle();
    }

    private void take(Execution run, Script.Step step) {
        Interaction question = run.interactions().get(0);
        assertThat(question.nodeName()).describedAs("the node that asks").isEqualTo(step.node());
        if (step.pass() != null) {
            clock.advance(step.pass());
            return;
        }
        clock.advance(TIME_TO_THINK);
        AnswerOptions options = step.by() == null ? AnswerOptions.NONE : AnswerOptions.by(Identity.of(step.by()));
        Receipt receipt = flows.interactions().answer(question.token(), step.answer(), options);
        assertThat(receipt).describedAs("the answer %s", step.answer()).isInstanceOf(Receipt.Accepted.class);
    }

    private void settle() {
        do {
            executor.runAll();
            clock.advance(Duration.ZERO);
        } while (executor.pending() > 0);
    }

    /** {@return every event of an execution after a number} */
    static List<RecordedEvent> events(Execution run, long after) {
        List<RecordedEvent> events = new ArrayList<>();
        try (Cursor cursor = run.events().cursor(Position.after(run.events().epoch(), after))) {
            Read read = cursor.read(BATCH);
            while (read instanceof Read.Events found) {
                events.addAll(found.events());
                read = cursor.read(BATCH);
            }
            assertThat(read).describedAs("what ends the reading").isNotInstanceOf(Read.Missed.class);
        }
        return events;
    }

    @Override
    public void close() {
        flows.close();
    }
}
