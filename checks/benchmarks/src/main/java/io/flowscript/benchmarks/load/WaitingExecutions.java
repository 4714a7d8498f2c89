package io.flowscript.benchmarks.load;

import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Executions that wait for an answer that nobody gives, for clients that follow very many. For one thread. */
final class WaitingExecutions {

    /** More than any scenario starts. */
    static final int MOST = 200_000;

    private final List<Execution> started = new ArrayList<>();

    /** Returns the id of one. */
    static String id(int number) {
        return "waiting-" + number;
    }

    void configure(FlowScriptBuilder builder) {
        builder.node("wait", context -> Question.open().ask("asked"))
                .workflow(WorkflowDefinition.of(Map.of("id", "wait", "nodes", List.of("wait"))))
                .limits(EngineLimits.defaults().maxExecutions(MOST));
    }

    /** Starts them, and returns when all have asked. */
    void start(FlowScript flows, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            started.add(flows.start("wait", Map.of(), id(i)));
        }
        for (Execution execution : started) {
            while (execution.interactions().isEmpty()) {
                Thread.sleep(1);
            }
        }
    }

    void cancel() {
        started.forEach(execution -> execution.cancel(null, null));
    }
}
