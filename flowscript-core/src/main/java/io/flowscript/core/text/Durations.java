package io.flowscript.core.text;

import io.flowscript.core.json.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations in configs: a number of milliseconds, or ISO 8601 such as {@code "P2D"}. From 0 to 100 years. */
public final class Durations {

    private static final Duration MAX = Duration.ofDays(36_525);

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @param value a number of milliseconds, or an ISO 8601 duration in days, hours, minutes and seconds
     * @return the duration, to the millisecond
     * @throws DateTimeException if it is neither, or out of range
     */
    public static Duration of(Object value) {
        if (value instanceof Number) {
            return ofMillis(Value.of(value).asDecimal());
        }
        if (value instanceof String text) {
            return checked(Duration.parse(text));
        }
        throw new DateTimeException("not a duration");
    }

    /**
     * Converts a number of milliseconds, rounded to a whole one.
     *
     * @param millis the milliseconds
     * @return the duration
     * @throws DateTimeException if it is out of range
     */
    public static Duration ofMillis(BigDecimal millis) {
        // Checked before the number is expanded, because a decimal may have a billion digits.
        if (millis.signum() < 0 || millis.compareTo(BigDecimal.valueOf(MAX.toMillis())) > 0) {
            throw new DateTimeException("out of range");
        }
        return Duration.ofMillis(millis.setScale(0, RoundingMode.HALF_UP).longValueExact());
    }

    /**
     * Checks whether a value is a duration.
     *
     * @param value any value
     * @param moreThanZero whether zero is none
     * @return whether {@link #of} returns a duration for it
     */
    public static boolean isDuration(@Nullable Object value, boolean moreThanZero) {
        try {
            return value != null && (!of(value).isZero() || !moreThanZero);
        } catch (DateTimeException | ArithmeticException e) {
            return false;
        }
    }

    private static Duration checked(Duration duration) {
        if (duration.isNegative() || duration.compareTo(MAX) > 0) {
            throw new DateTimeException("out of range");
        }
        return duration;
    }
}
