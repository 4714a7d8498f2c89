package io.flowscript.core.program;

import java.util.Map;

/** One instruction of a program. Targets are indexes of instructions in the same program. */
public sealed interface Instruction {

    /** {@return the place in the document, a JSON Pointer} */
    String pointer();

    /**
     * Runs a node and goes on by its edge: to the edge's target where {@code targets} has it, else to the target of
     * {@code default} where there is one and the edge is neither {@code error} nor {@code timeout}, else, for those two, the
     * workflow fails, and for any other edge on at {@code next}.
     *
     * @param pointer the place in the document
     * @param step what to run
     * @param targets an edge's name to where it leads; empty for a plain step
     * @param next where to go on otherwise
     */
    record Run(String pointer, CompiledStep step, Map<String, Integer> targets, int next) implements Instruction {
        public Run {
            targets = Map.copyOf(targets);
        }
    }

    /**
     * Enters a loop: its frame is made here, and its controller is run, here and after each round. On
     * {@code next_iteration} on at {@code body}, on {@code exit_loop} the frame is dropped and it goes on at {@code next}; any other edge fails the
     * workflow, by name.
     *
     * @param pointer the place in the document
     * @param step the controller
     * @param body the first instruction of the body
     * @param next the first instruction after the loop
     */
    record Loop(String pointer, CompiledStep step, int body, int next) implements Instruction {}

    /**
     * The end of a loop's body: back to its controller, with its frame.
     *
     * @param pointer the place in the document
     * @param loop the index of the loop's {@link Loop}
     */
    record Repeat(String pointer, int loop) implements Instruction {}

    /**
     * Goes on elsewhere. Loop frames deeper than the target's depth are dropped.
     *
     * @param pointer the place in the document
     * @param target where
     */
    record Jump(String pointer, int target) implements Instruction {}

    /**
     * Ends the whole workflow.
     *
     * @param pointer the place in the document
     * @param explicit whether an {@code exit} says so; false at the end of the script
     */
    record Exit(String pointer, boolean explicit) implements Instruction {}
}
