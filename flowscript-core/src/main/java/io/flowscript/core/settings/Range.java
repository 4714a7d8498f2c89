package io.flowscript.core.settings;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks that settings are in their ranges. Stateless; safe for use by any thread. */
public final class Range {

    private static final Duration LONGEST = Duration.ofDays(36_525);

    private Range() {}

    /**
     * Checks that a number is not less than a lower bound.
     *
     * @param least the lower bound, inclusive
     * @param value the number
     * @param name the name of the setting, for the message
     * @return the number
     * @throws FlowScriptException with code {@code invalid_setting} when the number is less than the bound
     */
    public static int atLeast(int least, int value, String name) {
        return (int) atLeast((long) least, (long) value, name);
    }

    /**
     * Checks that a number is not less than a lower bound.
     *
     * @param least the lower bound, inclusive
     * @param value the number
     * @param name the name of the setting, for the message
     * @return the number
     * @throws FlowScriptException with code {@code invalid_setting} when the number is less than the bound
     */
    public static long atLeast(long least, long value, String name) {
        if (value < least) {
            throw new FlowScriptException("invalid_setting", name + " must be at least " + least + ", not " + value);
        }
        return value;
    }

    /**
     * Checks that a duration is more than zero and at most 100 years.
     *
     * @param value the duration, or null for no limit
     * @param name the name of the setting, for the message
     * @return the duration, or null
     * @throws FlowScriptException with code {@code invalid_setting} when the duration is out of this range
     */
    public static @Nullable Duration positive(@Nullable Duration value, String name) {
        if (value != null && (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0)) {
            throw new FlowScriptException(
                    "invalid_setting",
                    name + " must be more than zero and at most 100 years, or null for no limit, not " + value);
        }
        return value;
    }
}
