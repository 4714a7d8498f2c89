package io.flowscript.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * The difference between two lists of lines. The longest common part stays; removed lines are marked with {@code -},
 * added ones with {@code +}. Stateless.
 */
final class LineDiff {

    private static final int CONTEXT = 2;
    private static final int MAX_LINES = 200;
    private static final long MAX_CELLS = 4_000_000;

    private LineDiff() {}

    /** {@return the lines of the difference with some context; empty if there is none} */
    static List<String> of(List<String> expected, List<String> actual) {
        List<String> all = marked(expected, actual);
        List<String> shown = new ArrayList<>();
        int skipped = 0;
        for (int i = 0; i < all.size(); i++) {
            if (isNearChange(all, i)) {
                tellSkipped(skipped, shown);
                skipped = 0;
                shown.add(all.get(i));
            } else {
                skipped++;
            }
        }
        if (!shown.isEmpty()) {
            tellSkipped(skipped, shown);
        }
        return shown.size() <= MAX_LINES
                ? shown
                : Subsequence.with(shown.subList(0, MAX_LINES), "  ... " + (shown.size() - MAX_LINES) + " more lines");
    }

    private static void tellSkipped(int skipped, List<String> shown) {
        if (skipped > 0) {
            shown.add("  ... " + skipped + " equal lines");
        }
    }

    private static List<String> marked(List<String> expected, List<String> actual) {
        int begin = 0;
        int shorter = Math.min(expected.size(), actual.size());
        while (begin < shorter && expected.get(begin).equals(actual.get(begin))) {
            begin++;
        }
        int end = 0;
        while (end < shorter - begin
                && expected.get(expected.size() - 1 - end).equals(actual.get(actual.size() - 1 - end))) {
            end++;
        }
        List<String> lines = new ArrayList<>();
        expected.subList(0, begin).forEach(line -> lines.add("  " + line));
        lines.addAll(
                middle(expected.subList(begin, expected.size() - end), actual.subList(begin, actual.size() - end)));
        expected.subList(expected.size() - end, expected.size()).forEach(line -> lines.add("  " + line));
        return lines;
    }

    private static List<String> middle(List<String> expected, List<String> actual) {
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        if ((long) expected.size() * actual.size() <= MAX_CELLS) {
            int[][] common = common(expected, actual);
            while (i < expected.size() && j < actual.size()) {
                if (expected.get(i).equals(actual.get(j))) {
                    lines.add("  " + expected.get(i++));
                    j++;
                } else if (common[i + 1][j] >= common[i][j + 1]) {
                    lines.add("- " + expected.get(i++));
                } else {
                    lines.add("+ " + actual.get(j++));
                }
            }
        }
        expected.subList(i, expected.size()).forEach(line -> lines.add("- " + line));
        actual.subList(j, actual.size()).forEach(line -> lines.add("+ " + line));
        return lines;
    }

    /** Computes how many lines the remainders have in common, in order, from each pair of places on. */
    private static int[][] common(List<String> expected, List<String> actual) {
        int[][] common = new int[expected.size() + 1][actual.size() + 1];
        for (int i = expected.size() - 1; i >= 0; i--) {
            for (int j = actual.size() - 1; j >= 0; j--) {
                common[i][j] = expected.get(i).equals(actual.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private static boolean isNearChange(List<String> lines, int at) {
        for (int i = Math.max(0, at - CONTEXT); i <= Math.min(lines.size() - 1, at + CONTEXT); i++) {
            if (!lines.get(i).startsWith("  ")) {
                return true;
            }
        }
        return false;
    }
}
