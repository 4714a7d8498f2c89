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

/** Writes frozen values as JSON text. Stateless; safe for use by any thread. */
public final class JsonText {

    private JsonText() {}

    /**
     * A value as compact JSON, its keys in their own order.
     *
     * @param frozen a frozen value
     * @param maxLength the most characters that are written
     * @return the text
     * @throws JsonException with code {@code value_too_large} when the text would be longer
     */
    public static String of(@Nullable Object frozen, int maxLength) {
        Writer writer = new Writer(maxLength, false);
        writer.value(frozen);
        return writer.out.toString();
    }

    /**
     * A value as JSON that is the same for equal values: keys sorted, numbers of equal size written alike.
     *
     * @param frozen a frozen value
     * @return the text
     */
    public static String canonical(@Nullable Object frozen) {
        Writer writer = new Writer(Integer.MAX_VALUE, true);
        writer.value(frozen);
        return writer.out.toString();
    }

    /**
     * A hash that equal values share, and others do not.
     *
     * @param frozen a frozen value
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

    /** Recursion is as deep as the value, and frozen values have a greatest depth. */
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

        /** 1, 1.0 and 1e0 alike; never spelled out with its zeros, which could be a billion. */
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
