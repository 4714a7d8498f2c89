package io.flowscript.language.forms;

import com.networknt.schema.regex.RegularExpression;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The budget of one check: time, and characters read by regular expressions. The schema library's context counts
 * steps and depth. Used by one thread.
 */
final class CheckBudget {

    private static final int STEPS_BETWEEN_LOOKS = 256;

    /**
     * The budget of the check that runs on this thread. Needed because the library passes only the text to a regular
     * expression.
     */
    private static final ThreadLocal<@Nullable CheckBudget> CURRENT = new ThreadLocal<>();

    private final long deadline;
    private long patternSteps;
    private int untilLook = STEPS_BETWEEN_LOOKS;
    private @Nullable BudgetExceededException exceeded;

    private CheckBudget(FormLimits limits) {
        deadline = System.nanoTime() + limits.timeout().toNanos();
        patternSteps = limits.maxPatternSteps();
    }

    /**
     * Runs a check with its own budget.
     *
     * @param limits the limits
     * @param check the check to run
     * @return the check's result
     * @throws BudgetExceededException when the budget was used up; the check then has no usable result
     */
    static <T> T within(FormLimits limits, Function<CheckBudget, T> check) {
        CheckBudget budget = new CheckBudget(limits);
        CheckBudget outer = CURRENT.get();
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

    /** Counts one step; every {@value #STEPS_BETWEEN_LOOKS} steps it checks the time. */
    void step() {
        if (--untilLook <= 0) {
            untilLook = STEPS_BETWEEN_LOOKS;
            check();
        }
    }

    private void check() {
        BudgetExceededException before = exceeded;
        if (before != null) {
            throw before;
        }
        if (System.nanoTime() - deadline > 0) {
            throw exceed("takes too long to check; send less");
        }
    }

    private BudgetExceededException exceed(String why) {
        BudgetExceededException now = new BudgetExceededException(why);
        exceeded = now;
        return now;
    }

    /** Compiles a regular expression in the dialect of JSON Schema. Its use is counted. */
    static RegularExpression regularExpression(String regex) {
        EcmaPattern.Compiled pattern = EcmaPattern.compile(regex);
        return text -> {
            CheckBudget current = CURRENT.get();
            return (current == null ? new CheckBudget(FormLimits.defaults()) : current).find(pattern, text);
        };
    }

    /**
     * Returns false when the budget is used up. It does not throw, because the exception would have to pass through
     * the library.
     */
    private boolean find(EcmaPattern.Compiled compiled, String text) {
        if (exceeded != null) {
            return false;
        }
        try {
            // The matcher begins at each place of the text, and steps there, whether or not it reads a character.
            countPatternSteps((compiled.cost() - 1) * (text.length() + 1L) + compiled.costAtEnd());
            return compiled.pattern().matcher(new Counted(text, compiled)).find();
        } catch (BudgetExceededException | StackOverflowError e) {
            if (exceeded == null) {
                exceed("has a text that takes too long to match against its pattern; send a shorter one");
            }
            return false;
        }
    }

    private void countPatternSteps(long steps) {
        patternSteps -= steps;
        if (patternSteps < 0) {
            throw new BudgetExceededException("");
        }
    }

    /** Thrown when the budget is used up. The message is for the person who answers. */
    static final class BudgetExceededException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String why;

        BudgetExceededException(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        /** {@return the message for the person who answers} */
        String why() {
            return why;
        }
    }

    private final class Counted implements CharSequence {

        private final String text;
        private final EcmaPattern.Compiled pattern;

        Counted(String text, EcmaPattern.Compiled pattern) {
            this.text = text;
            this.pattern = pattern;
        }

        @Override
        public char charAt(int index) {
            countPatternSteps(pattern.cost() + (index == text.length() - 1 ? pattern.costAtEnd() : 0));
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
