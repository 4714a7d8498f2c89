package io.flowscript.json.codec;

import io.flowscript.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON that FlowScript itself has written and stored, from a part of an array. Unlike {@link JsonReader} it limits neither
 * numbers nor keys, and it asks for the type of each number. Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class TypedReader {

    /** A value of the greatest depth, with room for the objects around it. */
    private static final int MAX_DEPTH = Json.MAX_DEPTH + 16;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private TypedReader() {}

    /** Makes the numbers of a text, in their order. */
    @FunctionalInterface
    public interface Numbers {

        /**
         * Makes the next number.
         *
         * @param text the number as it is in the JSON
         * @param isWhole whether it has neither a fraction nor an exponent
         * @return the number
         * @throws NumberFormatException when the text is not a number of the type that is expected
         */
        Number next(String text, boolean isWhole);
    }

    /**
     * Reads an object.
     *
     * @param bytes an array with the JSON, in UTF-8
     * @param from the index of its first byte
     * @param to the index after its last byte
     * @param numbers makes its numbers
     * @return the object, with its keys in their order; not frozen
     * @throws MalformedJsonException when these bytes are not one JSON object; the message says where
     */
    public static Map<String, @Nullable Object> read(byte[] bytes, int from, int to, Numbers numbers) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("This is no JSON object", parser);
            }
            Map<String, @Nullable Object> object = object(parser, numbers);
            if (parser.nextToken() != null) {
                throw malformed("Something follows the JSON object", parser);
            }
            return object;
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? text.length() : e.getLocation().getCharOffset();
            throw malformed("This is not JSON", at);
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, Numbers numbers) {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            entries.put(name, value(parser, parser.nextToken(), numbers));
        }
        return entries;
    }

    private static List<@Nullable Object> array(JsonParser parser, Numbers numbers) {
        List<@Nullable Object> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(parser, token, numbers));
        }
        return items;
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token, Numbers numbers) {
        return switch (token) {
            case START_OBJECT -> object(parser, numbers);
            case START_ARRAY -> array(parser, numbers);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> number(parser, numbers, true);
            case VALUE_NUMBER_FLOAT -> number(parser, numbers, false);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw malformed("A value is missing", parser);
        };
    }

    private static Number number(JsonParser parser, Numbers numbers, boolean isWhole) {
        try {
            return numbers.next(parser.getString(), isWhole);
        } catch (NumberFormatException e) {
            throw malformed("A number has not the type that it was written with", parser);
        }
    }

    private static MalformedJsonException malformed(String what, JsonParser parser) {
        return malformed(what, parser.currentTokenLocation().getCharOffset());
    }

    private static MalformedJsonException malformed(String what, long at) {
        return new MalformedJsonException(
                MalformedJsonException.INVALID_JSON, what + ", at character " + Math.max(0, at));
    }
}
