package io.flowscript.core.runtime;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions over the state. An implementation must be closed: an expression reads the variables and computes, and reaches no Java
 * class, no file and no loop; its length and its time are bounded. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface ExpressionEvaluator {

    /**
     * Compiles an expression, once, when a definition is loaded.
     *
     * @param source the text
     * @return the expression
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_expression}; its message says where
     */
    Expression compile(String source);

    /** A compiled expression. Safe for use by any thread. */
    @FunctionalInterface
    interface Expression {

        /**
         * Evaluates.
         *
         * @param variables names and frozen JSON values: the state's top level and the names of loops, and {@code state} for all of it
         * @return a JSON value
         * @throws io.flowscript.core.FlowScriptException with code {@code expression_failed}
         */
        @Nullable
        Object evaluate(Map<String, @Nullable Object> variables);
    }
}
