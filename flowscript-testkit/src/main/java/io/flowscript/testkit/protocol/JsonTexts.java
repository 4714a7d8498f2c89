package io.flowscript.testkit.protocol;

import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON text. */
final class JsonTexts {

    private static final int MAX_DEPTH = 200;
    private static final int MAX_SHOWN = 4_000;
    private static final JsonReader JSON = new JsonReader(MAX_DEPTH);

    private JsonTexts() {}

    static @Nullable Object read(String json) {
        return JSON.read(json);
    }

    /** Returns JSON text, cut if it is too long for people. */
    static String json(@Nullable Object value) {
        String text = write(value);
        return text.length() > MAX_SHOWN
                ? text.substring(0, MAX_SHOWN) + "... (" + text.length() + " characters)"
                : text;
    }

    static String write(@Nullable Object value) {
        return new String(JsonWriter.write(value), StandardCharsets.UTF_8);
    }

    /** Returns a value as a JSON object; throws {@link InvalidCaseException} if it is not one. */
    static Map<String, @Nullable Object> object(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> fields) {
            @SuppressWarnings("unchecked") // a JSON object has strings for keys
            Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) fields;
            return object;
        }
        throw new InvalidCaseException(what + " must be an object, but is " + json(value));
    }
}
