package io.flowscript.language.nodes;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.text.Durations;
import io.flowscript.core.text.JsonText;
import io.flowscript.core.text.Names;
import io.flowscript.core.text.Printable;
import io.flowscript.core.text.Templates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The rules of a node's config: its fields and their values. Must not be changed once it is in use. */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class ConfigRules {

    private static final int MAX_NAME = 256;
    private static final int MAX_NAMES = 1_000;
    private static final int MAX_TIMES = 100;

    /** More faults than a person reads at once; a config made of data can have a million. */
    private static final int MAX_FAULTS = 20;

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final List<Function<Map<String, @Nullable Object>, @Nullable String>> others = new ArrayList<>();

    private record Field(
            boolean required,
            String expected,
            Predicate<@Nullable Object> fits,
            @Nullable ConfigRules inside) {}

    /** Adds a required field. */
    ConfigRules required(String name, String expected, Predicate<@Nullable Object> fits) {
        fields.put(name, new Field(true, expected, fits, null));
        return this;
    }

    /**
     * Adds an optional field.
     *
     * @param name the field
     * @param expected what the value must be, for people, such as "a string"
     * @param fits whether a value is valid
     * @return this
     */
    ConfigRules optional(String name, String expected, Predicate<@Nullable Object> fits) {
        fields.put(name, new Field(false, expected, fits, null));
        return this;
    }

    /**
     * Adds rules for the objects in a field: for its value, or for each of its items that is an object.
     *
     * @param name a field that was added before
     * @param rules the rules of these objects
     * @return this
     */
    ConfigRules inside(String name, ConfigRules rules) {
        fields.computeIfPresent(name, (same, field) -> new Field(field.required, field.expected, field.fits, rules));
        return this;
    }

    /** Returns the names of all fields. The engine refuses any other; inside a field, these rules do. */
    Set<String> fields() {
        return fields.keySet();
    }

    /** Requires exactly one of several optional fields. */
    ConfigRules oneOf(String... names) {
        return rule(config -> given(config, names) == 1 ? null : "give one of " + quoted(names));
    }

    /** Allows one of several optional fields. */
    ConfigRules atMostOneOf(String... names) {
        return rule(config -> given(config, names) <= 1 ? null : "give only one of " + quoted(names));
    }

    private static long given(Map<String, @Nullable Object> config, String... names) {
        return Arrays.stream(names).filter(config::containsKey).count();
    }

    private static String quoted(String... names) {
        return "\"" + String.join("\", \"", names) + "\"";
    }

    /**
     * Adds any other rule.
     *
     * @param rule returns what is wrong with a config, or null
     * @return this
     */
    ConfigRules rule(Function<Map<String, @Nullable Object>, @Nullable String> rule) {
        others.add(rule);
        return this;
    }

    /**
     * Checks a config.
     *
     * @param config the config
     * @param asWritten whether templates are not filled in yet, so that a value that contains one can become anything
     * @return one sentence for each fault, for the first {@value #MAX_FAULTS}; empty if the config is valid
     */
    List<String> check(Map<String, @Nullable Object> config, boolean asWritten) {
        List<String> wrong = new ArrayList<>();
        check(config, asWritten, "", wrong);
        return wrong.subList(0, Math.min(wrong.size(), MAX_FAULTS));
    }

    private void check(Map<String, @Nullable Object> config, boolean asWritten, String place, List<String> wrong) {
        int before = wrong.size();
        fields.forEach((name, field) -> {
            if (config.containsKey(name)) {
                checkField(place + name, field, config.get(name), asWritten, wrong);
            } else if (field.required) {
                wrong.add("\"" + place + name + "\" is missing; it must be " + field.expected);
            }
        });
        for (String name : config.keySet()) {
            if (wrong.size() >= MAX_FAULTS) {
                return;
            }
            if (!place.isEmpty() && !fields.containsKey(name)) {
                wrong.add(unknown(name, config, place));
            }
        }
        if (!place.isEmpty() && wrong.size() > before) {
            return;
        }
        for (Function<Map<String, @Nullable Object>, @Nullable String> rule : others) {
            String message = rule.apply(config);
            if (message != null) {
                wrong.add(place.isEmpty() ? message : "\"" + place.substring(0, place.length() - 1) + "\": " + message);
            }
        }
    }

    private static void checkField(
            String place, Field field, @Nullable Object value, boolean asWritten, List<String> wrong) {
        if (asWritten && (field.inside == null ? hasTemplate(value) : isTemplate(value))) {
            return;
        }
        if (!field.fits.test(value)) {
            wrong.add("\"" + place + "\" must be " + field.expected + ", not " + shown(value));
        } else if (field.inside != null && value instanceof Map<?, ?>) {
            field.inside.check(Value.of(value).asMap(), asWritten, place + ".", wrong);
        } else if (field.inside != null && value instanceof List<?> items) {
            for (int i = 0; i < items.size() && wrong.size() < MAX_FAULTS; i++) {
                if (items.get(i) instanceof Map<?, ?> item) {
                    field.inside.check(Value.of(item).asMap(), asWritten, place + "[" + i + "].", wrong);
                }
            }
        }
    }

    private String unknown(String name, Map<String, @Nullable Object> config, String place) {
        String meant = Names.closest(name, fields.keySet());
        if (meant != null && config.containsKey(meant)) {
            meant = null;
        }
        String unknown = "there is no field \"" + Printable.line(place + name, 100) + "\"; ";
        return meant == null
                ? unknown + "the fields are " + String.join(", ", fields.keySet())
                : unknown + "did you mean \"" + meant + "\"?";
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

    static boolean isDelay(@Nullable Object value) {
        return value instanceof Number && Durations.isDuration(value, false);
    }

    static boolean isTimeout(@Nullable Object value) {
        return Durations.isDuration(value, true);
    }

    /**
     * Whether a value is a name of a person or group. A template that was not filled in is refused, because it would
     * name nobody.
     */
    static boolean isName(@Nullable Object value) {
        return value instanceof String name && isText(name) && name.length() <= MAX_NAME && !isTemplate(name);
    }

    static boolean isNames(@Nullable Object value) {
        return isOneOrMore(value, MAX_NAMES, ConfigRules::isName);
    }

    static boolean isTimes(@Nullable Object value) {
        return isOneOrMore(value, MAX_TIMES, ConfigRules::isTimeout);
    }

    static boolean isObjects(@Nullable Object value) {
        return isOneOrMore(value, MAX_TIMES, ConfigRules::isObject);
    }

    /** Whether a value is text for people. A number or null is accepted, since a template can become one. */
    static boolean isLabel(@Nullable Object value) {
        return !(value instanceof Map) && !(value instanceof List);
    }

    /** Returns a test for a whole number within bounds, both included. */
    static Predicate<@Nullable Object> isWhole(int from, int to) {
        return value -> (value instanceof Integer || value instanceof Long)
                && ((Number) value).longValue() >= from
                && ((Number) value).longValue() <= to;
    }

    /** Returns the items of an array; a single value counts as an array of one. */
    static List<?> items(@Nullable Object value) {
        return value instanceof List<?> items ? items : value == null ? List.of() : List.of(value);
    }

    private static boolean isOneOrMore(@Nullable Object value, int most, Predicate<@Nullable Object> fits) {
        List<?> items = items(value);
        if (items.isEmpty() || items.size() > most) {
            return false;
        }
        for (Object item : items) {
            if (!fits.test(item)) {
                return false;
            }
        }
        return true;
    }

    static boolean isTemplate(@Nullable Object value) {
        return Templates.isIn(value);
    }

    static boolean hasTemplate(@Nullable Object value) {
        if (isTemplate(value)) {
            return true;
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
        if (value instanceof Number || value instanceof Boolean || value instanceof List) {
            try {
                return Printable.line(JsonText.of(value, 100), 100);
            } catch (JsonException e) {
                return "a longer value";
            }
        }
        return value == null ? "null" : "a value of type " + Json.typeName(value);
    }
}
