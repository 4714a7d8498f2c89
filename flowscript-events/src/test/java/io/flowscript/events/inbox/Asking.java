package io.flowscript.events.inbox;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** An engine whose workflows ask, each start as it is told to, on a clock and an executor that a test drives. */
final class Asking implements AutoCloseable {

    final ManualClock clock = new ManualClock();
    final ManualExecutor executor = new ManualExecutor();
    final Map<String, Question> questions = new ConcurrentHashMap<>();
    final FlowScript flows;

    Asking() {
        this(flows -> flows);
    }

    Asking(UnaryOperator<FlowScriptBuilder> more) {
        this(null, more);
    }

    Asking(Executor other, UnaryOperator<FlowScriptBuilder> more) {
        Executor threads = other == null ? executor : other;
        flows = more.apply(FlowScript.builder()
                        .node(asking("review"))
                        .node(asking("sign"))
                        .workflow(Workflow.named("expense").step("review").build())
                        .workflow(Workflow.named("contract").step("sign").build())
                        .clock(clock)
                        .executor(threads)
                        .engineExecutor(threads)
                        .retention(new Retention(1_000, 1 << 20, Duration.ofHours(1)))
                        .limits(EngineLimits.defaults()))
                .build();
    }

    private NamedNode asking(String name) {
        return Node.named(name)
                .edges("done")
                .ask(ctx -> questions.get(ctx.runtime().executionId()))
                .answered((ctx, answer) -> Edge.of("done"));
    }

    /** Starts an execution of a workflow that asks this. */
    Interaction ask(String workflowId, String executionId, Question question) {
        questions.put(executionId, question);
        Execution execution = flows.start(workflowId, new HashMap<>(), executionId);
        executor.runAll();
        return execution.interactions().get(0);
    }

    Interaction ask(String executionId, Question question) {
        return ask("expense", executionId, question);
    }

    Receipt answer(PauseToken token, String who) {
        Receipt receipt = flows.interactions().answer(token, true, AnswerOptions.by(Identity.of(who)));
        executor.runAll();
        return receipt;
    }

    static Question forPeople(String... names) {
        return Question.open().assignedTo(names);
    }

    static Question forGroups(String... names) {
        return Question.open().candidates(names);
    }

    static Assignment group(String name) {
        return new Assignment(List.of(), List.of(name));
    }

    @Override
    public void close() {
        flows.close();
    }
}
