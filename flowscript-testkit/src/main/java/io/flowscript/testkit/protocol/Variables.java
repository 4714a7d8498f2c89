package io.flowscript.testkit.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The variables that a case has captured so far, by name. For one thread. */
final class Variables {

    private static final Pattern USE = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9]*)}");

    private final Map<String, @Nullable Object> values;

    Variables() {
        this(Map.of());
    }

    private Variables(Map<String, @Nullable Object> values) {
        this.values = new LinkedHashMap<>(values);
    }

    /** Returns the names of the variables in a text. */
    static List<String> in(String text) {
        return USE.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /** Returns the name of the variable if the whole text is one; otherwise null. */
    static @Nullable String whole(String text) {
        Matcher use = USE.matcher(text);
        return use.matches() ? use.group(1) : null;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    Object get(String name) {
        return values.get(name);
    }

    void put(String name, @Nullable Object value) {
        values.put(name, value);
    }

    Variables copy() {
        return new Variables(values);
    }

    void take(Variables others) {
        values.putAll(others.values);
    }

    /** Fills variables into a value. A text that is a single variable becomes its value, of whatever type. */
    @Nullable
    Object fill(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            Map<String, @Nullable Object> filled = new LinkedHashMap<>();
            object.forEach((key, field) -> filled.put((String) key, fill(field)));
            return filled;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(this::fill).collect(Collectors.toList());
        }
        if (value instanceof String text) {
            String name = whole(text);
            return name != null && has(name) ? get(name) : fill(text);
        }
        return value;
    }

    /** Fills variables into a text. Variables without a value stay as they are. */
    String fill(String text) {
        return USE.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            return Matcher.quoteReplacement(has(name) ? String.valueOf(get(name)) : found.group());
        });
    }
}
