package io.flowscript.benchmarks.growth;

import io.flowscript.benchmarks.load.Machine;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.FlowScript;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Workflows of ten steps in one engine, of which each is started in turn. */
final class WorkflowsCurve implements Curve {

    private static final int STEPS = 10;
    private static final int EXECUTIONS = 2_000;

    @Override
    public String name() {
        return "workflows";
    }

    @Override
    public String title() {
        return "workflows in an engine";
    }

    @Override
    public int largest() {
        return 1_000;
    }

    @Override
    public int smallest() {
        return 10;
    }

    @Override
    public List<String> columns() {
        return List.of("µs to register a workflow", "bytes of heap for a workflow", "µs to run an execution");
    }

    @Override
    public double[] measure(int size) throws Exception {
        try (FlowScript flows = FlowScript.builder()
                .limits(EngineLimits.defaults().maxFinished(10))
                .node("nothing", context -> Edge.of("done"))
                .build()) {
            long before = Machine.heap();
            long begun = System.nanoTime();
            for (int i = 0; i < size; i++) {
                List<String> nodes = Collections.nCopies(STEPS, "nothing");
                flows.register(WorkflowDefinition.of(Map.of("id", "workflow-" + i, "nodes", nodes)));
            }
            double registering = System.nanoTime() - begun;
            double bytes = Machine.heap() - before;
            begun = System.nanoTime();
            for (int i = 0; i < EXECUTIONS; i++) {
                Object unused =
                        flows.start("workflow-" + i % size, Map.of()).result().get();
            }
            double running = System.nanoTime() - begun;
            return new double[] {registering / 1e3 / size, bytes / size, running / 1e3 / EXECUTIONS};
        }
    }
}
