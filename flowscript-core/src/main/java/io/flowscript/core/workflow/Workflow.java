package io.flowscript.core.workflow;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Methods to write a workflow in Java. They create the same document as the JSON form and can express exactly what
 * the JSON form can:
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
 * <p>The methods are meant for static imports. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Workflow {

    private Workflow() {}

    /**
     * Returns a builder for a workflow.
     *
     * @param id the id under which the workflow is started
     * @return the builder
     */
    public static WorkflowBuilder named(String id) {
        return new WorkflowBuilder(id);
    }

    /**
     * Returns an element that runs a node.
     *
     * @param node the name of the node
     * @return the element
     */
    public static Part step(String node) {
        return new Part(node, false);
    }

    /**
     * Returns an element that runs a node with a config.
     *
     * @param node the name of the node
     * @param config names with JSON values
     * @return the element
     */
    public static Part step(String node, Map<String, ? extends @Nullable Object> config) {
        return step(node, config, Map.of());
    }

    /**
     * Returns an element that runs a node with a config and with settings of the step.
     *
     * @param node the name of the node
     * @param config names with JSON values; may be empty
     * @param settings what stands beside the config: {@code stateKey}, {@code retry} and {@code timeout}, each optional
     * @return the element
     */
    public static Part step(
            String node,
            Map<String, ? extends @Nullable Object> config,
            Map<String, ? extends @Nullable Object> settings) {
        Map<String, @Nullable Object> step = new LinkedHashMap<>();
        step.put(node, Json.object(config));
        settings.forEach(step::putIfAbsent);
        return new Part(step, false);
    }

    /**
     * Returns an element that runs a node and follows the flow of the edge that the node returns.
     *
     * @param condition the name of the node
     * @param flows the flows, each made by {@link #on}
     * @return the element
     */
    public static Part branch(String condition, Flow... flows) {
        return branch(step(condition), flows);
    }

    /**
     * Returns an element that runs a node and follows the flow of the edge that the node returns.
     *
     * @param condition the step whose node decides
     * @param flows the flows, each made by {@link #on}
     * @return the element
     */
    public static Part branch(Part condition, Flow... flows) {
        return new Part(pair(condition.value, map(flows)), true);
    }

    /**
     * Returns an element that follows the flow of the edge that the preceding step returns.
     *
     * @param flows the flows, each made by {@link #on}
     * @return the element, which must directly follow a step
     */
    public static Part branchOnLast(Flow... flows) {
        return new Part(pair(null, map(flows)), true);
    }

    /**
     * Returns an element that runs a body repeatedly, as its controller decides.
     *
     * @param controller a step, such as {@link #forEach} or {@link #whileTrue}
     * @param body the elements that are repeated
     * @return the element
     */
    public static Part loop(Part controller, Part... body) {
        return new Part(pair(controller.value, sequence(List.of(body))), true);
    }

    /**
     * Returns a loop controller that iterates over the items of an array.
     *
     * @param items a path into the state, such as {@code $.items}
     * @return the controller; the body reads each item under the name "item", or under that of {@link ForEach#as}
     */
    public static ForEach forEach(String items) {
        return new ForEach(Map.of("items", items));
    }

    /**
     * Returns a loop controller that repeats the body while an expression is true.
     *
     * @param condition the expression, such as {@code count < 3}
     * @return the controller
     */
    public static Part whileTrue(String condition) {
        return step("whileCondition", Map.of("condition", condition));
    }

    /**
     * Returns an element that ends the whole workflow.
     *
     * @return the element
     */
    public static Part exit() {
        return new Part(EdgeNames.EXIT, false);
    }

    /**
     * Returns an element that continues at a step, in this sequence or in the nearest enclosing sequence that has it.
     *
     * @param step the name of the step's node
     * @return the element
     */
    public static Part loopTo(String step) {
        return new Part(EdgeNames.LOOP_TO + step, false);
    }

    /**
     * Returns the flow of an edge.
     *
     * @param edge the name of the edge
     * @param flow the elements that run in order; none runs nothing
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
     * Returns the flow of every edge without a flow of its own, except {@code error} and {@code timeout}.
     *
     * @param flow the elements that run in order; none runs nothing
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

        /** The form of this element in a document, given the element before it. */
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

    /** A loop controller that iterates over the items of an array. Immutable. */
    public static final class ForEach extends Part {

        private final Map<String, String> config;

        private ForEach(Map<String, String> config) {
            super(Map.of("forEach", config), false);
            this.config = config;
        }

        /**
         * Sets the name of the item.
         *
         * @param name the name under which the body reads the item
         * @return the controller
         */
        public ForEach as(String name) {
            Map<String, String> named = new LinkedHashMap<>(config);
            named.put("as", name);
            return new ForEach(named);
        }
    }

    /** The elements that run on an edge. Immutable. */
    public static final class Flow {

        private final String edge;
        private final @Nullable Object value;

        private Flow(String edge, @Nullable Object value) {
            this.edge = edge;
            this.value = value;
        }
    }
}
