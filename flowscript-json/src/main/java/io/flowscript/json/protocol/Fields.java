package io.flowscript.json.protocol;

import io.flowscript.core.json.Json;
import io.flowscript.core.text.IdText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message, or of its data. Reads them with checks and reports what is wrong.
 *
 * @param prefix the prefix of field names in error messages: empty, or {@code data.}
 * @param fields as they were read
 * @param id the message's id, or null
 */
record Fields(String prefix, Map<?, ?> fields, @Nullable String id) {

    private static final int SHOWN = 64;
    private static final int MAX_NAME = 256;

    @Nullable
    Object get(String name) {
        return fields.get(name);
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** The {@code data} of a message. */
    Fields data() {
        if (get("data") instanceof Map<?, ?> data) {
            return new Fields("data.", data, id);
        }
        throw wrong("data", "an object");
    }

    /** The id of an execution; required. */
    String executionId() {
        if (get("executionId") instanceof String text && IdText.isExecutionId(text)) {
            return text;
        }
        throw wrong("executionId", IdText.FORM);
    }

    /** The id of an execution, or null when it is null or absent. */
    @Nullable
    String optionalExecutionId() {
        return get("executionId") == null ? null : executionId();
    }

    /** Checks that the interaction is named by the visit of its node, its token, or both. */
    void checkNamesInteraction() {
        if (optionalName("nodeId") == null && optionalName("tokenId") == null) {
            throw wrong("nodeId", "the \"nodeId\" or \"tokenId\" that came with the interaction");
        }
    }

    /** A name; required. */
    String name(String name) {
        return text(name, MAX_NAME);
    }

    /** A name, or null when it is null or absent. */
    @Nullable
    String optionalName(String name) {
        return optionalText(name, MAX_NAME);
    }

    /** Names, each once; empty when it is null or absent. */
    Set<String> names(String name, int maxNames) {
        return texts(name, maxNames, MAX_NAME);
    }

    /** A string; required. */
    String text(String name, int max) {
        String text = optionalText(name, max);
        if (text == null) {
            throw wrong(name, textOf(max));
        }
        return text;
    }

    /** A string, or null when it is null or absent. */
    @Nullable
    String optionalText(String name, int max) {
        Object value = get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String text && !text.isEmpty() && text.codePointCount(0, text.length()) <= max) {
            return text;
        }
        throw wrong(name, textOf(max));
    }

    /** A whole number, or null when it is null or absent. */
    @Nullable
    Long optionalNumber(String name, long least, long most) {
        Object value = get(name);
        if (value == null) {
            return null;
        }
        long number = value instanceof Number ? wholeNumber(value) : -1;
        if (number < least || number > most) {
            throw wrong(name, "a whole number from " + least + " to " + most);
        }
        return number;
    }

    /** A whole number in a smaller range, or null when it is null or absent. */
    @Nullable
    Integer optionalInt(String name, int least, int most) {
        Long number = optionalNumber(name, least, most);
        return number == null ? null : number.intValue();
    }

    /** A time in milliseconds, or null when it is null or absent. */
    @Nullable
    Duration millis(String name, long least, Duration most) {
        Long millis = optionalNumber(name, least, most.toMillis());
        return millis == null ? null : Duration.ofMillis(millis);
    }

    /** Strings, each once; empty when it is null or absent. */
    Set<String> texts(String name, int maxTexts, int max) {
        Object value = get(name);
        if (value == null) {
            return Set.of();
        }
        String wanted = "an array of 1 to " + maxTexts + " strings of 1 to " + max + " characters";
        if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > maxTexts) {
            throw wrong(name, wanted);
        }
        Set<String> texts = new LinkedHashSet<>();
        for (Object element : list) {
            if (!(element instanceof String text) || text.isEmpty() || text.codePointCount(0, text.length()) > max) {
                throw wrong(name, wanted);
            }
            texts.add(text);
        }
        return texts;
    }

    /** Objects; required. */
    List<Fields> objects(String name, int max) {
        if (!(get(name) instanceof List<?> list) || list.isEmpty() || list.size() > max) {
            throw wrong(name, "an array of 1 to " + max + " objects");
        }
        List<Fields> objects = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> object)) {
                throw wrong(name, "an array of 1 to " + max + " objects");
            }
            objects.add(new Fields(prefix + name + "[" + objects.size() + "].", object, id));
        }
        return objects;
    }

    /** The value of a flag; false when it is null or absent. */
    boolean flag(String name) {
        Object value = get(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw wrong(name, "true or false");
    }

    /** An exception that says what the field should be and what it is. */
    ProtocolException wrong(String name, String wanted) {
        Object value = get(name);
        String there;
        if (!has(name)) {
            there = "it is missing";
        } else if (value instanceof String text) {
            there = "it is \"" + shown(text) + "\"";
        } else {
            there = "it is a value of type " + Json.typeName(value);
        }
        return refused(name, "must be " + wanted + "; " + there);
    }

    ProtocolException refused(String name, String why) {
        return new ProtocolException(ErrorCode.INVALID_MESSAGE, "\"" + prefix + name + "\" " + why, id);
    }

    /** The number; -1 when it is not whole or out of range. */
    static long wholeNumber(Object number) {
        try {
            if (number instanceof BigDecimal decimal) {
                return decimal.longValueExact();
            }
            return number instanceof BigInteger ? -1 : ((Number) number).longValue();
        } catch (ArithmeticException e) {
            return -1;
        }
    }

    /** A text of the client for an error message, shortened and without control characters. */
    static String shown(String text) {
        String start = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        StringBuilder out = new StringBuilder(start.length());
        start.chars().forEach(c -> out.append(Character.isISOControl(c) ? ' ' : (char) c));
        return out.toString();
    }

    private static String textOf(int max) {
        return "a string of 1 to " + max + " characters";
    }
}
