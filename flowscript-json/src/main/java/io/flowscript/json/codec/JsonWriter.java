package io.flowscript.json.codec;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Writes plain values as JSON in UTF-8. Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class JsonWriter {

    /** Deeper than any frozen value. */
    private static final int MAX_DEPTH = 2_000;

    /**
     * The largest number of bytes for one character of a string, as in {@code \}{@code u0000}. Other values count less
     * than their weight.
     */
    private static final int MAX_BYTES_PER_WEIGHT = 6;

    /** The length of an array that every virtual machine has. */
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private static final char REPLACEMENT = '\uFFFD';

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .rootValueSeparator("")
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    /** Used mostly by the threads that write snapshots. These are few, so each keeps its buffers. */
    private static final JsonFactory ASCII = FACTORY.rebuild()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    private JsonWriter() {}

    /**
     * Creates a generator that writes UTF-8. It writes nothing between one value and the next.
     *
     * @param out the target; never closed by the generator
     * @return the generator; the caller closes it, which writes the buffered rest
     */
    public static JsonGenerator generator(OutputStream out) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);
    }

    /**
     * Writes a value as JSON.
     *
     * @param value a plain value; a lone surrogate in a string is replaced by U+FFFD
     * @return UTF-8
     * @throws IllegalArgumentException when it is not a plain value
     */
    public static byte[] write(@Nullable Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(value, out);
        return out.toByteArray();
    }

    /**
     * Writes a text as a JSON string.
     *
     * @param text the text; a lone surrogate in it is replaced by U+FFFD
     * @return UTF-8
     */
    public static byte[] quoted(String text) {
        if (!isSimple(text)) {
            return write(text);
        }
        byte[] quoted = new byte[text.length() + 2];
        quoted[0] = '"';
        for (int i = 0; i < text.length(); i++) {
            quoted[i + 1] = (byte) text.charAt(i);
        }
        quoted[text.length() + 1] = '"';
        return quoted;
    }

    /**
     * Returns whether a text is the same in JSON, between quotation marks.
     *
     * @param text any text
     * @return whether it consists of printable ASCII characters that need no escape
     */
    public static boolean isSimple(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes a value as JSON that keeps every character of every string, including lone surrogates, as ASCII with
     * escapes.
     *
     * @param value a plain value
     * @return ASCII
     * @throws IllegalArgumentException when it is not a plain value
     */
    public static byte[] writeExact(@Nullable Object value) {
        return writeExact(json -> writeExact(value, json));
    }

    /**
     * Writes JSON as {@link #writeExact(Object)} does, with a generator.
     *
     * @param writer writes one value with the generator
     * @return ASCII
     */
    public static byte[] writeExact(Consumer<JsonGenerator> writer) {
        Pieces out = new Pieces();
        try (JsonGenerator json = ASCII.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
            writer.accept(json);
        }
        return out.toArray();
    }

    /**
     * Writes a value as JSON with the generator of {@link #writeExact(Consumer)}.
     *
     * @param value a plain value
     * @param json the generator, at a place where a value is expected
     * @throws IllegalArgumentException when it is not a plain value
     */
    public static void writeExact(@Nullable Object value, JsonGenerator json) {
        write(value, json, false);
    }

    /**
     * Writes a value as JSON to a stream.
     *
     * @param value a plain value; a lone surrogate in a string is replaced by U+FFFD
     * @param out the target; not closed
     * @throws IllegalArgumentException when it is not a plain value
     */
    public static void write(@Nullable Object value, OutputStream out) {
        try (JsonGenerator json = generator(out)) {
            write(value, json);
        }
    }

    /**
     * Writes a value as JSON with a generator.
     *
     * @param value a plain value; a lone surrogate in a string is replaced by U+FFFD
     * @param json the generator, at a place where a value is expected
     * @throws IllegalArgumentException when it is not a plain value
     */
    public static void write(@Nullable Object value, JsonGenerator json) {
        write(value, json, true);
    }

    private static void write(@Nullable Object value, JsonGenerator json, boolean repair) {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(repair ? wellFormed(text) : text);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Number number) {
            number(number, json);
        } else if (value instanceof Map<?, ?> entries) {
            json.writeStartObject();
            entries.forEach((name, entry) -> {
                String key = (String) name;
                json.writeName(repair ? wellFormed(key) : key);
                write(entry, json, repair);
            });
            json.writeEndObject();
        } else if (value instanceof List<?> items) {
            json.writeStartArray();
            for (Object item : items) {
                write(item, json, repair);
            }
            json.writeEndArray();
        } else {
            throw new IllegalArgumentException(
                    "Not a plain value: " + value.getClass().getName());
        }
    }

    /**
     * Returns whether the JSON of a value has at most a given number of bytes. For small values the weight is enough;
     * others are written to a counting stream that stores nothing.
     *
     * @param value a frozen value
     * @param weight its {@link io.flowscript.core.json.Json#weight}
     * @param maxBytes the limit in bytes
     * @return whether the value fits
     */
    public static boolean fits(@Nullable Object value, long weight, long maxBytes) {
        if (weight * MAX_BYTES_PER_WEIGHT + MAX_BYTES_PER_WEIGHT <= maxBytes) {
            return true;
        }
        Counter counter = new Counter(maxBytes);
        try {
            write(value, counter);
            return true;
        } catch (Counter.Full full) {
            return false;
        }
    }

    private static void number(Number number, JsonGenerator json) {
        if (number instanceof Integer integer) {
            json.writeNumber(integer);
        } else if (number instanceof Long integer) {
            json.writeNumber(integer);
        } else if (number instanceof Double real) {
            json.writeNumber(real);
        } else if (number instanceof BigDecimal decimal) {
            json.writeNumber(decimal);
        } else if (number instanceof BigInteger integer) {
            json.writeNumber(integer);
        } else {
            throw new IllegalArgumentException(
                    "Not a plain number: " + number.getClass().getName());
        }
    }

    /**
     * Returns whether a text has no lone surrogate.
     *
     * @param text any text
     * @return whether UTF-8 can represent the text
     */
    public static boolean isWellFormed(String text) {
        return firstLoneSurrogate(text, 0) < 0;
    }

    /** Replaces lone surrogates: JSON escapes can contain them, but UTF-8 cannot represent them. */
    private static String wellFormed(String text) {
        int broken = firstLoneSurrogate(text, 0);
        if (broken < 0) {
            return text;
        }
        char[] characters = text.toCharArray();
        while (broken >= 0) {
            characters[broken] = REPLACEMENT;
            broken = firstLoneSurrogate(text, broken + 1);
        }
        return new String(characters);
    }

    private static int firstLoneSurrogate(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    /** Collects bytes. A generator hands most values over as one piece, which is copied once. */
    private static final class Pieces extends OutputStream {

        private byte[] bytes = {};
        private int length;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] piece, int offset, int size) {
            int end = Math.addExact(length, size);
            if (length == 0) {
                bytes = Arrays.copyOfRange(piece, offset, offset + size);
            } else {
                if (end > bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_ARRAY, Math.max(end, 2L * bytes.length)));
                }
                System.arraycopy(piece, offset, bytes, length, size);
            }
            length = end;
        }

        byte[] toArray() {
            return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
        }
    }

    /** Counts bytes and stops when there are too many. */
    private static final class Counter extends OutputStream {

        private long remaining;

        Counter(long max) {
            remaining = max;
        }

        @Override
        public void write(int b) {
            count(1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count(length);
        }

        private void count(int bytes) {
            remaining -= bytes;
            if (remaining < 0) {
                throw new Full();
            }
        }

        /** Caught in {@link #fits}; it has no stack trace. */
        private static final class Full extends RuntimeException {

            private static final long serialVersionUID = 1L;

            Full() {
                super(null, null, false, false);
            }
        }
    }
}
