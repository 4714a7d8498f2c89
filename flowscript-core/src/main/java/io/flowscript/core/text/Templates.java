package io.flowscript.core.text;

import org.jspecify.annotations.Nullable;

/**
 * Finds templates in text. A template is <code>{{</code>, something that is not blank, and the first <code>}}</code> after
 * it that is not in quotes. Everything else is text. Stateless; safe for use by any thread.
 */
public final class Templates {

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    private Templates() {}

    /**
     * A template in a text.
     *
     * @param start the index of its first brace
     * @param end the index after its last brace
     * @param inside what is between the braces, without the blanks around it
     */
    public record Template(int start, int end, String inside) {}

    /**
     * Finds the first template at or after an index.
     *
     * @param text the text
     * @param from the index, from 0 to the length of the text
     * @return the template; null when there is none
     */
    public static @Nullable Template next(String text, int from) {
        int open = text.indexOf(OPEN, from);
        while (open >= 0) {
            int close = close(text, open + OPEN.length());
            if (close < 0) {
                return null;
            }
            String inside = text.substring(open + OPEN.length(), close).strip();
            if (!inside.isEmpty()) {
                return new Template(open, close + CLOSE.length(), inside);
            }
            open = text.indexOf(OPEN, close + CLOSE.length());
        }
        return null;
    }

    /**
     * Checks whether a value is a text that contains a template.
     *
     * @param value any value, or null
     * @return whether it does
     */
    public static boolean isIn(@Nullable Object value) {
        return value instanceof String text && next(text, 0) != null;
    }

    /** Finds the closing braces. When a quote has no end, the first closing braces count, so that the mistake is found. */
    private static int close(String text, int from) {
        char quote = 0;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quote != 0) {
                if (c == '\\') {
                    at++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (text.startsWith(CLOSE, at)) {
                return at;
            }
        }
        return text.indexOf(CLOSE, from);
    }
}
