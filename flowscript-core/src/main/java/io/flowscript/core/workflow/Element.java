package io.flowscript.core.workflow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One element of a workflow's script, with the place in the document that it comes from.
 *
 * @since 0.1.0
 */
public sealed interface Element {

    /** {@return its place in the document, a JSON Pointer (RFC 6901) such as {@code /nodes/2/1/approved}} */
    String pointer();

    /**
     * Run a node.
     *
     * @param pointer its place
     * @param node the node's name
     * @param config the step's config, frozen; null when it has none
     */
    record Step(String pointer, String node, @Nullable Map<String, @Nullable Object> config) implements Element {}

    /**
     * Run a node and go on by the edge that it returns.
     *
     * @param pointer its place
     * @param condition the node that decides
     * @param flows an edge's name to what follows it, in the order of the document; an empty list does nothing
     */
    record Branch(String pointer, Step condition, Map<String, List<Element>> flows) implements Element {
        public Branch {
            flows = Collections.unmodifiableMap(new LinkedHashMap<>(flows));
        }
    }

    /**
     * Run a body as long as a controller says so.
     *
     * @param pointer its place
     * @param controller the node that decides
     * @param body what is repeated
     */
    record Loop(String pointer, Step controller, List<Element> body) implements Element {
        public Loop {
            body = List.copyOf(body);
        }
    }

    /**
     * End the whole workflow here.
     *
     * @param pointer its place
     */
    record Exit(String pointer) implements Element {}

    /**
     * Go on at the step of a name, in this sequence or the nearest one around it.
     *
     * @param pointer its place
     * @param target the name of the step
     */
    record LoopTo(String pointer, String target) implements Element {}
}
