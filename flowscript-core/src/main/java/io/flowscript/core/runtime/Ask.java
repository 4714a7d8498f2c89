package io.flowscript.core.runtime;

import io.flowscript.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a node that asks people. When the interaction is closed, by an answer or by its deadline, the engine
 * calls the node again with the {@link Answer} and the memo. While the execution waits, it holds no thread.
 *
 * @param question the question for people
 * @param memo a value that the node gets back as {@link ExecutionContext#memo}, any JSON value
 * @since 0.1.0
 */
public record Ask(Question question, @Nullable Object memo) implements Outcome {

    /**
     * Freezes the memo.
     *
     * @param question the question for people
     * @param memo any JSON value
     */
    public Ask {
        memo = Json.freeze(memo);
    }
}
