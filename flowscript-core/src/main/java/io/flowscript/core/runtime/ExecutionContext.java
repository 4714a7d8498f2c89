package io.flowscript.core.runtime;

import io.flowscript.core.json.Value;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt of a node sees. Given by the engine, closed when the attempt is over: then writing and emitting are
 * refused with code {@code attempt_closed}. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface ExecutionContext {

    /** {@return the execution's state} */
    State state();

    /** {@return the step's config with its templates filled; missing when it has none} */
    Value config();

    /** {@return the edges that the branch on this step has flows for; empty for a plain step and for a loop's controller} */
    Set<String> branchEdges();

    /** {@return the data of the edge by which the node before this one left; null when it gave none} */
    Value previous();

    /** {@return what this node kept with its last {@link Ask}, {@link Sleep} or iteration; missing at its first call} */
    Value memo();

    /** {@return how the question of this node was closed, or null when it has not asked} */
    @Nullable
    Answer answer();

    /** {@return which attempt this is, from 1} */
    int attempt();

    /**
     * Evaluates a config field that the node's metadata names as an expression.
     *
     * @param field the name of the config field
     * @return its value now
     * @throws io.flowscript.core.FlowScriptException with code {@code expression_failed}, or {@code missing_config} when
     *     the step's config has no such field
     */
    Value evaluate(String field);

    /** {@return who is running, emitting, and waiting in the middle} */
    RuntimeContext runtime();
}
