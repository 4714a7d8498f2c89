package io.flowscript.json;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times as texts, the same as those of {@link Instant#toString}, which takes several times as long. */
final class InstantText {

    private static final int LAST_YEAR = 9_999;
    private static final int NANOS_OF_MILLI = 1_000_000;
    private static final int NANOS_OF_MICRO = 1_000;

    /** The first second of the year after the last one with four digits. */
    private static final long LAST_SECOND =
            LocalDateTime.of(LAST_YEAR + 1, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);

    private InstantText() {}

    /** {@return what {@link Instant#toString} returns} */
    static String of(Instant time) {
        if (time.isBefore(Instant.EPOCH)) {
            return time.toString();
        }
        LocalDateTime parts = LocalDateTime.ofEpochSecond(
                Math.min(time.getEpochSecond(), LAST_SECOND), time.getNano(), ZoneOffset.UTC);
        if (parts.getYear() > LAST_YEAR) {
            return time.toString();
        }
        StringBuilder text = new StringBuilder("0000-00-00T00:00:00.000000000Z".length());
        append(text, parts.getYear(), 4).append('-');
        append(text, parts.getMonthValue(), 2).append('-');
        append(text, parts.getDayOfMonth(), 2).append('T');
        append(text, parts.getHour(), 2).append(':');
        append(text, parts.getMinute(), 2).append(':');
        append(text, parts.getSecond(), 2);
        int nanos = time.getNano();
        if (nanos % NANOS_OF_MILLI == 0) {
            if (nanos > 0) {
                append(text.append('.'), nanos / NANOS_OF_MILLI, 3);
            }
        } else if (nanos % NANOS_OF_MICRO == 0) {
            append(text.append('.'), nanos / NANOS_OF_MICRO, 6);
        } else {
            append(text.append('.'), nanos, 9);
        }
        return text.append('Z').toString();
    }

    private static StringBuilder append(StringBuilder text, int number, int digits) {
        String plain = Integer.toString(number);
        for (int i = plain.length(); i < digits; i++) {
            text.append('0');
        }
        return text.append(plain);
    }
}
