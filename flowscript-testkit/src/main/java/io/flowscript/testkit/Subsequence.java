package io.flowscript.testkit;

import java.util.ArrayList;
import java.util.List;

/** Checks whether items occur in a list in their order, with any others between. Stateless. */
final class Subsequence {

    private Subsequence() {}

    /** {@return how many of the wanted items were found, from the first on; all of them if none is missing} */
    static <T> int found(List<T> wanted, List<T> all) {
        int found = 0;
        for (T one : all) {
            if (found < wanted.size() && wanted.get(found).equals(one)) {
                found++;
            }
        }
        return found;
    }

    static List<String> with(List<String> lines, String last) {
        List<String> more = new ArrayList<>(lines);
        more.add(last);
        return more;
    }
}
