package io.flowscript.core.program;

import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.runtime.ExpressionEvaluator.Expression;
import io.flowscript.core.text.JsonPointer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Finds the templates in a config's values. */
final class TemplateParser {

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    /**
     * A function from an expression and its position to the compiled expression; null when it was refused and
     * reported as a problem.
     */
    private final BiFunction<String, String, @Nullable Expression> expressions;

    TemplateParser(BiFunction<String, String, @Nullable Expression> expressions) {
        this.expressions = expressions;
    }

    /** Checks whether a string contains a template. */
    static boolean isTemplate(String text) {
        int open = text.indexOf(OPEN);
        return open >= 0 && text.indexOf(CLOSE, open) > open;
    }

    /**
     * Compiles the templates of a value. The recursion is as deep as the value, and the depth of immutable JSON
     * values is limited.
     */
    Template parse(@Nullable Object value, String pointer) {
        if (value instanceof String text) {
            return text(text, pointer);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Template> entries = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                String key = (String) entry.getKey();
                entries.put(key, parse(entry.getValue(), JsonPointer.key(pointer, key)));
            }
            return areConstant(entries.values()) ? new Template.Constant(value) : new Template.Entries(entries);
        }
        if (value instanceof List<?> list) {
            List<Template> items = new ArrayList<>(list.size());
            for (Object item : list) {
                items.add(parse(item, JsonPointer.item(pointer, items.size())));
            }
            return areConstant(items) ? new Template.Constant(value) : new Template.Items(items);
        }
        return new Template.Constant(value);
    }

    private static boolean areConstant(Collection<Template> templates) {
        return templates.stream().allMatch(Template.Constant.class::isInstance);
    }

    private Template text(String text, String pointer) {
        List<Template> parts = new ArrayList<>();
        int done = 0;
        int open = text.indexOf(OPEN);
        while (open >= 0) {
            int close = text.indexOf(CLOSE, open + OPEN.length());
            if (close < 0) {
                break;
            }
            int end = close + CLOSE.length();
            String inside = text.substring(open + OPEN.length(), close).strip();
            if (!inside.isEmpty()) {
                if (open > done) {
                    parts.add(new Template.Constant(text.substring(done, open)));
                }
                parts.add(template(inside, text.substring(open, end), pointer));
                done = end;
            }
            open = text.indexOf(OPEN, end);
        }
        if (parts.isEmpty()) {
            return new Template.Constant(text);
        }
        if (done < text.length()) {
            parts.add(new Template.Constant(text.substring(done)));
        }
        return parts.size() == 1 ? parts.get(0) : new Template.Text(List.copyOf(parts));
    }

    private Template template(String inside, String written, String pointer) {
        if (inside.equals("now") || inside.equals("_timestamp")) {
            return new Template.Now();
        }
        try {
            return new Template.Path(JsonPath.parse(inside), written);
        } catch (JsonException e) {
            Expression expression = expressions.apply(inside, pointer);
            return expression == null ? new Template.Constant(written) : new Template.Computed(expression);
        }
    }
}
