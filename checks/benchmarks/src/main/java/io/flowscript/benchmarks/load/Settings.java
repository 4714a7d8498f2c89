package io.flowscript.benchmarks.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings given as {@code key=value}. The word {@code quick} alone stands for {@code quick=yes}.
 *
 * @param values the values by name
 */
public record Settings(Map<String, String> values) {

    /**
     * Reads settings.
     *
     * @param arguments those of the command line after the first
     * @return the settings
     */
    public static Settings of(List<String> arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : arguments) {
            if (argument.equals("quick")) {
                values.put(argument, "yes");
                continue;
            }
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("A setting must be key=value, not " + argument);
            }
            values.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        return new Settings(values);
    }

    /** {@return whether the small form is wanted, whose figures mean little} */
    public boolean isQuick() {
        return values.containsKey("quick");
    }

    /**
     * {@return a number}
     *
     * @param key its name
     * @param otherwise what it is when it is not given
     * @param quick what it is then in the small form
     */
    public int number(String key, int otherwise, int quick) {
        return number(key, isQuick() ? quick : otherwise);
    }

    /**
     * {@return a number}
     *
     * @param key its name
     * @param otherwise what it is when it is not given
     */
    public int number(String key, int otherwise) {
        return Integer.parseInt(values.getOrDefault(key, String.valueOf(otherwise)));
    }

    /**
     * {@return a text}
     *
     * @param key its name
     * @param otherwise what it is when it is not given
     */
    public String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }
}
