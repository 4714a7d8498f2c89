package io.flowscript.core.text;

/** Makes strings that come from outside safe to print. Stateless; safe for use by any thread. */
public final class Printable {

    private Printable() {}

    /**
     * A text on one line: control characters, line and paragraph separators, marks that turn the direction of
     * writing, and halves of surrogate pairs are written as {@code \}{@code uXXXX}, so that it can neither begin a new
     * line of a log nor speak to a terminal.
     *
     * @param text any text
     * @param maxLength how many characters of it are taken, more than 0; a longer one ends in {@code ...}
     * @return the text, printable
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
