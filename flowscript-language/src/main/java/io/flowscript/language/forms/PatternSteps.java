package io.flowscript.language.forms;

/**
 * How many steps a part of a regular expression can make the matcher take without reading a character. The budget of a
 * check sees only what is read, so these steps must be known beforehand. All numbers are upper bounds.
 *
 * @param ways the number of ways through the part on which nothing is read
 * @param entry the steps from its beginning, on all ways, until each way reads a character, fails or ends
 * @param exits the greatest number of ways from a character that is read inside the part to the part's end
 * @param onward the steps on these ways, and on those that fail
 * @param shortest the length in characters of the shortest text that it matches
 * @param longest the length in characters of the longest one
 */
record PatternSteps(double ways, Steps entry, double exits, Steps onward, double shortest, double longest) {

    /** Numbers are cut here, so that they stay finite. */
    private static final double CUT = 1e12;

    /** Matches the empty text, without a step. */
    static final PatternSteps NOTHING = new PatternSteps(1, Steps.NONE, 0, Steps.NONE, 0, 0);

    /** Matches one character. Only at the end of the text is there nothing to read. */
    static final PatternSteps CHARACTER = new PatternSteps(0, new Steps(0, 1), 1, Steps.NONE, 1, 2);

    /** Matches at a position, such as <code>^</code>. */
    static final PatternSteps POSITION = new PatternSteps(1, Steps.ONE, 0, Steps.NONE, 0, 0);

    /** Never matches. */
    static final PatternSteps NEVER = new PatternSteps(0, Steps.ONE, 0, Steps.NONE, 0, 0);

    /** Matches what a group matched, which may be nothing. */
    static final PatternSteps REFERENCE = new PatternSteps(1, Steps.ONE, 1, Steps.NONE, 0, CUT);

    /**
     * A number of steps.
     *
     * @param inside where there are more characters to read
     * @param atEnd at the end of the text, where a part that wants a character fails without reading one
     */
    record Steps(double inside, double atEnd) {

        private static final Steps NONE = new Steps(0, 0);
        private static final Steps ONE = new Steps(1, 1);

        private Steps plus(Steps other) {
            return new Steps(cut(inside + other.inside), cut(atEnd + other.atEnd));
        }

        private Steps times(double factor) {
            return new Steps(cut(inside * factor), cut(atEnd * factor));
        }

        private Steps max(Steps other) {
            return new Steps(Math.max(inside, other.inside), Math.max(atEnd, other.atEnd));
        }
    }

    /** {@return the steps after the start of a match, or after a character} */
    Steps total() {
        return entry.plus(onward);
    }

    /** {@return this part and then another} */
    PatternSteps then(PatternSteps next) {
        return new PatternSteps(
                cut(ways * next.ways),
                entry.plus(next.entry.times(ways)),
                Math.max(next.exits, cut(exits * next.ways)),
                next.onward.max(onward.plus(next.entry.times(exits))),
                cut(shortest + next.shortest),
                cut(longest + next.longest));
    }

    /** {@return this part or another} */
    PatternSteps or(PatternSteps other) {
        Steps both = entry.plus(other.entry);
        return new PatternSteps(
                cut(ways + other.ways),
                ways + other.ways > 0 ? both.plus(Steps.ONE) : both,
                Math.max(exits, other.exits),
                onward.max(other.onward),
                Math.min(shortest, other.shortest),
                Math.max(longest, other.longest));
    }

    /**
     * Returns this part repeated. The matcher ends a repetition after one that matched nothing, but not before the least
     * number is reached.
     *
     * @param least the least number of repetitions
     * @param most the greatest one
     */
    PatternSteps repeated(long least, long most) {
        double all = Math.min(CUT, Math.pow(ways, (double) least));
        double oneMore = most > least ? 1 + ways : 1;
        Steps again = entry.plus(Steps.ONE).times(sumOfPowers(least));
        return new PatternSteps(
                cut(all * oneMore),
                again,
                cut(exits * Math.max(1, all) * oneMore),
                onward.plus(again.times(exits)),
                cut(shortest * (double) least),
                cut(longest * (double) most));
    }

    /** {@return this part in a look ahead: whatever the ways through it, there is one way on} */
    PatternSteps ahead() {
        return new PatternSteps(1, entry.plus(Steps.ONE), Math.min(1, exits), onward, 0, 0);
    }

    /** {@return this part in a look behind, which the matcher tries at each place where the text could begin} */
    PatternSteps behind() {
        Steps tries = entry.plus(Steps.ONE).times(1 + longest - shortest);
        return new PatternSteps(1, tries, Math.min(1, exits), onward.plus(tries), 0, 0);
    }

    /** The sum of the powers of the ways, from the power of 0 to this one. */
    private double sumOfPowers(long power) {
        if (ways == 1) {
            return power + 1.0;
        }
        return ways == 0 ? 1 : cut((Math.min(CUT * ways, Math.pow(ways, power + 1.0)) - 1) / (ways - 1));
    }

    private static double cut(double value) {
        return Math.min(CUT, value);
    }
}
