package io.flowscript.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times as texts, the same as those of {@link Instant#toString}, which takes several times as long. */
final class InstantText {

    private static final int LAST_YEAR = 9_999;
    private static final int NANOS_OF_MILLI = 1_000_000;
    private static final int NANOS_OF_MICRO = 1_000;

    /** Where the digits after the point begin. */
    private static final int FRACTION = "0000-00-00T00:00:00.".length();

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
        byte[] text = "0000-00-00T00:00:00.000000000Z".getBytes(US_ASCII);
        digits(parts.getYear(), text, 0, 4);
        digits(parts.getMonthValue(), text, 5, 2);
        digits(parts.getDayOfMonth(), text, 8, 2);
        digits(parts.getHour(), text, 11, 2);
        digits(parts.getMinute(), text, 14, 2);
        digits(parts.getSecond(), text, 17, 2);
        digits(time.getNano(), text, FRACTION, 9);
        int end = FRACTION + fractionDigits(time.getNano());
        if (end == FRACTION) {
            end--; // without the point
        }
        text[end] = 'Z';
        return new String(text, 0, end + 1, US_ASCII);
    }

    private static int fractionDigits(int nanos) {
        if (nanos == 0) {
            return 0;
        }
        return nanos % NANOS_OF_MILLI == 0 ? 3 : nanos % NANOS_OF_MICRO == 0 ? 6 : 9;
    }

    /** Writes the last digits of a number. */
    private static void digits(int number, byte[] text, int at, int count) {
        int left = number;
        for (int i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }
}
