package io.flowscript.json.codec;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
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
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON text (RFC 8259) strictly into plain values: no duplicate keys, nothing after the value, well-formed UTF-8 only,
 * bounded nesting. Whole numbers come as Integer, Long or BigInteger, whichever is the first to hold them; all others come as
 * BigDecimal, so that 0.1 stays 0.1. Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class JsonReader {

    /** The most digits of a number, and the greatest exponent, either way. */
    private static final int MAX_NUMBER = 1_000;

    private static final int MAX_NAME = 8_192;
    private static final int EXCERPT = 20;

    private final int maxDepth;
    private final JsonFactory factory;

    /**
     * Makes a reader.
     *
     * @param maxDepth how deep arrays and objects may be nested, from 1
     */
    public JsonReader(int maxDepth) {
        this.maxDepth = maxDepth;
        this.factory = JsonFactory.builder()
                // A text's names are no reason to keep anything: no table of symbols outlives the text.
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth + 1)
                        .maxNumberLength(MAX_NUMBER)
                        .maxNameLength(MAX_NAME)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /**
     * Reads UTF-8. A byte order mark is not taken.
     *
     * @param utf8 the text; read from its position to its limit, neither of which is changed
     * @return a plain value, not frozen
     * @throws MalformedJsonException when it is not JSON, or not UTF-8
     */
    public @Nullable Object read(ByteBuffer utf8) {
        return read(decode(utf8));
    }

    /**
     * Reads a text.
     *
     * @param text the text
     * @return a plain value, not frozen
     * @throws MalformedJsonException when it is not JSON
     */
    public @Nullable Object read(String text) {
        return read(text.toCharArray(), text.length());
    }

    private @Nullable Object read(CharBuffer text) {
        return read(text.array(), text.length());
    }

    private @Nullable Object read(char[] text, int length) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text, 0, length)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw malformed("There is no JSON in it");
            }
            Object value = value(parser, first, 0);
            if (parser.nextToken() != null) {
                throw malformed(
                        "Something follows after the end of the value, " + place(parser.currentTokenLocation()));
            }
            return value;
        } catch (StreamConstraintsException e) {
            // The library ends with the text so far as if it were all of it, and nesting is counted here before it
            // counts.
            throw malformed(
                    "A number has more than " + MAX_NUMBER + " digits, or a key more than " + MAX_NAME + " characters");
        } catch (JacksonException e) {
            throw malformed(describe(e, text, length));
        }
    }

    private @Nullable Object value(JsonParser parser, JsonToken token, int depth) {
        return switch (token) {
            case START_OBJECT -> object(parser, depth + 1);
            case START_ARRAY -> array(parser, depth + 1);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw malformed("A value is missing, " + place(parser.currentTokenLocation()));
        };
    }

    private Map<String, @Nullable Object> object(JsonParser parser, int depth) {
        checkDepth(parser, depth);
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            if (entries.containsKey(name)) {
                throw malformed("The key \"" + excerpt(name) + "\" is there twice in one object, "
                        + place(parser.currentTokenLocation()));
            }
            entries.put(name, value(parser, parser.nextToken(), depth));
        }
        return entries;
    }

    private List<@Nullable Object> array(JsonParser parser, int depth) {
        checkDepth(parser, depth);
        List<@Nullable Object> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(parser, token, depth));
        }
        return items;
    }

    private BigDecimal decimal(JsonParser parser) {
        BigDecimal decimal = parser.getDecimalValue();
        // Beyond, a few characters of text would cost gigabytes when they are calculated with.
        if (Math.abs((long) decimal.precision() - decimal.scale()) > MAX_NUMBER) {
            throw malformed("A number is larger or smaller than 1E+" + MAX_NUMBER + " or 1E-" + MAX_NUMBER + ", "
                    + place(parser.currentTokenLocation()));
        }
        return decimal;
    }

    private void checkDepth(JsonParser parser, int depth) {
        if (depth > maxDepth) {
            throw new MalformedJsonException(
                    MalformedJsonException.TOO_DEEP,
                    "It is nested more than " + maxDepth + " deep, " + place(parser.currentTokenLocation()));
        }
    }

    private static CharBuffer decode(ByteBuffer utf8) {
        ByteBuffer bytes = utf8.duplicate();
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(bytes, text, true);
        if (!result.isUnderflow()) {
            throw malformed("It is not UTF-8: the byte at position " + (bytes.position() - utf8.position())
                    + " belongs to no character");
        }
        return text.flip();
    }

    /** In own words, since the library's speak of its settings and classes. */
    private static String describe(JacksonException e, char[] text, int length) {
        TokenStreamLocation location = e.getLocation();
        int at = location == null ? length : (int) Math.max(0, Math.min(location.getCharOffset(), length));
        int from = Math.max(0, at - EXCERPT);
        String before = excerpt(new String(text, from, Math.min(length, at + 1) - from));
        String what = at >= length ? "The JSON ends too early" : "This is not JSON";
        return what + ", " + (location == null ? "at its end" : place(location))
                + (before.isBlank() ? "" : ", near \"" + before + "\"");
    }

    private static String place(TokenStreamLocation location) {
        return "at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String excerpt(String text) {
        String shown = text.length() > 2 * EXCERPT ? text.substring(0, 2 * EXCERPT) + "..." : text;
        StringBuilder out = new StringBuilder(shown.length());
        shown.chars()
                .forEach(
                        c -> out.append(Character.isISOControl(c) || Character.isSurrogate((char) c) ? ' ' : (char) c));
        return out.toString();
    }

    private static MalformedJsonException malformed(String message) {
        return new MalformedJsonException(MalformedJsonException.INVALID_JSON, message);
    }
}
