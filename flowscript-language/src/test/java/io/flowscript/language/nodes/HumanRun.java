package io.flowscript.language.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.json.SnapshotCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A workflow with people in it, its time and its threads moved by the test. One that restarts is written down, read back and continued by a fresh engine
 * before each answer and whenever time passes: what a test says of it must hold all the same.
 */
final class HumanRun implements AutoCloseable {

    private final boolean restarts;
    private final WorkflowDefinition workflow;
    private final UnaryOperator<FlowScriptBuilder> settings;
    private final ManualExecutor executor = new ManualExecutor();
    private final List<RecordedEvent> events = new ArrayList<>();
    private ManualClock clock = new ManualClock();
    private FlowScript flows;
    private Execution run;

    private HumanRun(
            boolean restarts,
            Map<String, ?> input,
            UnaryOperator<FlowScriptBuilder> settings,
            List<? extends @Nullable Object> elements) {
        this.restarts = restarts;
        this.settings = settings;
        workflow = WorkflowDefinition.of(Map.of("id", "w", "nodes", elements));
        flows = engine();
        run = flows.start("w", input);
        executor.runAll();
    }

    static HumanRun of(Map<String, ?> input, Object... elements) {
        return of(false, input, elements);
    }

    static HumanRun of(boolean restarts, Map<String, ?> input, Object... elements) {
        return new HumanRun(restarts, input, UnaryOperator.identity(), Arrays.asList(elements));
    }

    /** With nodes of the test's own. */
    static HumanRun with(boolean restarts, UnaryOperator<FlowScriptBuilder> settings, Object... elements) {
        return new HumanRun(restarts, Map.of(), settings, Arrays.asList(elements));
    }

    private FlowScript engine() {
        return settings.apply(FlowScript.builder()
                        .clock(clock)
                        .executor(executor)
                        .engineExecutor(executor)
                        .workflow(workflow))
                .build();
    }

    private void restart() {
        ExecutionSnapshot snapshot = SnapshotCodec.read(SnapshotCodec.write(run.snapshot()));
        keepEvents();
        flows.close();
        executor.runAll();
        clock = new ManualClock(clock.instant());
        flows = engine();
        run = flows.restore(snapshot);
        executor.runAll();
    }

    private void keepEvents() {
        Position after = events.isEmpty()
                ? Position.START
                : Position.after(
                        run.events().epoch(), events.get(events.size() - 1).seq());
        events.addAll(run.events().read(after, 10_000));
    }

    /** The one interaction that is open. */
    Interaction asked() {
        assertThat(run.interactions()).hasSize(1);
        return run.interactions().get(0);
    }

    Question question() {
        return Objects.requireNonNull(asked().question());
    }

    /** What is shown with the open question. */
    Value shown() {
        return Value.of(question().context());
    }

    boolean isAsking() {
        return !run.interactions().isEmpty();
    }

    /** Somebody, of no group, answers the open question. */
    Receipt answer(@Nullable String who, @Nullable Object answer) {
        if (restarts) {
            restart();
        }
        AnswerOptions options = who == null ? AnswerOptions.NONE : AnswerOptions.by(Identity.of(who));
        Receipt receipt = flows.interactions().answer(asked().token(), answer, options);
        executor.runAll();
        return receipt;
    }

    /** Somebody answers, and it counts. */
    HumanRun answered(@Nullable String who, @Nullable Object answer) {
        assertThat(answer(who, answer)).isInstanceOf(Receipt.Accepted.class);
        return this;
    }

    HumanRun advance(Duration duration) {
        if (restarts) {
            restart();
        }
        clock.advance(duration);
        do {
            executor.runAll();
            clock.advance(Duration.ZERO);
        } while (executor.pending() > 0);
        return this;
    }

    List<RecordedEvent> events() {
        keepEvents();
        return events;
    }

    List<String> types() {
        return events().stream().map(event -> event.event().type().name()).toList();
    }

    /** The edge by which the last node left. */
    String edge() {
        return completed().edge();
    }

    /** The data of that edge. */
    Value data() {
        return Value.of(completed().data());
    }

    private NodeEvent.Completed completed() {
        NodeEvent.@Nullable Completed last = null;
        for (RecordedEvent event : events()) {
            if (event.event() instanceof NodeEvent.Completed completed) {
                last = completed;
            }
        }
        return Objects.requireNonNull(last, "no node has completed");
    }

    Value state() {
        return Value.of(run.snapshot().state());
    }

    /** The code of the failure that ended it. */
    @Nullable
    String code() {
        return result().code();
    }

    String error() {
        return String.valueOf(result().error());
    }

    private ExecutionResult result() {
        assertThat(run.result()).as("it has ended").isDone();
        return run.result().join();
    }

    boolean isCompleted() {
        return run.result().isDone() && run.result().join().isCompleted();
    }

    @Override
    public void close() {
        flows.close();
        executor.runAll();
    }
}
