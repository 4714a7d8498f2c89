package io.flowscript.json.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes the differences between the values that were shown before and those that are shown now.
 *
 * @since 0.1.0
 */
public final class ShownChanges {

    /** The maximum number of differences that are reported. */
    public static final int MAX_CHANGES = 100;

    private final List<Map<String, @Nullable Object>> changes = new ArrayList<>();

    private ShownChanges() {}

    /**
     * Returns the differences, each with a JSON Pointer (RFC 6901) as its path. Arrays are compared as a whole.
     *
     * @param before the values that were shown before
     * @param after the values that are shown now, or null
     * @return each {path, before?, after?}; at most {@value #MAX_CHANGES}
     */
    public static List<Map<String, @Nullable Object>> between(Map<?, ?> before, @Nullable Map<?, ?> after) {
        ShownChanges found = new ShownChanges();
        found.compare("", before, after == null ? Map.of() : after);
        return found.changes;
    }

    /** The recursion is as deep as the values, and the depth of frozen values is limited. */
    private void compare(String path, Map<?, ?> before, Map<?, ?> after) {
        Set<Object> names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        for (Object name : names) {
            Object was = before.get(name);
            Object is = after.get(name);
            String place = path + "/" + String.valueOf(name).replace("~", "~0").replace("/", "~1");
            if (was instanceof Map<?, ?> inner && is instanceof Map<?, ?> other) {
                compare(place, inner, other);
            } else if (!Objects.equals(was, is) || before.containsKey(name) != after.containsKey(name)) {
                add(place, name, before, after);
            }
        }
    }

    private void add(String place, Object name, Map<?, ?> before, Map<?, ?> after) {
        if (changes.size() < MAX_CHANGES) {
            Map<String, @Nullable Object> change = new LinkedHashMap<>();
            change.put("path", place);
            if (before.containsKey(name)) {
                change.put("before", before.get(name));
            }
            if (after.containsKey(name)) {
                change.put("after", after.get(name));
            }
            changes.add(change);
        }
    }
}
