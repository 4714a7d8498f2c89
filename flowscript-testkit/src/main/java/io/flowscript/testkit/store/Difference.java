package io.flowscript.testkit.store;

import java.util.Objects;

/** Where two values begin to differ, for people. */
final class Difference {

    private static final int BEFORE = 80;
    private static final int AFTER = 200;

    private Difference() {}

    /** {@return the first difference; empty when there is none} */
    static String between(String what, Object wanted, Object seen) {
        if (wanted.equals(seen)) {
            return "";
        }
        String right = wanted.toString();
        String wrong = Objects.toString(seen);
        if (right.equals(wrong)) {
            return what + " with other types of numbers: " + part(wrong, 0);
        }
        int at = 0;
        while (at < Math.min(right.length(), wrong.length()) && right.charAt(at) == wrong.charAt(at)) {
            at++;
        }
        return what + " " + part(wrong, at) + "\ninstead of " + part(right, at);
    }

    /** {@return what is around a position} */
    private static String part(String text, int at) {
        int from = Math.max(0, at - BEFORE);
        int to = Math.min(text.length(), at + AFTER);
        return (from > 0 ? "..." : "") + text.substring(from, to) + (to < text.length() ? "..." : "");
    }
}
