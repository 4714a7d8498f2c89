package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a node before it runs.
 *
 * @param description what it does, for people; may be empty
 * @param type what sort of thing it does
 * @param edges the edges that it can return; empty when it does not say, so that any is allowed
 * @param expressionFields the names of config fields that are expressions: compiled on loading, never filled as
 *     templates, evaluated by {@link ExecutionContext#evaluate}
 * @param retry what to do when an attempt fails
 * @param timeout how long one attempt may work, people's time not counted; null for no limit of its own
 * @since 0.1.0
 */
public record NodeMetadata(
        String description,
        NodeType type,
        Set<String> edges,
        Set<String> expressionFields,
        RetryPolicy retry,
        @Nullable Duration timeout) {

    /** A node that says nothing about itself. */
    public static final NodeMetadata UNSPECIFIED =
            new NodeMetadata("", NodeType.ACTION, Set.of(), Set.of(), RetryPolicy.NONE, null);

    /**
     * Checks and copies.
     *
     * @param description may be empty
     * @param type what sort of thing it does
     * @param edges may be empty
     * @param expressionFields may be empty
     * @param retry what to do when an attempt fails
     * @param timeout more than zero, or null
     * @throws FlowScriptException with code {@code invalid_duration}
     */
    public NodeMetadata {
        edges = Set.copyOf(edges);
        expressionFields = Set.copyOf(expressionFields);
        if (timeout != null && (timeout.isNegative() || timeout.isZero())) {
            throw new FlowScriptException(
                    "invalid_duration", "A node's timeout must be more than zero, not " + timeout);
        }
    }
}
