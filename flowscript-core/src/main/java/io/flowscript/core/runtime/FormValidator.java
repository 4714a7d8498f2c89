package io.flowscript.core.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks answers against the JSON Schema of a form. Safe for use by any thread; its time is bounded.
 *
 * @since 0.1.0
 */
public interface FormValidator {

    /**
     * Reads a schema, when the question is asked.
     *
     * @param schema the schema as frozen JSON
     * @return what checks answers
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_schema}; its message says where
     */
    Form compile(Object schema);

    /** A schema that was read. Safe for use by any thread. */
    @FunctionalInterface
    interface Form {

        /**
         * Checks an answer.
         *
         * @param answer any frozen JSON value
         * @return every violation, at most as many as the implementation's limit; empty when the answer is valid
         */
        List<Violation> validate(@Nullable Object answer);
    }
}
