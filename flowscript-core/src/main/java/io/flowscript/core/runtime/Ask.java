package io.flowscript.core.runtime;

import io.flowscript.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A node asks a person. When the question is closed, by an answer or by its deadline, the node is called again with the
 * {@link Answer} and its own memo. Between the two, the execution is data and holds no thread.
 *
 * @param question what is asked
 * @param memo what the node wants to be told again, any JSON value
 * @since 0.1.0
 */
public record Ask(Question question, @Nullable Object memo) implements Outcome {

    /**
     * Freezes the memo.
     *
     * @param question what is asked
     * @param memo any JSON value
     */
    public Ask {
        memo = Json.freeze(memo);
    }
}
