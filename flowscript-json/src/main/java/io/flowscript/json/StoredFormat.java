package io.flowscript.json;

import io.flowscript.core.FlowScriptException;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.codec.MalformedJsonException;
import io.flowscript.json.codec.Plain;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A kind of JSON object that is stored. Its first field is the version of its format; versions that are not known are refused. The
 * JSON is ASCII, so that it keeps each character of each text.
 *
 * @param oldest the oldest version that is read
 * @param version the version that is written, and the newest one that is read
 * @param subject what is stored, as the beginning of a sentence
 * @param invalid the code of the error when the JSON cannot be read
 * @param unknown the code of the error when the JSON has another version
 */
record StoredFormat(int oldest, int version, String subject, String invalid, String unknown) {

    /** The depth of the deepest value, with room for what is around it. */
    private static final JsonReader READER = new JsonReader(ExactValues.MAX_DEPTH + 31);

    <T> byte[] write(T object, Function<JsonFields<T>, T> description) {
        return JsonWriter.writeExact(json -> {
            json.writeStartObject();
            json.writeNumberProperty("format", version);
            JsonFields.write(object, json, description);
            json.writeEndObject();
        });
    }

    <T> T read(byte[] bytes, Function<JsonFields<T>, T> description) {
        Map<String, @Nullable Object> json = parse(bytes);
        Object found = json.get("format");
        if (!(found instanceof Integer number) || number < oldest || number > version) {
            throw new FlowScriptException(
                    unknown,
                    subject + " has format " + found + "; this version reads formats " + oldest + " to " + version);
        }
        try {
            return JsonFields.read(json, description);
        } catch (FlowScriptException e) {
            throw new FlowScriptException(invalid, subject + " cannot be read. " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new FlowScriptException(
                    invalid, subject + " cannot be read: it has been cut or changed since it was written", e);
        }
    }

    private Map<String, @Nullable Object> parse(byte[] bytes) {
        try {
            if (READER.read(ByteBuffer.wrap(bytes)) instanceof Map<?, ?> map) {
                return Plain.object(map);
            }
        } catch (MalformedJsonException e) {
            throw new FlowScriptException(invalid, subject + " cannot be read. " + e.getMessage(), e);
        }
        throw new FlowScriptException(invalid, subject + " cannot be read: it is no JSON object");
    }
}
