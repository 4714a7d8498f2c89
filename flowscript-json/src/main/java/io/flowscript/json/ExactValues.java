package io.flowscript.json;

import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.codec.Plain;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    static @Nullable Object encode(@Nullable Object value) {
        if (value instanceof List<?> items) {
            List<@Nullable Object> encoded = new ArrayList<>(items.size());
            items.forEach(item -> encoded.add(encode(item)));
            return encoded;
        }
        if (value instanceof Map<?, ?> entries) {
            Map<String, @Nullable Object> encoded = new LinkedHashMap<>();
            entries.forEach((key, entry) -> encoded.put((String) key, encode(entry)));
            if (!encoded.keySet().stream().allMatch(ExactValues::isReadable)) {
                List<Object> pairs = new ArrayList<>(encoded.size());
                encoded.forEach((key, entry) -> pairs.add(Arrays.asList(key, entry)));
                return Map.of(ENTRIES, pairs);
            }
            return isMarked(encoded) ? Map.of(OBJECT, encoded) : encoded;
        }
        String mark = mark(value);
        return mark == null ? value : Map.of(mark, String.valueOf(value));
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

    private static boolean isReadable(String key) {
        return key.length() <= JsonReader.MAX_KEY_LENGTH && JsonWriter.isWellFormed(key);
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
