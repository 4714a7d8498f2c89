package io.flowscript.engine.program;

import java.util.Map;

/** One instruction of a program. Targets are indexes of instructions in the same program. */
public sealed interface Instruction {

    /** {@return the position in the document, a JSON Pointer} */
    String pointer();

    /**
     * Runs a node and continues by the edge that it returns. If {@code targets} has the edge, its target is next.
     * Otherwise the edges {@code error} and {@code timeout} fail the workflow. For any other edge, the target of
     * {@code default} is next if there is one, and {@code next} if there is none.
     *
     * @param pointer the position in the document
     * @param step the step to run
     * @param targets the names of edges, each with the index of its target; empty for a plain step
     * @param next the index of the next instruction for other edges
     */
    record Run(String pointer, CompiledStep step, Map<String, Integer> targets, int next) implements Instruction {
        public Run {
            targets = Map.copyOf(targets);
        }
    }

    /**
     * Enters a loop: creates its frame and runs its controller, now and after each iteration. The edge
     * {@code next_iteration} continues at {@code body}. The edge {@code exit_loop} drops the frame and continues at
     * {@code next}. Any other edge fails the workflow, with a message that names the edge.
     *
     * @param pointer the position in the document
     * @param step the controller
     * @param body the first instruction of the body
     * @param next the first instruction after the loop
     */
    record Loop(String pointer, CompiledStep step, int body, int next) implements Instruction {}

    /**
     * Ends a loop's body: continues at the loop's controller and keeps its frame.
     *
     * @param pointer the position in the document
     * @param loop the index of the loop's {@link Loop}
     */
    record Repeat(String pointer, int loop) implements Instruction {}

    /**
     * Jumps to another instruction. Loop frames deeper than the target's depth are dropped.
     *
     * @param pointer the position in the document
     * @param target the index of the target
     */
    record Jump(String pointer, int target) implements Instruction {}

    /**
     * Ends the whole workflow.
     *
     * @param pointer the position in the document
     * @param explicit true for an {@code exit}; false for the end of the script
     */
    record Exit(String pointer, boolean explicit) implements Instruction {}
}
