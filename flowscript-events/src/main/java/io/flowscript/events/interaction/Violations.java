package io.flowscript.events.interaction;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import io.flowscript.core.runtime.Violation;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong, in words that the person who answers can act on. */
final class Violations {

    private static final int MAX_MESSAGE = 300;
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{Nd}_@-]+");

    /** By the keyword of the schema; {@code {0}} is its value there. */
    private static final Map<String, String> MESSAGES = Map.ofEntries(
            Map.entry("required", "is required"),
            Map.entry("minimum", "must be at least {0}"),
            Map.entry("maximum", "must be at most {0}"),
            Map.entry("exclusiveMinimum", "must be more than {0}"),
            Map.entry("exclusiveMaximum", "must be less than {0}"),
            Map.entry("multipleOf", "must be a multiple of {0}"),
            Map.entry("minLength", "must have at least {0} characters"),
            Map.entry("maxLength", "must have at most {0} characters"),
            Map.entry("minItems", "must have at least {0} items"),
            Map.entry("maxItems", "must have at most {0} items"),
            Map.entry("minProperties", "must have at least {0} entries"),
            Map.entry("maxProperties", "must have at most {0} entries"),
            Map.entry("uniqueItems", "must not have the same item twice"),
            Map.entry("enum", "must be one of {0}"),
            Map.entry("const", "must be {0}"),
            Map.entry("pattern", "must match the pattern {0}"),
            Map.entry("format", "must be a valid {0}"),
            Map.entry("type", "must be of type {1}, but is of type {0}"),
            Map.entry("additionalProperties", "is not expected here"),
            Map.entry("unevaluatedProperties", "is not expected here"));

    private Violations() {}

    static Violation of(Error error) {
        String keyword = String.valueOf(error.getKeyword());
        String path = path(error.getInstanceLocation());
        String property = error.getProperty();
        if (property != null && isAboutProperty(keyword)) {
            path = append(path, property);
        }
        return new Violation(path, keyword, bounded(message(keyword, error)));
    }

    /** The path one key deeper. */
    static String append(String path, String key) {
        return PLAIN.matcher(key).matches()
                ? path + "." + key
                : path + "[\"" + key.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
    }

    /** Not longer than a person reads, on one line. */
    static String bounded(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "..." : line;
    }

    private static boolean isAboutProperty(String keyword) {
        return keyword.equals("required")
                || keyword.equals("additionalProperties")
                || keyword.equals("unevaluatedProperties");
    }

    private static String message(String keyword, Error error) {
        String template = MESSAGES.get(keyword);
        if (template == null) {
            return String.valueOf(error.getMessage());
        }
        Object[] arguments = error.getArguments();
        String message = template;
        for (int i = 0; arguments != null && i < arguments.length; i++) {
            message = message.replace("{" + i + "}", argument(arguments[i]));
        }
        return message;
    }

    private static String argument(@Nullable Object argument) {
        return String.valueOf(argument);
    }

    private static String path(@Nullable NodePath location) {
        String path = "$";
        for (int i = 0; location != null && i < location.getNameCount(); i++) {
            Object element = location.getElement(i);
            path = element instanceof Integer ? path + "[" + element + "]" : append(path, String.valueOf(element));
        }
        return path;
    }
}
