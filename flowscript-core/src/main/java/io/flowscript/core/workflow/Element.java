package io.flowscript.core.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One element of a workflow's script, with its position in the document.
 *
 * @since 0.1.0
 */
public sealed interface Element {

    /** {@return the position in the document, a JSON Pointer (RFC 6901) such as {@code /nodes/2/1/approved}} */
    String pointer();

    /**
     * Runs a node.
     *
     * @param pointer the position in the document, a JSON Pointer
     * @param node the name of the node
     * @param config the config of the step, immutable; null when it has none
     * @param settings what stands beside the config, by the names in {@link #SETTINGS}, as written; empty for none
     */
    record Step(
            String pointer,
            String node,
            @Nullable Map<String, @Nullable Object> config,
            Map<String, @Nullable Object> settings)
            implements Element {

        /** The setting that names the path of the state to which the step's data is written. */
        public static final String STATE_KEY = "stateKey";

        /** The setting that says how often a failed attempt is repeated. */
        public static final String RETRY = "retry";

        /** The setting that limits how long one attempt may work. */
        public static final String TIMEOUT = "timeout";

        /** The settings that any step can have beside its config. */
        public static final List<String> SETTINGS = List.of(STATE_KEY, RETRY, TIMEOUT);

        /**
         * Copies the settings.
         *
         * @param pointer the position in the document, a JSON Pointer
         * @param node the name of the node
         * @param config the config of the step, immutable; null when it has none
         * @param settings the settings beside the config
         */
        public Step {
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        }

        /**
         * Creates a step without settings.
         *
         * @param pointer the position in the document, a JSON Pointer
         * @param node the name of the node
         * @param config the config of the step, immutable; null when it has none
         */
        public Step(String pointer, String node, @Nullable Map<String, @Nullable Object> config) {
            this(pointer, node, config, Map.of());
        }
    }

    /**
     * Runs a node and follows the flow of the edge that it returns.
     *
     * @param pointer the position in the document, a JSON Pointer
     * @param condition the step whose node decides
     * @param flows the names of edges, each with the elements that run on that edge, in the order of the document; an
     *     empty list runs nothing
     */
    record Branch(String pointer, Step condition, Map<String, List<Element>> flows) implements Element {
        /**
         * Copies the flows.
         *
         * @param pointer the position in the document, a JSON Pointer
         * @param condition the step whose node decides
         * @param flows the names of edges, each with the elements that run on that edge, in the order of the document; an
         *     empty list runs nothing
         */
        public Branch {
            flows = Collections.unmodifiableMap(new LinkedHashMap<>(flows));
        }
    }

    /**
     * Runs a body repeatedly, as its controller decides.
     *
     * @param pointer the position in the document, a JSON Pointer
     * @param controller the step whose node decides
     * @param body the elements that are repeated
     */
    record Loop(String pointer, Step controller, List<Element> body) implements Element {
        /**
         * Copies the body.
         *
         * @param pointer the position in the document, a JSON Pointer
         * @param controller the step whose node decides
         * @param body the elements that are repeated
         */
        public Loop {
            body = List.copyOf(body);
        }
    }

    /**
     * Ends the whole workflow.
     *
     * @param pointer the position in the document, a JSON Pointer
     */
    record Exit(String pointer) implements Element {}

    /**
     * Continues at a named step, in this sequence or in the nearest enclosing sequence that has it.
     *
     * @param pointer the position in the document, a JSON Pointer
     * @param target the name of the step
     */
    record LoopTo(String pointer, String target) implements Element {}
}
