package io.flowscript.engine.program;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.ExpressionEvaluator.Expression;
import io.flowscript.core.text.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a config that is filled in from the state. Filled-in values are not searched for templates again.
 * Immutable.
 */
sealed interface Template {

    /** Returns the value of this template, immutable or made of immutable parts. */
    @Nullable
    Object fill(Filling filling);

    /** A value without a template. */
    record Constant(@Nullable Object value) implements Template {
        @Override
        public @Nullable Object fill(Filling filling) {
            return value;
        }
    }

    /** <code>{{user.name}}</code>: the value at the path, with its own type; the text as written when there is none. */
    record Path(TemplatePath path, String written) implements Template {
        @Override
        public @Nullable Object fill(Filling filling) {
            Value found = path.read(filling.variables);
            return found.isMissing() ? filling.leave(written) : found.raw();
        }
    }

    /** <code>{{a > 1 ? 'x' : 'y'}}</code>: the value of an expression, with its own type. */
    record Computed(Expression expression) implements Template {
        @Override
        public @Nullable Object fill(Filling filling) {
            return Json.freeze(expression.evaluate(filling.variables));
        }
    }

    /** Text with templates in it. */
    record Text(List<Template> parts) implements Template {
        @Override
        public Object fill(Filling filling) {
            StringBuilder out = new StringBuilder();
            for (Template part : parts) {
                filling.append(out, part.fill(filling));
            }
            return out.toString();
        }
    }

    /** A URL with templates in it: what they put in behind its beginning cannot become more than one part of the URL. */
    record Url(List<Template> parts) implements Template {
        @Override
        public Object fill(Filling filling) {
            UrlText url = new UrlText();
            for (Template part : parts) {
                @Nullable Object value = part.fill(filling);
                StringBuilder text = new StringBuilder();
                filling.append(text, value);
                if (part instanceof Constant || isUnfilled(part, value)) {
                    url.literal(text);
                } else {
                    url.value(text);
                }
            }
            return url.toString();
        }

        private static boolean isUnfilled(Template part, @Nullable Object value) {
            return part instanceof Path path && path.written.equals(value);
        }
    }

    /** An object with templates in it. */
    record Entries(Map<String, Template> entries) implements Template {
        @Override
        public Object fill(Filling filling) {
            Map<String, @Nullable Object> filled = new LinkedHashMap<>();
            for (Map.Entry<String, Template> entry : entries.entrySet()) {
                filled.put(entry.getKey(), entry.getValue().fill(filling));
            }
            return filled;
        }
    }

    /** An array with templates in it. */
    record Items(List<Template> items) implements Template {
        @Override
        public Object fill(Filling filling) {
            List<@Nullable Object> filled = new ArrayList<>(items.size());
            for (Template item : items) {
                filled.add(item.fill(filling));
            }
            return filled;
        }
    }

    /** The filling of one config: the variables, and how much text may still be produced. */
    final class Filling {

        /** The maximum number of characters of all filled texts of one config together. */
        static final int MAX_TEXT = 1_048_576;

        private final Variables variables;
        private int left = MAX_TEXT;
        private @Nullable String unfilled;

        Filling(Variables variables) {
            this.variables = variables;
        }

        /** Returns the first template that nothing filled, as it is written; null when all were filled. */
        @Nullable
        String unfilled() {
            return unfilled;
        }

        private String leave(String written) {
            if (unfilled == null) {
                unfilled = written;
            }
            return written;
        }

        private void append(StringBuilder out, @Nullable Object value) {
            try {
                String text = JsonText.inText(value, left);
                left -= text.length();
                out.append(text);
            } catch (JsonException e) {
                left = -1;
            }
            if (left < 0) {
                throw new FlowScriptException(
                        "config_too_large",
                        "The templates of the config make more than " + MAX_TEXT
                                + " characters of text; hand the value on as it is, with a template that is the whole string");
            }
        }
    }
}
