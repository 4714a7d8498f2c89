package io.flowscript.benchmarks.growth;

import io.flowscript.benchmarks.load.Machine;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Executions that all wait for an answer, and then get it. */
final class ExecutionsCurve implements Curve {

    @Override
    public String name() {
        return "executions";
    }

    @Override
    public String title() {
        return "executions that wait";
    }

    @Override
    public int largest() {
        return 100_000;
    }

    @Override
    public int smallest() {
        return 100;
    }

    @Override
    public List<String> columns() {
        return List.of(
                "µs to start an execution", "bytes of heap for an execution", "µs to answer and end an execution");
    }

    @Override
    public double[] measure(int size) throws Exception {
        long before = Machine.heap();
        try (FlowScript flows = FlowScript.builder()
                .limits(EngineLimits.defaults()
                        .maxExecutions(size + 10)
                        .stateBytes(4L << 30)
                        .logBytes(4L << 30))
                .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "ask", "nodes", List.of("ask"))))
                .build()) {
            List<Execution> all = new ArrayList<>();
            long begun = System.nanoTime();
            for (int i = 0; i < size; i++) {
                all.add(flows.start("ask", Map.of()));
            }
            List<Interaction> questions = new ArrayList<>();
            for (Execution one : all) {
                Waiting.until(() -> !one.interactions().isEmpty());
                questions.add(one.interactions().get(0));
            }
            double starting = System.nanoTime() - begun;
            double bytes = Machine.heap() - before;
            begun = System.nanoTime();
            for (Interaction question : questions) {
                flows.interactions().answer(question.token(), "yes", AnswerOptions.NONE);
            }
            for (Execution one : all) {
                Object unused = one.result().get();
            }
            double ending = System.nanoTime() - begun;
            return new double[] {starting / 1e3 / size, bytes / size, ending / 1e3 / size};
        }
    }
}
