package io.flowscript.benchmarks.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings given as {@code key=value}.
 *
 * @param values the values by name
 */
record Settings(Map<String, String> values) {

    static Settings of(List<String> arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("A setting must be key=value, not " + argument);
            }
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return new Settings(values);
    }

    int number(String key, int otherwise) {
        return Integer.parseInt(values.getOrDefault(key, String.valueOf(otherwise)));
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }
}
