package io.flowscript.core.text;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds known names that are similar to a mistyped one. Stateless; safe for use by any thread. */
public final class Names {

    private static final int MAX_LENGTH = 64;
    private static final int MAX_CANDIDATES = 10_000;

    private Names() {}

    /**
     * Finds the known name that is closest to a given one. Upper and lower case count as equal. A name is close when the
     * number of characters changed, left out, inserted or swapped with a neighbour is at most a third of the given name's
     * length, or 1.
     *
     * @param given the unknown name; when it is blank or longer than 64 characters, no name is close
     * @param known the known names; the first 10,000 of at most 64 characters are compared
     * @return the closest name, the first one when several are equally close; null when none is close
     */
    public static @Nullable String closest(String given, Collection<String> known) {
        if (given.isBlank() || given.length() > MAX_LENGTH) {
            return null;
        }
        String wanted = given.toLowerCase(Locale.ROOT);
        int allowed = Math.max(1, wanted.length() / 3);
        String best = null;
        int seen = 0;
        for (String candidate : known) {
            if (++seen > MAX_CANDIDATES) {
                break;
            }
            if (candidate.length() <= MAX_LENGTH && Math.abs(candidate.length() - wanted.length()) <= allowed) {
                int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
                if (distance <= allowed) {
                    best = candidate;
                    allowed = distance - 1;
                }
            }
        }
        return best;
    }

    /** The number of characters to change, leave out, insert or swap with a neighbour (optimal string alignment distance). */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1] + 1, last[j] + 1), last[j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
