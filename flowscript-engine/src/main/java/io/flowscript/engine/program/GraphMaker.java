package io.flowscript.engine.program;

import io.flowscript.core.workflow.EdgeNames;
import io.flowscript.core.workflow.WorkflowGraph;
import io.flowscript.core.workflow.WorkflowGraph.Flow;
import io.flowscript.core.workflow.WorkflowGraph.Kind;
import io.flowscript.core.workflow.WorkflowGraph.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes the graph of a program. For one graph and one thread. */
final class GraphMaker {

    private final Program program;
    private final List<Step> steps = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();

    GraphMaker(Program program) {
        this.program = program;
    }

    WorkflowGraph graph() {
        for (int index = 0; index < program.size(); index++) {
            Instruction instruction = program.at(index);
            if (instruction instanceof Instruction.Run run) {
                steps.add(node(index, run.step(), Kind.NODE, List.of()));
                flowsOf(index, run);
            } else if (instruction instanceof Instruction.Loop loop) {
                steps.add(node(index, loop.step(), Kind.LOOP, inside(index, loop)));
                flow(index, loop.body(), EdgeNames.NEXT_ITERATION);
                flow(index, loop.next(), EdgeNames.EXIT_LOOP);
                jumpsOf(index, loop.step());
            } else if (instruction instanceof Instruction.Exit exit && exit.explicit()) {
                steps.add(new Step(program.stepId(index), EdgeNames.EXIT, Kind.EXIT, null, exit.pointer(), List.of()));
            }
        }
        String start = program.stepId(stepAt(0));
        String end = program.stepId(end());
        if (start.equals(end) || flows.stream().anyMatch(flow -> flow.to().equals(end))) {
            steps.add(new Step(end, "end", Kind.END, null, program.at(end()).pointer(), List.of()));
        }
        return new WorkflowGraph(start, steps, flows);
    }

    private Step node(int index, CompiledStep step, Kind kind, List<String> inside) {
        String type = step.metadata().type().id();
        return new Step(
                program.stepId(index),
                step.name(),
                kind,
                type,
                program.at(index).pointer(),
                inside);
    }

    private List<String> inside(int index, Instruction.Loop loop) {
        return IntStream.range(index + 1, loop.next())
                .filter(each -> isStep(program.at(each)))
                .mapToObj(program::stepId)
                .toList();
    }

    private void flowsOf(int index, Instruction.Run run) {
        // A jump is made before the flows of a branch are looked at.
        new TreeMap<>(run.targets()).forEach((edge, target) -> {
            if (!EdgeNames.isJump(edge)) {
                flow(index, target, edge);
            }
        });
        if (!run.targets().containsKey(EdgeNames.DEFAULT) && hasOtherEdges(run)) {
            flow(index, run.next(), null);
        }
        jumpsOf(index, run.step());
    }

    /** Whether the node can return an edge for which there is no flow, without failing the workflow. */
    private static boolean hasOtherEdges(Instruction.Run run) {
        Set<String> declared = run.step().metadata().edges();
        return run.targets().isEmpty()
                || declared.isEmpty()
                || declared.stream()
                        .anyMatch(edge -> !run.targets().containsKey(edge)
                                && !EdgeNames.isFailure(edge)
                                && !EdgeNames.isJump(edge));
    }

    /** The flows of edges that the node declares and that need no branch. */
    private void jumpsOf(int index, CompiledStep step) {
        for (String edge : new TreeSet<>(step.metadata().edges())) {
            if (edge.equals(EdgeNames.EXIT)) {
                flow(index, end(), edge);
            } else if (EdgeNames.isJump(edge)) {
                OptionalInt target = program.loopTarget(index, edge.substring(EdgeNames.LOOP_TO.length()));
                target.ifPresent(to -> flow(index, to, edge));
            }
        }
    }

    private void flow(int from, int to, @Nullable String edge) {
        flows.add(new Flow(program.stepId(from), program.stepId(stepAt(to)), edge));
    }

    /** The step that an execution comes to when it continues at an instruction. */
    private int stepAt(int index) {
        int at = index;
        while (!isStep(program.at(at))) {
            Instruction instruction = program.at(at);
            at = instruction instanceof Instruction.Repeat repeat
                    ? repeat.loop()
                    : ((Instruction.Jump) instruction).target();
        }
        return at;
    }

    private int end() {
        return program.size() - 1;
    }

    private static boolean isStep(Instruction instruction) {
        return !(instruction instanceof Instruction.Jump) && !(instruction instanceof Instruction.Repeat);
    }
}
