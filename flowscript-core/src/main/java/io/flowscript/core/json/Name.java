package io.flowscript.core.json;

/**
 * What a name is in a path, a template and an expression: letters, digits and accents of any script, {@code _} and
 * {@code @}. It does not begin with a digit or an accent. Names are compared character by character, so upper and lower
 * case differ, and so do two ways to write one accented letter.
 *
 * <p>Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Name {

    private static final int LETTERS = 1 << Character.UPPERCASE_LETTER
            | 1 << Character.LOWERCASE_LETTER
            | 1 << Character.TITLECASE_LETTER
            | 1 << Character.MODIFIER_LETTER
            | 1 << Character.OTHER_LETTER
            | 1 << Character.LETTER_NUMBER;
    private static final int MARKS =
            1 << Character.NON_SPACING_MARK | 1 << Character.COMBINING_SPACING_MARK | 1 << Character.ENCLOSING_MARK;
    private static final int DIGITS = 1 << Character.DECIMAL_DIGIT_NUMBER | 1 << Character.OTHER_NUMBER;

    private Name() {}

    /**
     * Checks whether a text is a name.
     *
     * @param text the text
     * @return whether the whole text is one name
     */
    public static boolean is(String text) {
        return !text.isEmpty() && end(text, 0) == text.length();
    }

    /**
     * Finds the end of the name that begins at an index.
     *
     * @param text the text
     * @param start the index at which the name begins, from 0 to the length of the text
     * @return the index after the name's last character; {@code start} when no name begins there
     */
    public static int end(String text, int start) {
        return start < text.length() && isIn(text.codePointAt(start), LETTERS) ? endOfRest(text, start) : start;
    }

    /**
     * Finds the end of the characters of a name from an index on, where the first one may be a digit too, as in
     * {@code lines.0}.
     *
     * @param text the text
     * @param start the index at which they begin, from 0 to the length of the text
     * @return the index after the last of them; {@code start} when there is none
     */
    public static int endOfRest(String text, int start) {
        int at = start;
        while (at < text.length() && isIn(text.codePointAt(at), LETTERS | MARKS | DIGITS)) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static boolean isIn(int character, int kinds) {
        return character == '_' || character == '@' || (kinds >> Character.getType(character) & 1) != 0;
    }
}
