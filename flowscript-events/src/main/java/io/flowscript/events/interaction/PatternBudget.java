package io.flowscript.events.interaction;

import com.networknt.schema.regex.RegularExpression;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Regular expressions that cannot run away: all patterns of one validation share a number of steps (characters looked at), and when it is used
 * up the validation ends.
 */
final class PatternBudget {

    private static final long STEPS = 10_000_000;

    /** Of the validation that runs on this thread. */
    private static final ThreadLocal<@Nullable PatternBudget> CURRENT = new ThreadLocal<>();

    private long left = STEPS;
    private @Nullable String exceeded;

    private PatternBudget() {}

    /**
     * Runs a validation whose patterns share a budget.
     *
     * @param validation what to run
     * @return what it found
     * @throws Exceeded when a pattern used the budget up; what was found is worth nothing then
     */
    static <T> T within(Supplier<T> validation) {
        PatternBudget budget = new PatternBudget();
        CURRENT.set(budget);
        try {
            T found = validation.get();
            String pattern = budget.exceeded;
            if (pattern != null) {
                throw new Exceeded(pattern);
            }
            return found;
        } finally {
            CURRENT.remove();
        }
    }

    static RegularExpression compile(String regex) {
        // In a schema, $ is the end of the text, and not what comes before its last line break.
        Pattern pattern = Pattern.compile(atTheVeryEnd(regex));
        return text -> {
            PatternBudget current = CURRENT.get();
            return (current == null ? new PatternBudget() : current).find(pattern, regex, text);
        };
    }

    /** False, without an exception that would have to find its way through the library, once the budget is used up. */
    private boolean find(Pattern pattern, String regex, String text) {
        if (exceeded != null) {
            return false;
        }
        try {
            return pattern.matcher(new Counted(text, this, regex)).find();
        } catch (Exceeded | StackOverflowError e) {
            exceeded = regex;
            return false;
        }
    }

    private static String atTheVeryEnd(String regex) {
        boolean ends = regex.endsWith("$") && !regex.endsWith("\\$");
        return ends ? regex.substring(0, regex.length() - 1) + "\\z" : regex;
    }

    /** The budget is used up. */
    static final class Exceeded extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private static final int SHOWN = 100;

        private final String pattern;

        Exceeded(String pattern) {
            super(null, null, false, false);
            this.pattern = pattern.length() > SHOWN ? pattern.substring(0, SHOWN) + "..." : pattern;
        }

        String pattern() {
            return pattern;
        }
    }

    private static final class Counted implements CharSequence {

        private final String text;
        private final PatternBudget budget;
        private final String pattern;

        Counted(String text, PatternBudget budget, String pattern) {
            this.text = text;
            this.budget = budget;
            this.pattern = pattern;
        }

        @Override
        public char charAt(int index) {
            if (--budget.left < 0) {
                throw new Exceeded(pattern);
            }
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
