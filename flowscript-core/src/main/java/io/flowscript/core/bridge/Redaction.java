package io.flowscript.core.bridge;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import io.flowscript.core.json.JsonPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Paths of data that are hidden: {@code Redaction.NONE.mask("**.name").remove("state.internal")}.
 *
 * <p>A path is keys with dots between them. The first key is a field of a message, in whatever object of the message it is: {@code
 * state}, {@code contextData}, {@code data}, {@code payload}, {@code by} and so on. {@code *} is any one key, {@code **} is any number of
 * keys, also none. A key with other characters is in brackets and quotes: {@code state["a.b"]}. An item of an array has its
 * index as a key, and a path that leaves out this key goes into all items: {@code state.lines.price} hides the price of each line.
 *
 * <p>Some fields have the same name here: {@code state} is also {@code finalState} and the new value of a change of the state;
 * {@code contextData} is also {@code seenData}; {@code error} is also {@code reason}.
 *
 * <p>Texts that can be hidden are {@code error}, {@code by}, {@code assignees}, {@code groups} and {@code seenBy}. All JSON values can be hidden. Ids, numbers,
 * times, names of nodes and codes cannot.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Redaction {

    /** The text that takes the place of a value that is masked. */
    public static final String MASK = "[hidden]";

    /** The maximum number of paths. */
    public static final int MAX_PATHS = 256;

    /** The greatest length of a path, in characters. */
    public static final int MAX_LENGTH = JsonPath.MAX_LENGTH;

    private static final String ANY_KEYS = "**";
    private static final String ANY_KEY = "*";
    private static final String STATE = "state";
    private static final Pattern PART = Pattern.compile("([^.\\[\\]\"]+)|\\[\"((?:[^\"\\\\]|\\\\.)+)\"]");
    private static final Map<String, String> SAME =
            Map.of("finalState", STATE, "newValue", STATE, "seenData", "contextData", "reason", "error");

    /** Hides nothing. */
    public static final Redaction NONE = new Redaction(Set.of());

    /** Hides everything that can be hidden. */
    public static final Redaction ALL = NONE.mask("**");

    private final Set<Rule> rules;

    /** The rest of a path, from the place that this redaction is about. */
    private record Rule(List<String> rest, boolean removes) {

        boolean isHere() {
            return rest.stream().allMatch(ANY_KEYS::equals);
        }

        void addBelow(String key, Set<Rule> below) {
            if (rest.isEmpty()) {
                return;
            }
            String first = rest.get(0);
            Rule after = new Rule(rest.subList(1, rest.size()), removes);
            if (first.equals(ANY_KEYS)) {
                below.add(this);
                after.addBelow(key, below);
            } else if (first.equals(ANY_KEY) || first.equals(key)) {
                below.add(after);
            }
        }
    }

    /**
     * What is shown of a change of the state.
     *
     * @param path the path of the change, or its beginning when all at that beginning is hidden
     * @param value what is shown of the new value; null when it is hidden
     * @param isHidden whether the new value is hidden
     */
    public record Change(String path, @Nullable Object value, boolean isHidden) {}

    private Redaction(Set<Rule> rules) {
        this.rules = rules;
    }

    /**
     * Masks values: {@link #MASK} takes their place. When a whole field with a JSON value is masked, the field is left out.
     *
     * @param paths the paths, each 1 to {@value #MAX_LENGTH} characters
     * @return this redaction with these paths
     * @throws JsonException with code {@code invalid_path} when a text is not a path
     * @throws FlowScriptException with code {@code invalid_setting} when there are more than {@value #MAX_PATHS} paths
     */
    public Redaction mask(String... paths) {
        return with(paths, false);
    }

    /**
     * Removes values: they are left out, with their keys. It has precedence when a value is also masked.
     *
     * @param paths the paths, each 1 to {@value #MAX_LENGTH} characters
     * @return this redaction with these paths
     * @throws JsonException with code {@code invalid_path} when a text is not a path
     * @throws FlowScriptException with code {@code invalid_setting} when there are more than {@value #MAX_PATHS} paths
     */
    public Redaction remove(String... paths) {
        return with(paths, true);
    }

    private Redaction with(String[] paths, boolean removes) {
        Set<Rule> more = new LinkedHashSet<>(rules);
        Arrays.stream(paths).map(path -> new Rule(parts(path), removes)).forEach(more::add);
        if (more.size() > MAX_PATHS) {
            throw new FlowScriptException(
                    "invalid_setting", "A redaction has at most " + MAX_PATHS + " paths, not " + more.size());
        }
        return new Redaction(Set.copyOf(more));
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        Matcher part = PART.matcher(path);
        int at = 0;
        while (at < path.length() && path.length() <= MAX_LENGTH) {
            boolean isQuoted = path.charAt(at) == '[';
            boolean isDot = path.charAt(at) == '.' && at > 0;
            if (!part.find(at) || part.start() != at + (isDot ? 1 : 0) || (at > 0 && !isDot && !isQuoted)) {
                break;
            }
            parts.add(part.group(1) == null ? part.group(2).replaceAll("\\\\(.)", "$1") : part.group(1));
            at = part.end();
        }
        if (parts.isEmpty() || at < path.length()) {
            throw new JsonException(
                    "invalid_path",
                    path.substring(0, Math.min(path.length(), 40)),
                    "A path of a redaction looks like state.customer.name, **.name or state[\"a.b\"], with at most "
                            + MAX_LENGTH + " characters");
        }
        parts.set(0, SAME.getOrDefault(parts.get(0), parts.get(0)));
        return List.copyOf(parts);
    }

    /** {@return whether nothing is hidden} */
    public boolean isNone() {
        return rules.isEmpty();
    }

    /**
     * Returns what is hidden of a field of a message.
     *
     * @param field the name of the field
     * @return the paths from there on
     */
    public Redaction of(String field) {
        return below(SAME.getOrDefault(field, field));
    }

    /** {@return whether the whole value is hidden that this redaction is about} */
    public boolean hidesAll() {
        return rules.stream().anyMatch(Rule::isHere);
    }

    /**
     * Returns what is shown of the value that this redaction is about, when not all of it is hidden.
     *
     * @param value a frozen value ({@link Json#freeze}), or null
     * @return the value, or a copy with hidden parts masked or without them
     */
    public @Nullable Object shown(@Nullable Object value) {
        if (isNone()) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> shown = new LinkedHashMap<>();
            map.forEach((key, inner) -> {
                String name = String.valueOf(key);
                Redaction below = below(name);
                if (!below.removes()) {
                    shown.put(name, below.masked(inner));
                }
            });
            return Json.freeze(shown);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> shown = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                Redaction below = belowItem(String.valueOf(i));
                if (!below.removes()) {
                    shown.add(below.masked(list.get(i)));
                }
            }
            return Json.freeze(shown);
        }
        return value;
    }

    /**
     * Returns what is shown of a change of the state.
     *
     * @param path the path of the value in the state, in its normal form
     * @param newValue the frozen value, or null
     * @return what is shown
     */
    public Change change(String path, @Nullable Object newValue) {
        if (isNone()) {
            return new Change(path, newValue, false);
        }
        List<Object> segments;
        try {
            segments = JsonPath.parse(path).segments();
        } catch (JsonException tooLong) {
            return new Change(JsonPath.ROOT.toString(), null, true);
        }
        Redaction here = below(STATE);
        JsonPath shown = JsonPath.ROOT;
        for (Object segment : segments) {
            if (here.hidesAll()) {
                break;
            }
            here = isIndex(segment) ? here.belowItem(segment.toString()) : here.below(segment.toString());
            shown = shown.child(segment.toString());
        }
        boolean isHidden = here.hidesAll();
        // A path that is shown as a whole keeps the form that it has.
        String where = shown.segments().size() == segments.size() ? path : shown.toString();
        return new Change(where, isHidden ? null : here.shown(newValue), isHidden);
    }

    /** A number can be a key of an object or an index of an array, and a path does not tell which. */
    private static boolean isIndex(Object segment) {
        return segment.toString().chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private boolean removes() {
        return rules.stream().anyMatch(rule -> rule.removes && rule.isHere());
    }

    private @Nullable Object masked(@Nullable Object value) {
        return hidesAll() ? MASK : shown(value);
    }

    private Redaction below(String key) {
        if (isNone()) {
            return this;
        }
        Set<Rule> below = new LinkedHashSet<>();
        rules.forEach(rule -> rule.addBelow(key, below));
        return below.isEmpty() ? NONE : new Redaction(below);
    }

    /** Paths that leave out the index of an item go on. */
    private Redaction belowItem(String index) {
        Set<Rule> below = new LinkedHashSet<>(rules);
        rules.forEach(rule -> rule.addBelow(index, below));
        return new Redaction(below);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Redaction that && that.rules.equals(rules);
    }

    @Override
    public int hashCode() {
        return rules.hashCode();
    }

    /** {@return the paths, in their order} */
    @Override
    public String toString() {
        return rules.stream()
                .map(rule -> (rule.removes ? "-" : "") + String.join(".", rule.rest))
                .sorted()
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
