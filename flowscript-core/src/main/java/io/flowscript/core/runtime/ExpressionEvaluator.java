package io.flowscript.core.runtime;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions over the state. An implementation must be a sandbox: an expression can read the variables and
 * compute with them, and cannot reach Java classes or files, or loop. Its length and its running time must be
 * bounded. Implementations must be safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface ExpressionEvaluator {

    /**
     * Compiles an expression. The engine calls this once for each expression, when a workflow is registered.
     *
     * @param source the text of the expression
     * @return the compiled expression
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_expression}; its message names the
     *     position
     */
    Expression compile(String source);

    /** A compiled expression. Safe for use by any thread. */
    @FunctionalInterface
    interface Expression {

        /**
         * Evaluates this expression.
         *
         * @param variables names with immutable JSON values: the top-level keys of the state, the names that loops
         *     define, {@code state} for the whole state, {@code previous} for the data of the previous step, and {@code now} and
         *     {@code _timestamp} for the time
         * @return a JSON value, may be null
         * @throws io.flowscript.core.FlowScriptException with code {@code expression_failed}
         */
        @Nullable
        Object evaluate(Map<String, @Nullable Object> variables);

        /**
         * Returns the names that this expression reads, as far as they are known before it is evaluated: {@code user} for
         * {@code user.name}, {@code state.user.name} and {@code $.user.name}. The engine reports names that nothing gives.
         *
         * @return the names, immutable; none by default
         */
        default Set<String> names() {
            return Set.of();
        }
    }
}
