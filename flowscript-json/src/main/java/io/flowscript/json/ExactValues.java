package io.flowscript.json;

import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.codec.Plain;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Converts values to JSON and back to equal Java values of the same types. A number that would be read as another type,
 * or not at all, is written as an object with one key: {@code @} and the name of its type. An ordinary object that
 * looks like that is wrapped in {@code {"@object": ...}}.
 */
final class ExactValues {

    private static final String LONG = "@long";
    private static final String INTEGER = "@integer";
    private static final String DOUBLE = "@double";
    private static final String DECIMAL = "@decimal";
    private static final String OBJECT = "@object";

    /** For objects with a key that readers do not accept: it contains an unpaired surrogate, or is too long. */
    private static final String ENTRIES = "@entries";

    /** The maximum length of a number that is written as a plain number, because the reader limits the length. */
    private static final int MAX_PLAIN = 100;

    /** The depth of the JSON of the deepest value: up to three levels for each of its own, and one for a number's mark. */
    static final int MAX_DEPTH = 3 * Json.MAX_DEPTH + 1;

    private ExactValues() {}

    static void write(@Nullable Object value, JsonGenerator json) {
        if (value instanceof List<?> items) {
            json.writeStartArray();
            for (Object item : items) {
                write(item, json);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?>) {
            writeObject(Plain.object(value), json);
        } else {
            String mark = mark(value);
            if (mark == null) {
                JsonWriter.writeExact(value, json);
            } else {
                json.writeStartObject();
                json.writeStringProperty(mark, String.valueOf(value));
                json.writeEndObject();
            }
        }
    }

    private static void writeObject(Map<String, @Nullable Object> entries, JsonGenerator json) {
        json.writeStartObject();
        if (!areReadable(entries)) {
            json.writeName(ENTRIES);
            json.writeStartArray();
            entries.forEach((key, entry) -> {
                json.writeStartArray();
                json.writeString(key);
                write(entry, json);
                json.writeEndArray();
            });
            json.writeEndArray();
        } else if (isMarked(entries)) {
            json.writeName(OBJECT);
            json.writeStartObject();
            writeEntries(entries, json);
            json.writeEndObject();
        } else {
            writeEntries(entries, json);
        }
        json.writeEndObject();
    }

    private static void writeEntries(Map<String, @Nullable Object> entries, JsonGenerator json) {
        entries.forEach((key, entry) -> {
            json.writeName(key);
            write(entry, json);
        });
    }

    static @Nullable Object decode(@Nullable Object value) {
        if (value instanceof List<?> items) {
            List<@Nullable Object> decoded = new ArrayList<>(items.size());
            items.forEach(item -> decoded.add(decode(item)));
            return decoded;
        }
        if (value instanceof Map<?, ?>) {
            Map<String, @Nullable Object> entries = Plain.object(value);
            if (!isMarked(entries)) {
                return decodeEntries(entries);
            }
            String mark = entries.keySet().iterator().next();
            Object inner = entries.get(mark);
            if (mark.equals(ENTRIES) && inner instanceof List<?> pairs) {
                Map<String, @Nullable Object> decoded = new LinkedHashMap<>();
                pairs.forEach(pair -> decoded.put((String) ((List<?>) pair).get(0), decode(((List<?>) pair).get(1))));
                return decoded;
            }
            return mark.equals(OBJECT) && inner instanceof Map
                    ? decodeEntries(Plain.object(inner))
                    : number(mark, String.valueOf(inner));
        }
        return value;
    }

    private static Map<String, @Nullable Object> decodeEntries(Map<String, @Nullable Object> entries) {
        Map<String, @Nullable Object> decoded = new LinkedHashMap<>();
        entries.forEach((key, entry) -> decoded.put(key, decode(entry)));
        return decoded;
    }

    private static boolean areReadable(Map<String, @Nullable Object> entries) {
        UnreadableKeys unreadable = new UnreadableKeys();
        entries.forEach(unreadable);
        return unreadable.count == 0;
    }

    /** Counts the keys that readers do not accept. Objects of a state have no iterator that is as fast. */
    private static final class UnreadableKeys implements BiConsumer<String, @Nullable Object> {

        private int count;

        @Override
        public void accept(String key, @Nullable Object value) {
            if (key.length() > JsonReader.MAX_KEY_LENGTH || !JsonWriter.isWellFormed(key)) {
                count++;
            }
        }
    }

    private static boolean isMarked(Map<String, @Nullable Object> entries) {
        return entries.size() == 1 && entries.keySet().iterator().next().startsWith("@");
    }

    /** The type mark of a value; null when the plain JSON is read back as the same value. */
    private static @Nullable String mark(@Nullable Object value) {
        if (value instanceof Long number) {
            return number == number.intValue() ? LONG : null;
        }
        if (value instanceof BigInteger number) {
            return number.bitLength() < Long.SIZE || number.bitLength() > MAX_PLAIN ? INTEGER : null;
        }
        if (value instanceof Double) {
            return DOUBLE;
        }
        if (value instanceof BigDecimal number) {
            String text = number.toString();
            boolean plain = text.length() <= MAX_PLAIN && text.indexOf('.') > 0 && text.indexOf('E') < 0;
            return plain ? null : DECIMAL;
        }
        return null;
    }

    private static Number number(String mark, String text) {
        return switch (mark) {
            case LONG -> Long.valueOf(text);
            case INTEGER -> new BigInteger(text);
            case DOUBLE -> Double.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            default -> throw new NumberFormatException(mark);
        };
    }
}
