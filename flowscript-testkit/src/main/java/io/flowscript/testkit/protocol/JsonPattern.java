package io.flowscript.testkit.protocol;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An expected value as JSON (docs/protocol-cases.md). A value matches itself, except for {@code $kinds}, {@code
 * ${variables}}, objects, which may have further fields, and {@code {"$includes": [...]}}.
 */
final class JsonPattern {

    /** The kind of a field that must not be present. */
    static final String ABSENT = "$absent";

    /** The names that match any value of a kind. */
    static final Set<String> KINDS =
            Set.of("$any", "$string", "$integer", "$number", "$boolean", "$object", "$array", ABSENT);

    /** The field of an object that lists what an array must include. */
    static final String INCLUDES = "$includes";

    private JsonPattern() {}

    /**
     * Compares a value with a pattern.
     *
     * @param pattern the expected value
     * @param value the actual value
     * @param variables known variables; newly captured ones are added if everything matches
     * @return where and how they differ; null if they match
     */
    static @Nullable String mismatch(@Nullable Object pattern, @Nullable Object value, Variables variables) {
        Variables found = variables.copy();
        String mismatch = compare(pattern, value, "$", found);
        if (mismatch == null) {
            variables.take(found);
        }
        return mismatch;
    }

    private static @Nullable String compare(
            @Nullable Object pattern, @Nullable Object value, String at, Variables variables) {
        if (pattern instanceof Map<?, ?> object) {
            Object wanted = object.get(INCLUDES);
            return wanted instanceof List<?> elements
                    ? includes(elements, value, at, variables)
                    : fields(object, value, at, variables);
        }
        if (pattern instanceof List<?> list) {
            return elements(list, value, at, variables);
        }
        if (!(pattern instanceof String text)) {
            return same(pattern, value) ? null : differs(at, pattern, value);
        }
        if (KINDS.contains(text)) {
            return isOf(text, value) ? null : differs(at, text, value);
        }
        String name = Variables.whole(text);
        if (name != null && !variables.has(name)) {
            variables.put(name, value);
            return null;
        }
        Object expected = variables.fill((Object) text);
        return same(expected, value) ? null : differs(at, expected, value);
    }

    private static @Nullable String fields(Map<?, ?> pattern, @Nullable Object value, String at, Variables variables) {
        if (!(value instanceof Map<?, ?> object)) {
            return isNot(at, "an object", value);
        }
        for (Map.Entry<?, ?> field : pattern.entrySet()) {
            String place = at + "." + field.getKey();
            boolean isThere = object.containsKey(field.getKey());
            if (ABSENT.equals(field.getValue())) {
                if (isThere) {
                    return place + " must be absent, but is " + JsonTexts.json(object.get(field.getKey()));
                }
            } else if (!isThere) {
                return place + " is missing; expected: " + JsonTexts.json(variables.fill((Object) field.getValue()));
            } else {
                String mismatch = compare(field.getValue(), object.get(field.getKey()), place, variables);
                if (mismatch != null) {
                    return mismatch;
                }
            }
        }
        return null;
    }

    private static @Nullable String elements(List<?> pattern, @Nullable Object value, String at, Variables variables) {
        if (!(value instanceof List<?> list) || list.size() != pattern.size()) {
            return isNot(at, "an array of " + pattern.size(), value);
        }
        Iterator<?> came = list.iterator();
        int index = 0;
        for (Object element : pattern) {
            String mismatch = compare(element, came.next(), at + "[" + index++ + "]", variables);
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }

    private static @Nullable String includes(List<?> wanted, @Nullable Object value, String at, Variables variables) {
        if (!(value instanceof List<?> list)) {
            return isNot(at, "an array", value);
        }
        for (Object element : wanted) {
            if (list.stream().noneMatch(came -> mismatch(element, came, variables) == null)) {
                return at + " does not include " + JsonTexts.json(variables.fill(element)) + "; it is "
                        + JsonTexts.json(list);
            }
        }
        return null;
    }

    private static boolean isOf(String kind, @Nullable Object value) {
        return switch (kind) {
            case "$any" -> true;
            case "$string" -> value instanceof String;
            case "$integer" -> value instanceof Integer || value instanceof Long || value instanceof BigInteger;
            case "$number" -> value instanceof Number;
            case "$boolean" -> value instanceof Boolean;
            case "$object" -> value instanceof Map;
            case "$array" -> value instanceof List;
            default -> false;
        };
    }

    /** Whether two values are the same JSON: numbers by value, objects in any order of fields. */
    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number && other instanceof Number) {
            return new BigDecimal(one.toString()).compareTo(new BigDecimal(other.toString())) == 0;
        }
        if (one instanceof Map<?, ?> object && other instanceof Map<?, ?> second) {
            return object.keySet().equals(second.keySet())
                    && object.entrySet().stream().allMatch(field -> same(field.getValue(), second.get(field.getKey())));
        }
        if (one instanceof List<?> list && other instanceof List<?> second && list.size() == second.size()) {
            Iterator<?> others = second.iterator();
            return list.stream().allMatch(element -> same(element, others.next()));
        }
        return one == null ? other == null : one.equals(other);
    }

    private static String differs(String at, @Nullable Object expected, @Nullable Object value) {
        return at + " is " + JsonTexts.json(value) + "; expected: " + JsonTexts.json(expected);
    }

    private static String isNot(String at, String expected, @Nullable Object value) {
        return at + " is " + JsonTexts.json(value) + "; expected: " + expected;
    }
}
