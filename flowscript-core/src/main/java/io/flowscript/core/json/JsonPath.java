package io.flowscript.core.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A path to a place in a JSON value, such as {@code $.a.b[0]["c d"]}. {@code $} is the whole value. {@code a.b} and
 * {@code state.a.b} are short forms of {@code $.a.b}. A path has keys and indexes only, no wildcards and no filters.
 * A key without quotes has the characters of a {@link Name}, in any order, and {@code -}. In an object, an index is used
 * as a key. In an array, a key of 1 to 9 digits is used as an index.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class JsonPath {

    /** The greatest length of a path, in characters. */
    public static final int MAX_LENGTH = 1_024;

    /** The whole value: {@code $}. */
    public static final JsonPath ROOT = new JsonPath(List.of());

    /** Each segment is a String for a key or an Integer for an index. */
    private final List<Object> segments;

    private JsonPath(List<Object> segments) {
        this.segments = segments;
    }

    /**
     * Parses a path.
     *
     * @param text the path, 1 to {@value #MAX_LENGTH} characters
     * @return the path
     * @throws JsonException with code {@code invalid_path} when the text is not a path; the message has the
     *     position of the error
     */
    public static JsonPath parse(String text) {
        Objects.requireNonNull(text, "path");
        return new JsonPath(List.copyOf(new Parser(text).parse()));
    }

    /** The path with these segments, each a String or an Integer. */
    static JsonPath of(List<Object> segments) {
        return new JsonPath(List.copyOf(segments));
    }

    /** Whether two segments can lead to the same place of an object or an array. */
    static boolean mayMeet(Object one, Object other) {
        int index = index(one, Integer.MAX_VALUE);
        return one.toString().equals(other.toString()) || (index >= 0 && index == index(other, Integer.MAX_VALUE));
    }

    /**
     * The keys (String) and indexes (Integer) of this path, outermost first.
     *
     * @return an immutable list, empty for {@code $}
     */
    public List<Object> segments() {
        return segments;
    }

    /**
     * The path of a key in the object at this path.
     *
     * @param key the key, without quotes or escapes
     * @return the path
     */
    public JsonPath child(String key) {
        List<Object> longer = new ArrayList<>(segments);
        longer.add(Objects.requireNonNull(key, "key"));
        return new JsonPath(List.copyOf(longer));
    }

    /**
     * Finds the value at this path.
     *
     * @param root a frozen value, or null
     * @return the value; a {@link Value#isMissing missing} one when there is nothing at this path
     */
    public Value find(@Nullable Object root) {
        Object at = root;
        for (Object segment : segments) {
            if (at instanceof Map<?, ?> map && segment instanceof String key && map.containsKey(key)) {
                at = map.get(key);
            } else if (at instanceof Map<?, ?> map
                    && segment instanceof Integer index
                    && map.containsKey(index.toString())) {
                at = map.get(index.toString());
            } else if (at instanceof List<?> list && index(segment, list.size()) >= 0) {
                at = list.get(index(segment, list.size()));
            } else {
                return Value.missing(toString());
            }
        }
        return Value.at(toString(), at);
    }

    /**
     * Copies a root with another value at this path. Where an object or array on the path is missing or null, it is created:
     * an object for a key, an array for index 0. An index equal to the array's size appends an item. The copy shares all
     * other values with the given root.
     *
     * @param root a frozen value, or null
     * @param value the new value, as for {@link Json#freeze}
     * @return the new root, frozen
     * @throws JsonException with code {@code unreachable_path} when a value on the path is neither an object nor an array, or
     *     when an index is greater than the size of its array; with code {@code value_too_deep} when the new root is nested
     *     too deep; and as {@link Json#freeze}
     */
    public @Nullable Object set(@Nullable Object root, @Nullable Object value) {
        Object result = set(root, 0, Json.freeze(value));
        if (Json.depth(result) > Json.MAX_DEPTH) {
            throw new JsonException(
                    "value_too_deep",
                    toString(),
                    "Setting " + this + " nests the value more than " + Json.MAX_DEPTH + " deep");
        }
        return result;
    }

    /**
     * Copies a root without the value at this path. Later items of an array move to lower indexes.
     *
     * @param root a frozen value, or null
     * @return the new root, frozen; the given root when there is nothing at this path; null for the path {@code $}
     */
    public @Nullable Object remove(@Nullable Object root) {
        return find(root).isMissing() ? root : remove(root, 0);
    }

    /** {@return this path in its normal form, such as {@code $.a.b[0]["c d"]}} */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("$");
        for (Object segment : segments) {
            appendSegment(out, segment);
        }
        return out.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonPath path && path.segments.equals(segments);
    }

    @Override
    public int hashCode() {
        return segments.hashCode();
    }

    static void appendSegment(StringBuilder out, Object segment) {
        if (segment instanceof Integer) {
            out.append('[').append(segment).append(']');
            return;
        }
        String key = (String) segment;
        if (isPlain(key)) {
            out.append('.').append(key);
        } else {
            out.append("[\"")
                    .append(key.replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"]");
        }
    }

    private static boolean isPlain(String key) {
        return !key.isEmpty() && plainEnd(key, 0) == key.length();
    }

    /** The index after the characters of a key without quotes. */
    private static int plainEnd(String text, int start) {
        int at = Name.endOfRest(text, start);
        while (at < text.length() && text.charAt(at) == '-') {
            at = Name.endOfRest(text, at + 1);
        }
        return at;
    }

    /** The index of a segment in a list of this size; -1 when it is not an index in the list. */
    private static int index(Object segment, int size) {
        int index = -1;
        if (segment instanceof Integer number) {
            index = number;
        } else if (segment instanceof String key && key.matches("[0-9]{1,9}")) {
            index = Integer.parseInt(key);
        }
        return index < size ? index : -1;
    }

    private @Nullable Object set(@Nullable Object at, int level, @Nullable Object value) {
        if (level == segments.size()) {
            return value;
        }
        Object segment = segments.get(level);
        if (at == null) {
            at = segment instanceof Integer ? FrozenList.EMPTY : FrozenMap.EMPTY;
        }
        if (at instanceof Map<?, ?>) {
            FrozenMap map = (FrozenMap) Json.object(Value.entries(at));
            String key = segment.toString();
            return map.with(key, set(map.get(key), level + 1, value));
        }
        if (at instanceof List<?> items) {
            FrozenList list = (FrozenList) Json.array(items);
            int index = index(segment, list.size() + 1);
            if (index < 0) {
                throw new JsonException(
                        "unreachable_path",
                        toString(),
                        "Cannot set " + this + ": the array at " + prefix(level) + " has " + list.size()
                                + " items, so the index must be from 0 to " + list.size());
            }
            Object child = index < list.size() ? list.get(index) : null;
            return list.with(index, set(child, level + 1, value));
        }
        throw new JsonException(
                "unreachable_path",
                toString(),
                "Cannot set " + this + ": " + prefix(level) + " is a " + Json.typeName(at)
                        + ", neither an object nor an array");
    }

    private @Nullable Object remove(@Nullable Object at, int level) {
        if (level == segments.size()) {
            return null;
        }
        Object segment = segments.get(level);
        boolean last = level == segments.size() - 1;
        if (at instanceof List<?> items) {
            FrozenList list = (FrozenList) Json.array(items);
            int index = index(segment, list.size());
            return last ? list.without(index) : list.with(index, remove(list.get(index), level + 1));
        }
        FrozenMap map = (FrozenMap) Json.object(Value.entries(at));
        String key = segment.toString();
        return last ? map.without(key) : map.with(key, remove(map.get(key), level + 1));
    }

    private String prefix(int level) {
        return new JsonPath(segments.subList(0, level)).toString();
    }

    private static final class Parser {

        private final String text;
        private final List<Object> segments = new ArrayList<>();
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Object> parse() {
            if (text.length() > MAX_LENGTH) {
                throw new JsonException(
                        "invalid_path",
                        text.substring(0, 40) + "...",
                        "A path may have at most " + MAX_LENGTH + " characters, this one has " + text.length());
            }
            if (text.startsWith("$")) {
                at = 1;
            } else if (text.equals("state")) {
                return List.of();
            } else {
                at = text.startsWith("state.") ? 6 : text.startsWith("state[") ? 5 : 0;
                if (at != 5) {
                    key();
                }
            }
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '.') {
                    at++;
                    key();
                } else if (c == '[') {
                    at++;
                    bracket();
                } else {
                    throw wrong("expected '.' or '['");
                }
            }
            if (segments.size() > Json.MAX_DEPTH) {
                throw wrong("a path may have at most " + Json.MAX_DEPTH + " parts");
            }
            return segments;
        }

        private void key() {
            int start = at;
            at = plainEnd(text, start);
            if (at == start) {
                throw wrong("expected a name");
            }
            segments.add(text.substring(start, at));
        }

        private void bracket() {
            if (at >= text.length()) {
                throw wrong("expected an index or a quoted name");
            }
            char quote = text.charAt(at);
            if (quote == '"' || quote == '\'') {
                at++;
                segments.add(quoted(quote));
            } else {
                int start = at;
                while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                    at++;
                }
                if (at == start || at - start > 9) {
                    throw wrong("expected an index from 0 to 999999999, or a quoted name");
                }
                segments.add(Integer.parseInt(text.substring(start, at)));
            }
            if (at >= text.length() || text.charAt(at) != ']') {
                throw wrong("expected ']'");
            }
            at++;
        }

        private String quoted(char quote) {
            StringBuilder out = new StringBuilder();
            while (at < text.length() && text.charAt(at) != quote) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                out.append(text.charAt(at++));
            }
            if (at >= text.length()) {
                throw wrong("the quoted name has no end");
            }
            at++;
            return out.toString();
        }

        private JsonException wrong(String what) {
            return new JsonException(
                    "invalid_path",
                    text,
                    "\"" + text + "\" is not a path: " + what + " at character " + (at + 1)
                            + "; a path looks like $.a.b[0][\"c d\"]");
        }
    }
}
