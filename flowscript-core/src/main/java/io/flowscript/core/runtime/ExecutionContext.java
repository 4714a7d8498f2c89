package io.flowscript.core.runtime;

import io.flowscript.core.json.Value;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node can read and do during one attempt. The engine creates it and closes it when the attempt is over; after
 * that, writing and emitting fail with code {@code attempt_closed}. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface ExecutionContext {

    /** {@return the execution's state} */
    State state();

    /** {@return the step's config with its templates filled in; a missing value when the step has none} */
    Value config();

    /**
     * {@return the edges for which the branch on this step has flows; empty for a step without a branch and for a loop's controller}
     */
    Set<String> branchEdges();

    /** {@return the data of the edge that the previous node returned; a JSON null when it gave none} */
    Value previous();

    /**
     * {@return the memo of this node's last {@link Ask}, {@link Sleep} or iteration; a missing value at the first
     * call}
     */
    Value memo();

    /** {@return how this node's interaction was closed, or null when the node has not asked} */
    @Nullable
    Answer answer();

    /** {@return the number of this attempt, from 1} */
    int attempt();

    /**
     * Returns a key for systems outside that carry out a request once for each key. When a node is interrupted by the end
     * of the process, it is called again after the restart, with the same key. A retry after a failure has the same key too.
     *
     * @return the key of this visit of the node, different for each visit of each execution; up to 260 characters
     */
    String idempotencyKey();

    /**
     * Evaluates a config field that the node's {@link NodeMetadata#expressionFields} declare as an expression.
     *
     * @param field the name of the config field
     * @return the value of the expression for the current state
     * @throws io.flowscript.core.FlowScriptException with code {@code expression_failed}, or {@code missing_config} when
     *     the step's config has no such field
     */
    Value evaluate(String field);

    /**
     * Masks what is secret in a value, for a log or for people. The secret texts and numbers of the state are replaced by
     * {@code [secret]}, also as parts of texts. A secret of less than four characters is replaced only where it is a word.
     *
     * @param value a text, or any other JSON value; null for null
     * @return the value without secrets; the same one when the workflow marks none
     */
    default @Nullable Object masked(@Nullable Object value) {
        return value;
    }

    /** {@return the ids of this run, and the methods that emit events and wait for people within the node's code} */
    RuntimeContext runtime();
}
