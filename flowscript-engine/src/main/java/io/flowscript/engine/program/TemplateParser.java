package io.flowscript.engine.program;

import io.flowscript.core.runtime.ExpressionEvaluator.Expression;
import io.flowscript.core.text.JsonPointer;
import io.flowscript.core.text.Templates;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Finds the templates in a config's values. */
final class TemplateParser {

    /**
     * A function from an expression and its position to the compiled expression; null when it was refused and
     * reported as a problem.
     */
    private final BiFunction<String, String, @Nullable Expression> expressions;

    /** Is told each name that a template reads, and the position of the template. */
    private final BiConsumer<String, String> names;

    TemplateParser(BiFunction<String, String, @Nullable Expression> expressions, BiConsumer<String, String> names) {
        this.expressions = expressions;
        this.names = names;
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
        Templates.Template next = Templates.next(text, 0);
        while (next != null) {
            if (next.start() > done) {
                parts.add(new Template.Constant(text.substring(done, next.start())));
            }
            done = next.end();
            parts.add(template(next.inside(), text.substring(next.start(), done), pointer));
            next = Templates.next(text, done);
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
        TemplatePath path = TemplatePath.parse(inside);
        if (path != null) {
            path.names().forEach(name -> names.accept(name, pointer));
            return new Template.Path(path, written);
        }
        Expression expression = expressions.apply(inside, pointer);
        return expression == null ? new Template.Constant(written) : new Template.Computed(expression);
    }
}
