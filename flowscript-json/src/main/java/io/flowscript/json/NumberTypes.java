package io.flowscript.json;

import io.flowscript.json.codec.TypedReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The types of the numbers of a message, in their order: one letter for each. JSON has one type of numbers. A number that is read
 * as the type that it was has a dot, and dots at the end are left out; most messages have nothing else.
 *
 * <p>A whole number is read as the first of Integer, Long and BigInteger that can hold it, any other as BigDecimal.
 */
final class NumberTypes {

    private static final char AS_READ = '.';
    private static final char LONG = 'l';
    private static final char INTEGER = 'i';
    private static final char DOUBLE = 'd';
    private static final char DECIMAL = 'c';

    /** Longer texts are no Long. */
    private static final int LONG_LENGTH = 20;

    private int asRead;
    private @Nullable StringBuilder letters;

    /** Begins another message. */
    void reset() {
        asRead = 0;
        letters = null;
    }

    /** Adds the number that is written next. */
    void add(Number number) {
        char letter = letter(number);
        if (letter == AS_READ) {
            asRead++;
            return;
        }
        StringBuilder known = letters;
        if (known == null) {
            known = new StringBuilder();
            letters = known;
        }
        known.append(String.valueOf(AS_READ).repeat(asRead)).append(letter);
        asRead = 0;
    }

    /** Adds a number that is read as one of these types anyway. */
    void addWhole() {
        asRead++;
    }

    /** {@return the letters; null when there are dots alone} */
    @Nullable
    String letters() {
        return letters == null ? null : letters.toString();
    }

    private static char letter(Number number) {
        if (number instanceof Long value) {
            return value == value.intValue() ? LONG : AS_READ;
        }
        if (number instanceof BigInteger value) {
            return value.bitLength() < Long.SIZE ? INTEGER : AS_READ;
        }
        if (number instanceof Double) {
            return DOUBLE;
        }
        // Without a scale, a decimal is written without a dot and without an exponent.
        return number instanceof BigDecimal value && value.scale() == 0 ? DECIMAL : AS_READ;
    }

    /** Makes the numbers of a message of their letters. For one message and one thread. */
    static final class Reader implements TypedReader.Numbers {

        private final String letters;
        private int next;

        /**
         * Creates a reader.
         *
         * @param letters what {@link #letters()} has returned; empty for dots alone
         * @param before how many numbers come before those that have letters
         */
        Reader(String letters, int before) {
            this.letters = letters;
            this.next = -before;
        }

        @Override
        public Number next(String text, boolean isWhole) {
            int at = next++;
            return switch (at < 0 || at >= letters.length() ? AS_READ : letters.charAt(at)) {
                case AS_READ -> isWhole ? whole(text) : new BigDecimal(text);
                case LONG -> Long.valueOf(text);
                case INTEGER -> new BigInteger(text);
                case DOUBLE -> Double.valueOf(text);
                case DECIMAL -> new BigDecimal(text);
                default -> throw new NumberFormatException(letters);
            };
        }

        private static Number whole(String text) {
            BigInteger large = text.length() < LONG_LENGTH ? null : new BigInteger(text);
            if (large != null && large.bitLength() >= Long.SIZE) {
                return large;
            }
            long value = large == null ? Long.parseLong(text) : large.longValue();
            if (value == (int) value) {
                return (int) value;
            }
            return value;
        }
    }
}
