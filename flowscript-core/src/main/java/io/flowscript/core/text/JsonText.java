package io.flowscript.core.text;

import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes frozen values (see {@link io.flowscript.core.json.Json#freeze}) as JSON text. Stateless; safe for use by any thread. */
public final class JsonText {

    /** A number with more digits before its point is written without an exponent; -5 is that of 0.000001. */
    private static final int LEAST_PLAIN = -6;

    private static final int MOST_PLAIN = 21;

    private JsonText() {}

    /**
     * Writes a value as JSON without spaces, with the keys in the order of the objects and numbers as {@link #number}.
     *
     * @param frozen a frozen value, or null
     * @param maxLength the greatest length of the text, in characters
     * @return the text
     * @throws JsonException with code {@code value_too_large} when the text would be longer
     */
    public static String of(@Nullable Object frozen, int maxLength) {
        Writer writer = new Writer(maxLength, false);
        writer.value(frozen);
        return writer.out.toString();
    }

    /**
     * Writes a value as a part of a text for people: a string as it is, null as the empty string, a number as
     * {@link #number} does, everything else as JSON.
     *
     * @param frozen a frozen value, or null
     * @param maxLength the greatest length of the text, in characters
     * @return the text
     * @throws JsonException with code {@code value_too_large} when the text would be longer
     */
    public static String inText(@Nullable Object frozen, int maxLength) {
        if (frozen == null) {
            return "";
        }
        if (frozen instanceof String text && text.length() <= maxLength) {
            return text;
        }
        return of(frozen, maxLength);
    }

    /**
     * Writes a number the way JavaScript does, with all its digits: {@code 1.5} for 1.50, {@code 1000} for 1E3. From
     * 0.000001 up to below 1e21 it is written without an exponent, beyond that as {@code 1.5e+21} or {@code 1e-7}.
     *
     * @param number a number of a frozen value
     * @return the text, which is also JSON
     */
    public static String number(Number number) {
        if (number instanceof Integer || number instanceof Long) {
            return number.toString();
        }
        BigDecimal decimal = Value.of(number).asDecimal();
        if (decimal.signum() == 0) {
            return "0";
        }
        BigDecimal shortest = decimal.stripTrailingZeros();
        long digitsBeforePoint = (long) shortest.precision() - shortest.scale();
        if (digitsBeforePoint > LEAST_PLAIN && digitsBeforePoint <= MOST_PLAIN) {
            return shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().abs().toString();
        long exponent = digitsBeforePoint - 1;
        return (shortest.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + Math.abs(exponent);
    }

    /**
     * Writes a value as JSON text that is the same for equal values: keys are sorted, and equal numbers are written the same
     * way, such as {@code 1} for 1.0.
     *
     * @param frozen a frozen value, or null
     * @return the text
     */
    public static String canonical(@Nullable Object frozen) {
        Writer writer = new Writer(Integer.MAX_VALUE, true);
        writer.value(frozen);
        return writer.out.toString();
    }

    /**
     * Computes a hash that is the same for equal values.
     *
     * @param frozen a frozen value, or null
     * @return the SHA-256 of the {@link #canonical} text in UTF-8, as 64 hexadecimal digits
     */
    public static String hash(@Nullable Object frozen) {
        try {
            byte[] text = canonical(frozen).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Writes recursively; the depth of frozen values is bounded. */
    private static final class Writer {

        private final StringBuilder out = new StringBuilder();
        private final int maxLength;
        private final boolean canonical;

        Writer(int maxLength, boolean canonical) {
            this.maxLength = maxLength;
            this.canonical = canonical;
        }

        void value(@Nullable Object value) {
            if (value instanceof Map<?, ?> map) {
                object(canonical ? new TreeMap<>(map) : map);
            } else if (value instanceof List<?> items) {
                array(items);
            } else if (value instanceof String text) {
                string(text);
            } else if (value instanceof Number number) {
                out.append(canonical ? canonical(number) : number(number));
            } else {
                out.append(value);
            }
            checkLength();
        }

        private void object(Map<?, ?> map) {
            out.append('{');
            boolean first = true;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!first) {
                    out.append(',');
                }
                first = false;
                string((String) entry.getKey());
                out.append(':');
                value(entry.getValue());
            }
            out.append('}');
        }

        private void array(List<?> items) {
            out.append('[');
            boolean first = true;
            for (Object item : items) {
                if (!first) {
                    out.append(',');
                }
                first = false;
                value(item);
            }
            out.append(']');
        }

        private void string(String text) {
            out.append('"');
            for (int i = 0; i < text.length() && out.length() <= maxLength; i++) {
                char c = text.charAt(i);
                if (c == '"' || c == '\\') {
                    out.append('\\').append(c);
                } else if (c == '\n') {
                    out.append("\\n");
                } else if (c < ' ' || isLone(text, i)) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
            out.append('"');
        }

        /** Whether a surrogate has no partner. UTF-8 cannot hold it: encoded, it would be a question mark. */
        private static boolean isLone(String text, int i) {
            char c = text.charAt(i);
            return Character.isHighSurrogate(c)
                    ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
                    : Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
        }

        /** The same text for 1, 1.0 and 1e0. Keeps the exponent, since all zeros of a number could be a billion characters. */
        private static String canonical(Number number) {
            BigDecimal decimal = Value.of(number).asDecimal();
            return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toString();
        }

        private void checkLength() {
            if (out.length() > maxLength) {
                throw new JsonException(
                        "value_too_large",
                        "$",
                        "The value is longer than " + maxLength + " characters when written as JSON");
            }
        }
    }
}
