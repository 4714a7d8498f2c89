package io.flowscript.events.nodes;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.text.Names;
import io.flowscript.core.text.Printable;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a node's config may hold. Not to be changed once it is in use. */
final class ConfigRules {
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final List<Function<Map<String, @Nullable Object>, @Nullable String>> others = new ArrayList<>();

    private record Field(boolean required, String expected, Predicate<@Nullable Object> fits) {}

    /** A field that must be there. */
    ConfigRules required(String name, String expected, Predicate<@Nullable Object> fits) {
        fields.put(name, new Field(true, expected, fits));
        return this;
    }

    /**
     * A field that may be left out.
     *
     * @param name the field
     * @param expected what it is to be, for people, such as "a string"
     * @param fits whether a value will do
     * @return this
     */
    ConfigRules optional(String name, String expected, Predicate<@Nullable Object> fits) {
        fields.put(name, new Field(false, expected, fits));
        return this;
    }

    /** Exactly one of two optional fields must be there. */
    ConfigRules oneOf(String first, String second) {
        return rule(config -> config.containsKey(first) == config.containsKey(second)
                ? "give either \"" + first + "\" or \"" + second + "\""
                : null);
    }

    /**
     * Anything else.
     *
     * @param rule gives what is wrong with a config, or null
     * @return this
     */
    ConfigRules rule(Function<Map<String, @Nullable Object>, @Nullable String> rule) {
        others.add(rule);
        return this;
    }

    /**
     * What is wrong with a config.
     *
     * @param config the config
     * @param asWritten whether its templates are not filled yet, so that a value with one in it can be anything
     * @return one sentence each
     */
    List<String> check(Map<String, @Nullable Object> config, boolean asWritten) {
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Field> entry : fields.entrySet()) {
            String name = entry.getKey();
            Field field = entry.getValue();
            Object value = config.get(name);
            if (!config.containsKey(name)) {
                if (field.required) {
                    wrong.add("\"" + name + "\" is missing; it is to be " + field.expected);
                }
            } else if (!(asWritten && hasTemplate(value)) && !field.fits.test(value)) {
                wrong.add("\"" + name + "\" is to be " + field.expected + ", not " + shown(value));
            }
        }
        for (String name : config.keySet()) {
            String meant = fields.containsKey(name) ? null : Names.closest(name, fields.keySet());
            if (meant != null && !config.containsKey(meant)) {
                wrong.add("there is no field \"" + Printable.line(name, 100) + "\"; did you mean \"" + meant + "\"?");
            }
        }
        for (Function<Map<String, @Nullable Object>, @Nullable String> rule : others) {
            String message = rule.apply(config);
            if (message != null) {
                wrong.add(message);
            }
        }
        return wrong;
    }

    static boolean isAnything(@Nullable Object value) {
        return true;
    }

    static boolean isString(@Nullable Object value) {
        return value instanceof String;
    }

    static boolean isText(@Nullable Object value) {
        return value instanceof String text && !text.isBlank();
    }

    static boolean isBoolean(@Nullable Object value) {
        return value instanceof Boolean;
    }

    static boolean isNumber(@Nullable Object value) {
        return value instanceof Number;
    }

    static boolean isObject(@Nullable Object value) {
        return value instanceof Map;
    }

    static boolean isPath(@Nullable Object value) {
        try {
            return value instanceof String text
                    && !JsonPath.parse(text).segments().isEmpty();
        } catch (JsonException e) {
            return false;
        }
    }

    static boolean isPathOrAll(@Nullable Object value) {
        return "$".equals(value) || "state".equals(value) || isPath(value);
    }

    static boolean isPaths(@Nullable Object value) {
        if (!(value instanceof List<?> items)) {
            return false;
        }
        for (Object item : items) {
            if (!isPath(item)) {
                return false;
            }
        }
        return true;
    }

    static boolean isPause(@Nullable Object value) {
        return value instanceof Number && isDuration(value, false);
    }

    static boolean isTimeout(@Nullable Object value) {
        return isDuration(value, true);
    }

    private static boolean isDuration(@Nullable Object value, boolean moreThanZero) {
        try {
            return value != null && (!Durations.of(value).isZero() || !moreThanZero);
        } catch (DateTimeException | ArithmeticException e) {
            return false;
        }
    }

    private static boolean hasTemplate(@Nullable Object value) {
        if (value instanceof String text) {
            return text.contains("{{");
        }
        Collection<?> parts = value instanceof Map<?, ?> map
                ? map.values()
                : value instanceof Collection<?> items ? items : List.of();
        for (Object part : parts) {
            if (hasTemplate(part)) {
                return true;
            }
        }
        return false;
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof String text) {
            return "\"" + Printable.line(text, 100) + "\"";
        }
        if (value instanceof Number || value instanceof Boolean) {
            return Printable.line(value.toString(), 100);
        }
        return value == null ? "null" : "a value of type " + Json.typeName(value);
    }
}
