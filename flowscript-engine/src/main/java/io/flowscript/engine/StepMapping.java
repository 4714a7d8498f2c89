package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.text.Printable;
import io.flowscript.engine.program.CompiledStep;
import io.flowscript.engine.program.Instruction;
import io.flowscript.engine.program.Program;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds where an execution of one version is in another version. Immutable; safe for use by any thread. */
final class StepMapping {

    private final Program from;
    private final Program to;
    private final Migration migration;

    StepMapping(Program from, Program to, Migration migration) {
        this.from = from;
        this.to = to;
        this.migration = migration;
    }

    /**
     * A place in the other version.
     *
     * @param position the index of the instruction
     * @param stepName the name of its step
     * @param frames the loops around it, with their variables
     */
    record Place(int position, String stepName, List<LoopFrame> frames) {}

    /** There is no such place. The message is for people. */
    static final class NoPlace extends Exception {

        private static final long serialVersionUID = 1L;

        NoPlace(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Checks that the registered version has the steps that a migration maps to.
     *
     * @throws FlowScriptException with code {@code invalid_migration}
     */
    static void checkTargets(Migration migration, Program to) {
        for (String target : migration.targets()) {
            int count = find(to, target).size();
            if (count != 1) {
                throw new FlowScriptException(
                        "invalid_migration",
                        "The registered version of workflow "
                                + quoted(to.definition().id()) + " has "
                                + (count == 0 ? "no step " : count + " steps ") + quoted(target)
                                + "; name a step by a name that occurs once, or by its place, such as /nodes/2");
            }
        }
    }

    /** Returns the place of an execution that waits at a step. */
    Place of(ExecutionSnapshot at) throws NoPlace {
        int position = counterpart(at.position());
        List<LoopFrame> frames = new ArrayList<>();
        for (LoopFrame frame : at.frames()) {
            frames.add(new LoopFrame(counterpart(frame.loop()), frame.iterations(), frame.memo(), frame.bindings()));
        }
        if (!loopsAround(position).equals(frames.stream().map(LoopFrame::loop).toList())) {
            throw new NoPlace("It waits at " + text(from, at.position()) + ", and " + text(to, position)
                    + " of the registered version is not in the same loops");
        }
        return new Place(position, step(to, position).name(), frames);
    }

    private int counterpart(int index) throws NoPlace {
        CompiledStep step = step(from, index);
        String mapped = migration.target(from.at(index).pointer());
        if (mapped == null) {
            mapped = migration.target(step.name());
        }
        if (mapped == null) {
            int same = find(from, step.name()).size();
            if (same > 1) {
                throw new NoPlace("It waits at " + text(from, index) + ", and its version has this step " + same
                        + " times; map it by its place");
            }
        }
        String wanted = mapped == null ? step.name() : mapped;
        List<Integer> found = find(to, wanted);
        if (found.size() != 1) {
            throw new NoPlace("It waits at " + text(from, index) + ", and the registered version has "
                    + (found.isEmpty() ? "no step " : found.size() + " steps ") + quoted(wanted)
                    + (found.isEmpty() ? "; map the step to another one" : "; map the step by its place"));
        }
        int target = found.get(0);
        if (isLoop(from, index) != isLoop(to, target)) {
            throw new NoPlace("It waits at " + text(from, index) + ", and of this and " + text(to, target)
                    + " of the registered version only one is a loop");
        }
        return target;
    }

    /** The indexes of the steps with this place or this name. */
    private static List<Integer> find(Program program, String nameOrPlace) {
        List<Integer> found = new ArrayList<>();
        for (int index = 0; index < program.size(); index++) {
            CompiledStep step = stepOrNull(program, index);
            if (step != null && program.at(index).pointer().equals(nameOrPlace)) {
                return List.of(index);
            }
            if (step != null && step.name().equals(nameOrPlace)) {
                found.add(index);
            }
        }
        return found;
    }

    /** The loops that a step is in, and the loop that it is the controller of, the outermost first. */
    private List<Integer> loopsAround(int position) {
        String place = to.at(position).pointer();
        List<Integer> loops = new ArrayList<>();
        for (int index = 0; index < to.size(); index++) {
            String loop = to.at(index).pointer();
            if (isLoop(to, index) && (index == position || place.startsWith(loop + "/"))) {
                loops.add(index);
            }
        }
        return loops;
    }

    private static boolean isLoop(Program program, int index) {
        return program.at(index) instanceof Instruction.Loop;
    }

    private static CompiledStep step(Program program, int index) {
        CompiledStep step = stepOrNull(program, index);
        if (step == null) {
            throw new IllegalStateException("There is no step at " + index);
        }
        return step;
    }

    private static @Nullable CompiledStep stepOrNull(Program program, int index) {
        Instruction instruction = program.at(index);
        if (instruction instanceof Instruction.Run run) {
            return run.step();
        }
        return instruction instanceof Instruction.Loop loop ? loop.step() : null;
    }

    private static String quoted(String name) {
        return "\"" + Printable.line(name, 128) + "\"";
    }

    private static String text(Program program, int index) {
        return "step " + quoted(step(program, index).name()) + " ("
                + program.at(index).pointer() + ")";
    }
}
