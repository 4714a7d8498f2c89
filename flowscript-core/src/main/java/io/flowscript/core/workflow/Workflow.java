package io.flowscript.core.workflow;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The words of which a workflow is written in Java. They make the same document that JSON is, and nothing that JSON could not say:
 *
 * <pre>{@code
 * WorkflowDefinition expense = Workflow.named("expense")
 *         .state(Map.of("approved", false))
 *         .step("validate")
 *         .branch("checkAmount",
 *                 on("small", step("approveByRule")),
 *                 on("large", step("review"), branchOnLast(on("rejected", exit()))))
 *         .loop(forEach("$.items").as("item"), step("book"))
 *         .build();
 * }</pre>
 *
 * <p>To be imported statically. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Workflow {

    private Workflow() {}

    /**
     * Begins a workflow.
     *
     * @param id the id that it is started by
     * @return the beginning of a workflow
     */
    public static WorkflowBuilder named(String id) {
        return new WorkflowBuilder(id);
    }

    /**
     * Run a node.
     *
     * @param node its name
     * @return the element
     */
    public static Part step(String node) {
        return new Part(node, false);
    }

    /**
     * Run a node with a config.
     *
     * @param node its name
     * @param config any JSON values
     * @return the element
     */
    public static Part step(String node, Map<String, ? extends @Nullable Object> config) {
        return new Part(Json.object(Map.of(node, Json.object(config))), false);
    }

    /**
     * Run a node and take the flow of the edge that it returns.
     *
     * @param condition the node's name
     * @param flows what follows on which edge
     * @return the element
     */
    public static Part branch(String condition, Flow... flows) {
        return branch(step(condition), flows);
    }

    /**
     * Run a node and take the flow of the edge that it returns.
     *
     * @param condition a step
     * @param flows what follows on which edge
     * @return the element
     */
    public static Part branch(Part condition, Flow... flows) {
        return new Part(pair(condition.value, map(flows)), true);
    }

    /**
     * Take the flow of the edge that the step right before this returns.
     *
     * @param flows what follows on which edge
     * @return the element, to stand right after a step
     */
    public static Part branchOnLast(Flow... flows) {
        return new Part(pair(null, map(flows)), true);
    }

    /**
     * Run a body as long as a controller says so.
     *
     * @param controller a step, such as {@link #forEach} or {@link #whileTrue}
     * @param body what is repeated
     * @return the element
     */
    public static Part loop(Part controller, Part... body) {
        return new Part(pair(controller.value, sequence(List.of(body))), true);
    }

    /**
     * A loop's controller that goes through the items of an array.
     *
     * @param items a path into the state, such as {@code $.items}
     * @return the controller; the body sees each as "item" unless {@link ForEach#as} says otherwise
     */
    public static ForEach forEach(String items) {
        return new ForEach(Map.of("items", items));
    }

    /**
     * A loop's controller that goes on while an expression holds.
     *
     * @param condition the expression, such as {@code count < 3}
     * @return the controller
     */
    public static Part whileTrue(String condition) {
        return step("whileCondition", Map.of("condition", condition));
    }

    /**
     * End the whole workflow here.
     *
     * @return the element
     */
    public static Part exit() {
        return new Part(EdgeNames.EXIT, false);
    }

    /**
     * Go on at a step, in this sequence or the nearest one around it.
     *
     * @param step the name of its node
     * @return the element
     */
    public static Part loopTo(String step) {
        return new Part(EdgeNames.LOOP_TO + step, false);
    }

    /**
     * What follows on an edge.
     *
     * @param edge the edge's name
     * @param flow one element after the other; none does nothing
     * @return the flow
     */
    public static Flow on(String edge, Part... flow) {
        // A single branch or loop is a sequence too, for an array there always is one.
        if (flow.length == 1 && !flow[0].compound) {
            return new Flow(edge, flow[0].value);
        }
        return new Flow(edge, flow.length == 0 ? null : sequence(List.of(flow)));
    }

    /**
     * What follows on every edge that is not named; but {@code error} and {@code timeout} need flows of their own.
     *
     * @param flow one element after the other; none does nothing
     * @return the flow
     */
    public static Flow otherwise(Part... flow) {
        return on(EdgeNames.DEFAULT, flow);
    }

    /** Elements as the array of a document; a branch on the last step gets that step's name. */
    static List<@Nullable Object> sequence(List<Part> parts) {
        List<@Nullable Object> sequence = new ArrayList<>(parts.size());
        Part last = null;
        for (Part part : parts) {
            sequence.add(part.following(last));
            last = part;
        }
        return sequence;
    }

    private static Map<String, @Nullable Object> map(Flow... flows) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Flow flow : flows) {
            if (map.containsKey(flow.edge)) {
                throw new FlowScriptException(
                        "doubled_edge",
                        "The edge \"" + flow.edge + "\" has two flows in one branch; write them as one");
            }
            map.put(flow.edge, flow.value);
        }
        return map;
    }

    private static List<@Nullable Object> pair(@Nullable Object first, Object second) {
        List<@Nullable Object> pair = new ArrayList<>(2);
        pair.add(first);
        pair.add(second);
        return pair;
    }

    /** An element of a workflow. Immutable. */
    public static sealed class Part permits ForEach {

        private final @Nullable Object value;
        private final boolean compound;

        private Part(Object value, boolean compound) {
            this.value = Json.freeze(value);
            this.compound = compound;
        }

        /** Its form in a document, when it follows an element. */
        private @Nullable Object following(@Nullable Part last) {
            if (!(value instanceof List<?> pair) || pair.get(0) != null) {
                return value;
            }
            if (last == null || last.compound) {
                throw new FlowScriptException(
                        "invalid_branch",
                        "branchOnLast stands right after the step whose edges it is about, as in step(\"review\"), branchOnLast(...)");
            }
            Object node = last.value instanceof Map<?, ?> configured
                    ? configured.keySet().iterator().next()
                    : last.value;
            return pair(node, pair.get(1));
        }
    }

    /** A controller that goes through the items of an array. Immutable. */
    public static final class ForEach extends Part {

        private final Map<String, String> config;

        private ForEach(Map<String, String> config) {
            super(Map.of("forEach", config), false);
            this.config = config;
        }

        /**
         * Names the item.
         *
         * @param name the name under which the body sees it
         * @return the controller
         */
        public ForEach as(String name) {
            Map<String, String> named = new LinkedHashMap<>(config);
            named.put("as", name);
            return new ForEach(named);
        }
    }

    /** What follows on an edge. Immutable. */
    public static final class Flow {

        private final String edge;
        private final @Nullable Object value;

        private Flow(String edge, @Nullable Object value) {
            this.edge = edge;
            this.value = value;
        }
    }
}
