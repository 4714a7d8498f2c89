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
 * Reads JSON text (RFC 8259) into plain values. It is strict: no duplicate keys, nothing after the value, only
 * well-formed UTF-8, limited nesting. Integers become Integer, Long or BigInteger, the first of these that can hold the
 * number. All other numbers become BigDecimal, so that 0.1 stays 0.1. Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class JsonReader {

    /** The largest number of characters of a key. */
    public static final int MAX_KEY_LENGTH = 8_192;

    /** The largest number of digits of a number, and the largest exponent, positive or negative. */
    private static final int MAX_NUMBER = 1_000;

    private static final int EXCERPT_LENGTH = 20;

    private final int maxDepth;
    private final JsonFactory factory;

    /**
     * Creates a reader.
     *
     * @param maxDepth the largest nesting depth of arrays and objects, at least 1
     */
    public JsonReader(int maxDepth) {
        this.maxDepth = maxDepth;
        this.factory = JsonFactory.builder()
                // No table of keys outlives the text, so that texts cannot fill memory with keys.
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth + 1)
                        .maxNumberLength(MAX_NUMBER)
                        .maxNameLength(MAX_KEY_LENGTH)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /**
     * Reads UTF-8. A byte order mark is refused.
     *
     * @param utf8 the text, from the buffer's position to its limit; neither is changed
     * @return a plain value, not frozen
     * @throws MalformedJsonException when the text is not JSON, is not UTF-8, or exceeds a limit
     */
    public @Nullable Object read(ByteBuffer utf8) {
        return read(decode(utf8));
    }

    /**
     * Reads a text.
     *
     * @param text the text
     * @return a plain value, not frozen
     * @throws MalformedJsonException when the text is not JSON or exceeds a limit
     */
    public @Nullable Object read(String text) {
        return read(text.toCharArray(), text.length());
    }

    /**
     * Finds a text in an object of which only the beginning can be read. It is looked for up to the first error of
     * syntax, or the end; other limits of {@link #read} do not matter.
     *
     * @param utf8 the beginning of the object, from the buffer's position to its limit; neither is changed
     * @param name the name of the field, which is one of the object's own
     * @return the text; null when the field is not found, occurs twice, or is not a string
     */
    public @Nullable String find(ByteBuffer utf8, String name) {
        ByteBuffer bytes = utf8.duplicate();
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true); // as much as is UTF-8
        text.flip();
        boolean found = false;
        String value = null;
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text.array(), 0, text.length())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (String field = parser.nextName(); field != null; field = parser.nextName()) {
                JsonToken token = parser.nextToken();
                if (field.equals(name)) {
                    value = token == JsonToken.VALUE_STRING && !found ? parser.getString() : null;
                    found = true;
                }
                parser.skipChildren();
            }
        } catch (JacksonException e) {
            return value;
        }
        return value;
    }

    private @Nullable Object read(CharBuffer text) {
        return read(text.array(), text.length());
    }

    private @Nullable Object read(char[] text, int length) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text, 0, length)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw malformed("The text contains no JSON");
            }
            Object value = value(parser, first, 0);
            if (parser.nextToken() != null) {
                throw malformed(
                        "The text continues after the end of the JSON value, " + place(parser.currentTokenLocation()));
            }
            return value;
        } catch (StreamConstraintsException e) {
            // Jackson stops at its limit as if the text ended there. Nesting is limited by checkDepth, which is
            // stricter.
            throw malformed("A number has more than " + MAX_NUMBER + " digits, or a key has more than " + MAX_KEY_LENGTH
                    + " characters");
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
                throw malformed("The key \"" + excerpt(name) + "\" occurs twice in one object, "
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
        BigDecimal decimal;
        try {
            decimal = parser.getDecimalValue();
        } catch (ArithmeticException | NumberFormatException e) {
            throw outOfRange(parser); // Jackson hands on what BigDecimal says of exponents beyond its own
        }
        // With larger exponents, a few characters could cost gigabytes in a calculation.
        if (Math.abs((long) decimal.precision() - decimal.scale()) > MAX_NUMBER) {
            throw outOfRange(parser);
        }
        return decimal;
    }

    private static MalformedJsonException outOfRange(JsonParser parser) {
        return malformed("A number is larger than 1E+" + MAX_NUMBER + " or smaller than 1E-" + MAX_NUMBER + ", "
                + place(parser.currentTokenLocation()));
    }

    private void checkDepth(JsonParser parser, int depth) {
        if (depth > maxDepth) {
            throw new MalformedJsonException(
                    MalformedJsonException.TOO_DEEP,
                    "The JSON is nested more than " + maxDepth + " levels deep, "
                            + place(parser.currentTokenLocation()));
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
            throw malformed("The text is not UTF-8: the byte at position " + (bytes.position() - utf8.position())
                    + " is not part of a character");
        }
        return text.flip();
    }

    /** Describes a syntax error. Jackson's own messages name its settings and classes. */
    private static String describe(JacksonException e, char[] text, int length) {
        TokenStreamLocation location = e.getLocation();
        int at = location == null ? length : (int) Math.max(0, Math.min(location.getCharOffset(), length));
        int from = Math.max(0, at - EXCERPT_LENGTH);
        String before = excerpt(new String(text, from, Math.min(length, at + 1) - from));
        String what = at >= length ? "The JSON ends too early" : "This is not JSON";
        return what + ", " + (location == null ? "at its end" : place(location))
                + (before.isBlank() ? "" : ", near \"" + before + "\"");
    }

    private static String place(TokenStreamLocation location) {
        return "at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String excerpt(String text) {
        String shown = text.length() > 2 * EXCERPT_LENGTH ? text.substring(0, 2 * EXCERPT_LENGTH) + "..." : text;
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
