package io.flowscript.core.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Validates answers against the JSON Schema of a form. Implementations must be safe for use by any thread and must
 * bound their running time.
 *
 * @since 0.1.0
 */
public interface FormValidator {

    /**
     * Compiles a schema. The engine calls this when a question is asked.
     *
     * @param schema the schema as an immutable JSON value
     * @return the form that validates answers
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_schema}; its message names the position
     */
    Form compile(Object schema);

    /** A compiled schema. Safe for use by any thread. */
    @FunctionalInterface
    interface Form {

        /**
         * Validates an answer.
         *
         * @param answer any immutable JSON value
         * @return every violation, at most as many as the implementation's limit; empty when the answer is valid
         */
        List<Violation> validate(@Nullable Object answer);
    }
}
