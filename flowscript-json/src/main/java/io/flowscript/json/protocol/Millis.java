package io.flowscript.json.protocol;

import java.time.Duration;
import java.time.Instant;

/**
 * Times and lengths of time as messages have them: in whole milliseconds. What does not fit into a {@code long} is the greatest or
 * the least there is. Stateless.
 *
 * @since 0.1.0
 */
public final class Millis {

    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);
    private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);
    private static final Duration LEAST = Duration.ofMillis(Long.MIN_VALUE);

    private Millis() {}

    /**
     * Returns a time in milliseconds.
     *
     * @param time the time
     * @return milliseconds since 1970-01-01T00:00Z, rounded down
     */
    public static long of(Instant time) {
        return time.isAfter(LAST) ? Long.MAX_VALUE : time.isBefore(FIRST) ? Long.MIN_VALUE : time.toEpochMilli();
    }

    /**
     * Returns a length of time in milliseconds.
     *
     * @param length the length
     * @return milliseconds, rounded towards zero
     */
    public static long of(Duration length) {
        if (length.compareTo(LONGEST) > 0) {
            return Long.MAX_VALUE;
        }
        return length.compareTo(LEAST) < 0 ? Long.MIN_VALUE : length.toMillis();
    }
}
