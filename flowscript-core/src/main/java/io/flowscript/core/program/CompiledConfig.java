package io.flowscript.core.program;

import io.flowscript.core.runtime.ExpressionEvaluator.Expression;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A step's config, ready to be filled from the state. Immutable; safe for use by any thread. */
public interface CompiledConfig {

    /**
     * The config with its templates filled, in one pass; expression fields are as they were written.
     *
     * @param variables the state's top level, the names of loops over it, and {@code state} for all of it
     * @param now the ISO time for {@code {{now}}} and {@code {{_timestamp}}}
     * @return the config; null when the step has none
     */
    @Nullable
    Map<String, @Nullable Object> fill(Map<String, @Nullable Object> variables, String now);

    /**
     * The expression in a config field.
     *
     * @param field the field
     * @return the expression; null when there is none
     */
    @Nullable
    Expression expression(String field);
}
