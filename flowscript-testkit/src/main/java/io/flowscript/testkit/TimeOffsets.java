package io.flowscript.testkit;

import java.time.Duration;
import java.time.Instant;

/** Formats a time as an offset from another: {@code +0s}, {@code +1d}, {@code +2h 30m 0.250s}. Stateless. */
final class TimeOffsets {

    private static final long MILLIS = 1_000_000;

    private TimeOffsets() {}

    static String between(Instant start, Instant at) {
        Duration offset = Duration.between(start, at);
        return (offset.isNegative() ? "-" : "+") + text(offset.abs());
    }

    static String text(Duration duration) {
        StringBuilder out = new StringBuilder();
        part(out, duration.toDays(), "d");
        part(out, duration.toHoursPart(), "h");
        part(out, duration.toMinutesPart(), "m");
        long millis = duration.toNanosPart() / MILLIS;
        if (millis > 0) {
            out.append(' ').append("%d.%03ds".formatted(duration.toSecondsPart(), millis));
        } else {
            part(out, duration.toSecondsPart(), "s");
        }
        return out.isEmpty() ? "0s" : out.substring(1);
    }

    private static void part(StringBuilder out, long amount, String unit) {
        if (amount > 0) {
            out.append(' ').append(amount).append(unit);
        }
    }
}
