package io.flowscript.core.text;

/** Makes strings from outside safe to print in logs and messages. Stateless; safe for use by any thread. */
public final class Printable {

    private Printable() {}

    /**
     * Makes a text printable on one line. Control characters, line and paragraph separators, format characters (such as marks
     * that change the writing direction) and single surrogates are written as {@code \}{@code uXXXX}. So the text cannot begin
     * a new line in a log or control a terminal.
     *
     * @param text any text
     * @param maxLength the number of characters that are used, more than 0; a longer text is cut and ends with {@code ...}
     * @return the printable text
     */
    public static String line(String text, int maxLength) {
        int end = Math.min(text.length(), maxLength);
        StringBuilder out = new StringBuilder(end + 3);
        int i = 0;
        while (i < end) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isPrintable(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format("\\u%04x", c));
            }
        }
        return i < text.length() ? out.append("...").toString() : out.toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.FORMAT,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
