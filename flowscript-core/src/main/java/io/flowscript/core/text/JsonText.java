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

    private JsonText() {}

    /**
     * Writes a value as JSON without spaces, with the keys in the order of the objects.
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
            } else if (value instanceof Number number && canonical) {
                out.append(plain(number));
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
                } else if (c < ' ') {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
            out.append('"');
        }

        /** The same text for 1, 1.0 and 1e0. Keeps the exponent, since all zeros of a number could be a billion characters. */
        private static String plain(Number number) {
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
