package io.flowscript.engine.program;

import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.core.workflow.WorkflowGraph;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as a flat list of instructions. Execution begins at instruction 0. The last instruction is an implicit
 * {@link Instruction.Exit}.
 *
 * <p>Immutable; safe for use by any thread.
 */
public final class Program {

    private final WorkflowDefinition definition;
    private final List<Instruction> instructions;
    private final List<Scope> scopes;
    private final List<Problem> warnings;

    /** One text for each instruction, which the events of all visits share. */
    private final List<String> stepIds;

    Program(WorkflowDefinition definition, List<Instruction> instructions, List<Scope> scopes, List<Problem> warnings) {
        this.definition = definition;
        this.instructions = List.copyOf(instructions);
        this.scopes = List.copyOf(scopes);
        this.warnings = List.copyOf(warnings);
        this.stepIds = IntStream.range(0, instructions.size())
                .mapToObj(index -> "s" + index)
                .toList();
    }

    /** {@return the definition that was compiled} */
    public WorkflowDefinition definition() {
        return definition;
    }

    /**
     * An instruction.
     *
     * @param index from 0 to {@link #size()} - 1
     * @return the instruction
     */
    public Instruction at(int index) {
        return instructions.get(index);
    }

    /** {@return the warnings about the definition, which do not prevent it from being run} */
    public List<Problem> warnings() {
        return warnings;
    }

    /** {@return the number of instructions} */
    public int size() {
        return instructions.size();
    }

    /**
     * Returns the id of an instruction in the {@linkplain #graph graph}. It depends on what the hash of the definition depends on,
     * and on nothing else.
     *
     * @param index from 0 to {@link #size()} - 1
     * @return the same object for the same index
     */
    public String stepId(int index) {
        return stepIds.get(index);
    }

    /** {@return the steps of this program, and how an execution goes from one to another; made at each call} */
    public WorkflowGraph graph() {
        return new GraphMaker(this).graph();
    }

    /**
     * Returns the number of loops around an instruction. An {@link Instruction.Loop} itself is outside of its loop.
     *
     * @param index the index of an instruction
     * @return 0 or more
     */
    public int loopDepth(int index) {
        return scopes.get(index).loopDepth;
    }

    /**
     * Returns the target of {@code loopTo:name}.
     *
     * @param index the index of the instruction whose node returned the edge
     * @param name the name of a step
     * @return the index of the step's instruction; empty when no step of that name can be reached from there, or when
     *     the nearest sequence that has the name has it more than once
     */
    public OptionalInt loopTarget(int index, String name) {
        int target = scopes.get(index).target(name);
        return target < 0 ? OptionalInt.empty() : OptionalInt.of(target);
    }

    /**
     * The steps that {@code loopTo} can reach from a sequence of elements. It is filled during compilation and only
     * read afterwards. All instructions of a sequence share one object.
     */
    static final class Scope {

        static final int NONE = -1;
        static final int AMBIGUOUS = -2;

        private final int loopDepth;
        private final @Nullable Scope around;
        private final Map<String, Integer> steps = new LinkedHashMap<>();

        Scope(int loopDepth, @Nullable Scope around) {
            this.loopDepth = loopDepth;
            this.around = around;
        }

        int loopDepth() {
            return loopDepth;
        }

        void add(String step, int index) {
            if (steps.putIfAbsent(step, index) != null) {
                steps.put(step, AMBIGUOUS);
            }
        }

        /** The index of a step, or that there is none, or that there are several. The nearest sequence decides. */
        int target(String step) {
            for (Scope scope = this; scope != null; scope = scope.around) {
                Integer index = scope.steps.get(step);
                if (index != null) {
                    return index;
                }
            }
            return NONE;
        }

        /** The names of all steps that can be reached, the nearest first. */
        Set<String> names() {
            Set<String> names = new LinkedHashSet<>();
            for (Scope scope = this; scope != null; scope = scope.around) {
                names.addAll(scope.steps.keySet());
            }
            return names;
        }
    }
}
