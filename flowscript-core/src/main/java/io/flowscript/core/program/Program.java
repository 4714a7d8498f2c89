package io.flowscript.core.program;

import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A workflow, flat. Execution begins at instruction 0. The last instruction is an implicit {@link Instruction.Exit}.
 *
 * <p>Immutable; safe for use by any thread.
 */
public final class Program {

    private final WorkflowDefinition definition;
    private final List<Instruction> instructions;
    private final List<Scope> scopes;

    /**
     * Where an instruction stands.
     *
     * @param loopDepth how many loops are around it
     * @param loopTargets the name of every step that {@code loopTo} reaches from here, to its index: the nearest
     *     sequence that has it decides. Shared by all instructions of a sequence.
     */
    record Scope(int loopDepth, Map<String, Integer> loopTargets) {
        Scope {
            loopTargets = Map.copyOf(loopTargets);
        }
    }

    Program(WorkflowDefinition definition, List<Instruction> instructions, List<Scope> scopes) {
        this.definition = definition;
        this.instructions = List.copyOf(instructions);
        this.scopes = List.copyOf(scopes);
    }

    /** {@return the definition that this was made of} */
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

    /** {@return how many instructions there are} */
    public int size() {
        return instructions.size();
    }

    /**
     * How many loops are around an instruction. The loop's own {@link Instruction.Loop} stands outside of its loop.
     *
     * @param index an instruction
     * @return 0 or more
     */
    public int loopDepth(int index) {
        return scopes.get(index).loopDepth();
    }

    /**
     * Where {@code loopTo:name} leads.
     *
     * @param index the instruction whose node returned it
     * @param name the name of a step
     * @return the index of its instruction, empty when no step of that name can be reached from there
     */
    public OptionalInt loopTarget(int index, String name) {
        Integer target = scopes.get(index).loopTargets().get(name);
        return target == null ? OptionalInt.empty() : OptionalInt.of(target);
    }
}
