package io.flowscript.core.workflow;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A workflow as a graph, for pictures: its steps, and how an execution goes from one to another. The engine makes it of what it runs.
 * Jumps are no steps: the flow goes to where they lead.
 *
 * <p>A node can return {@code exit} or {@code loopTo:name} by itself, at any step. The graph has such a flow only where the node
 * declares the edge.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @param start the id of the step at which executions begin
 * @param steps the steps, in the order of the document; the flows of a branch in the order of their edges' names
 * @param flows how executions go from step to step; those of a step stand together
 * @since 0.1.0
 */
public record WorkflowGraph(String start, List<Step> steps, List<Flow> flows) {

    /**
     * Copies the lists.
     *
     * @param start the id of the step at which executions begin
     * @param steps the steps
     * @param flows how executions go from step to step
     */
    public WorkflowGraph {
        steps = List.copyOf(steps);
        flows = List.copyOf(flows);
    }

    /** The kinds of steps. */
    public enum Kind {
        /** A node, which may be the condition of a branch. */
        NODE,
        /** A loop, which is visited whenever its controller runs. */
        LOOP,
        /** An {@code exit} of the document, which ends the execution. */
        EXIT,
        /** The end of the document. There is one at most, and none when no flow leads there. */
        END;

        /** {@return the name of the kind in messages, such as {@code node}} */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A step.
     *
     * @param id the id, unique in the graph. Versions of a workflow with the same {@linkplain WorkflowDefinition#hash hash} have
     *     the same ids.
     * @param name the name of the node, or of the loop's controller; {@code exit} or {@code end} for the other kinds
     * @param kind the kind
     * @param type the type of the node: {@code action}, {@code human} or {@code control}; null for a step without a node
     * @param pointer the position in the document, a JSON Pointer
     * @param inside the ids of all steps in the body of a loop, those of inner loops too, in the order of the graph; empty for
     *     other steps
     */
    public record Step(
            String id, String name, Kind kind, @Nullable String type, String pointer, List<String> inside) {

        /**
         * Copies the list.
         *
         * @param id the id
         * @param name the name
         * @param kind the kind
         * @param type the type of the node; null for a step without a node
         * @param pointer the position in the document, a JSON Pointer
         * @param inside the ids of all steps in the body of a loop
         */
        public Step {
            inside = List.copyOf(inside);
        }
    }

    /**
     * A flow from one step to another, or to the same one.
     *
     * @param from the id of the step that is left
     * @param to the id of the step that follows
     * @param edge the name of the edge that takes this flow; null for each edge that has no flow of its own
     */
    public record Flow(String from, String to, @Nullable String edge) {}

    /**
     * Finds a step.
     *
     * @param id the id of a step
     * @return the step; empty when there is none
     */
    public Optional<Step> step(String id) {
        return steps.stream().filter(step -> step.id().equals(id)).findFirst();
    }

    /**
     * Returns the flows that leave a step.
     *
     * @param id the id of a step
     * @return the flows; empty when none leaves it
     */
    public List<Flow> from(String id) {
        return flows.stream().filter(flow -> flow.from().equals(id)).toList();
    }
}
