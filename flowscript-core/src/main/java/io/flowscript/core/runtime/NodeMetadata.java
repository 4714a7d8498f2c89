package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The description of a node: what the engine knows about it before it runs.
 *
 * @param description what the node does, as text for people; may be empty
 * @param type the type of the node
 * @param edges the names of the edges that the node can return; empty to allow any edge
 * @param fields the names of the config fields that the node has, besides the expression fields; a workflow with any
 *     other field is refused when it is registered. Empty to allow any field. A node with a field {@code stateKey} writes
 *     its data there itself.
 * @param expressionFields the names of config fields that are expressions. They are compiled when the workflow is
 *     registered, are not filled in as templates, and are evaluated by {@link ExecutionContext#evaluate}.
 * @param retry the retry policy for failed attempts
 * @param timeout how long one attempt may work, without the time spent waiting for people; null to use the engine's
 *     node timeout
 * @since 0.1.0
 */
public record NodeMetadata(
        String description,
        NodeType type,
        Set<String> edges,
        Set<String> fields,
        Set<String> expressionFields,
        RetryPolicy retry,
        @Nullable Duration timeout) {

    /** The metadata of a node that declares nothing: any edge, no retry, no timeout of its own. */
    public static final NodeMetadata UNSPECIFIED =
            new NodeMetadata("", NodeType.ACTION, Set.of(), Set.of(), Set.of(), RetryPolicy.NONE, null);

    /**
     * Checks the timeout and copies the sets.
     *
     * @param description may be empty
     * @param type the type of the node
     * @param edges may be empty
     * @param fields may be empty
     * @param expressionFields may be empty
     * @param retry the retry policy for failed attempts
     * @param timeout more than zero, or null
     * @throws FlowScriptException with code {@code invalid_duration}
     */
    public NodeMetadata {
        edges = Set.copyOf(edges);
        fields = Set.copyOf(fields);
        expressionFields = Set.copyOf(expressionFields);
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new FlowScriptException(
                    "invalid_duration", "A node's timeout must be more than zero, not " + timeout);
        }
    }
}
