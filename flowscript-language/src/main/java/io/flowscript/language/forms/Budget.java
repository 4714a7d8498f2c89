package io.flowscript.language.forms;

import com.networknt.schema.regex.RegularExpression;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one check may use up: time, and characters that its regular expressions look at. The steps and the depth are counted by the schema
 * library. Used by one thread.
 */
final class Budget {

    private static final int STEPS_BETWEEN_LOOKS = 256;

    /** Of the check that runs on this thread; the library hands nothing to a regular expression but the text. */
    private static final ThreadLocal<@Nullable Budget> CURRENT = new ThreadLocal<>();

    private final long deadline;
    private long patternSteps;
    private int untilLook = STEPS_BETWEEN_LOOKS;
    private @Nullable Exceeded exceeded;

    private Budget(FormLimits limits) {
        deadline = System.nanoTime() + limits.timeout().toNanos();
        patternSteps = limits.maxPatternSteps();
    }

    /**
     * Runs a check that has a budget of its own.
     *
     * @param limits how much
     * @param check what to run
     * @return what it found
     * @throws Exceeded when the budget was used up; what was found is worth nothing then
     */
    static <T> T within(FormLimits limits, Function<Budget, T> check) {
        Budget budget = new Budget(limits);
        Budget outer = CURRENT.get();
        CURRENT.set(budget);
        try {
            T found = check.apply(budget);
            budget.check();
            return found;
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
    }

    /** Counts one step, and looks at the clock now and then. */
    void step() {
        if (--untilLook <= 0) {
            untilLook = STEPS_BETWEEN_LOOKS;
            check();
        }
    }

    private void check() {
        Exceeded before = exceeded;
        if (before != null) {
            throw before;
        }
        if (System.nanoTime() - deadline > 0) {
            throw exceed("takes too long to be checked; send less");
        }
    }

    private Exceeded exceed(String why) {
        Exceeded now = new Exceeded(why);
        exceeded = now;
        return now;
    }

    /** A regular expression in the dialect of JSON Schema, whose use is counted. */
    static RegularExpression regularExpression(String regex) {
        EcmaPattern.Compiled pattern = EcmaPattern.compile(regex);
        return text -> {
            Budget current = CURRENT.get();
            return (current == null ? new Budget(FormLimits.defaults()) : current).find(pattern, text);
        };
    }

    /** False, without an exception that would have to find its way through the library, once the budget is used up. */
    private boolean find(EcmaPattern.Compiled compiled, String text) {
        if (exceeded != null) {
            return false;
        }
        try {
            return compiled.pattern()
                    .matcher(new Counted(text, compiled.cost()))
                    .find();
        } catch (Exceeded | StackOverflowError e) {
            if (exceeded == null) {
                exceed("has a text that takes too long to compare with the form that is asked for; send a shorter one");
            }
            return false;
        }
    }

    /** The budget is used up; its message is for the person who answers. */
    static final class Exceeded extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String why;

        Exceeded(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        /** {@return what to tell the person who answers} */
        String why() {
            return why;
        }
    }

    private final class Counted implements CharSequence {

        private final String text;
        private final long cost;

        Counted(String text, long cost) {
            this.text = text;
            this.cost = cost;
        }

        @Override
        public char charAt(int index) {
            patternSteps -= cost;
            if (patternSteps < 0) {
                throw new Exceeded("");
            }
            step();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
