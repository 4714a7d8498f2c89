package io.flowscript.engine.program;

import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.ExpressionEvaluator.Expression;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A step's config with compiled templates and expressions. Safe for use by any thread. */
public final class CompiledConfig {

    static final CompiledConfig NONE = new CompiledConfig(null, Map.of(), Map.of());

    private final @Nullable Map<String, @Nullable Object> written;
    private final Map<String, Template> templates;
    private final Map<String, Expression> expressions;

    /** Whether a template that nothing fills was reported. */
    private final AtomicBoolean reported = new AtomicBoolean();

    CompiledConfig(
            @Nullable Map<String, @Nullable Object> written,
            Map<String, Template> templates,
            Map<String, Expression> expressions) {
        this.written = written;
        this.templates = Map.copyOf(templates);
        this.expressions = Map.copyOf(expressions);
    }

    /**
     * Returns the config with its templates filled in, in one pass. Expression fields stay as they were written.
     *
     * @param variables the variables that templates read
     * @param unfilled is told of a template that nothing fills, as it is written; at most once for this config
     * @return the config, frozen; null when the step has none
     * @throws io.flowscript.core.FlowScriptException with code {@code expression_failed}, or {@code config_too_large} when
     *     the texts that were filled have more than {@value Template.Filling#MAX_TEXT} characters together
     */
    public @Nullable Map<String, @Nullable Object> fill(Variables variables, Consumer<String> unfilled) {
        if (written == null || templates.isEmpty()) {
            return written;
        }
        Template.Filling filling = new Template.Filling(variables);
        Map<String, @Nullable Object> filled = new LinkedHashMap<>(written);
        for (Map.Entry<String, Template> template : templates.entrySet()) {
            filled.put(template.getKey(), template.getValue().fill(filling));
        }
        String first = filling.unfilled();
        if (first != null && !reported.getAndSet(true)) {
            unfilled.accept(first);
        }
        return Json.object(filled);
    }

    /**
     * The expression in a config field.
     *
     * @param field the field
     * @return the expression; null when there is none
     */
    public @Nullable Expression expression(String field) {
        return expressions.get(field);
    }
}
