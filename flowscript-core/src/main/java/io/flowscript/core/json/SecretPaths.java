package io.flowscript.core.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a state whose values are secret, and what is shown in their place. Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class SecretPaths {

    /** The text that is shown in place of a secret value. */
    public static final String MASK = "[secret]";

    /** No path: nothing is secret. */
    public static final SecretPaths NONE = new SecretPaths(List.of());

    private final List<JsonPath> paths;

    private SecretPaths(List<JsonPath> paths) {
        this.paths = paths;
    }

    /**
     * Returns paths whose values are secret, with all that is below them.
     *
     * @param paths the paths, in any order
     * @return the paths, each once, in the order of their normal forms
     */
    public static SecretPaths of(Collection<JsonPath> paths) {
        if (paths.isEmpty()) {
            return NONE;
        }
        Map<String, JsonPath> sorted = new TreeMap<>();
        paths.forEach(path -> sorted.put(path.toString(), path));
        return new SecretPaths(List.copyOf(sorted.values()));
    }

    /** {@return the paths, each once, in the order of their normal forms} */
    public List<JsonPath> paths() {
        return paths;
    }

    /** {@return whether nothing is secret} */
    public boolean isEmpty() {
        return paths.isEmpty();
    }

    /**
     * Masks the secret values of a state.
     *
     * @param state a frozen state
     * @return the state with {@link #MASK} in place of each secret value that is not null; the given one when it has none
     */
    public Map<String, @Nullable Object> mask(Map<String, @Nullable Object> state) {
        Object masked = state;
        for (JsonPath path : paths) {
            masked = replace(path, masked);
        }
        return Value.entries(masked);
    }

    /**
     * Masks a value that is set at a path of the state.
     *
     * @param at the path
     * @param value the frozen value, or null
     * @return {@link #MASK} when the path is secret or below a secret one; otherwise the value, with its secret parts
     *     masked; null for null
     */
    public @Nullable Object mask(JsonPath at, @Nullable Object value) {
        Object masked = value;
        for (JsonPath secret : paths) {
            int shared = Math.min(at.segments().size(), secret.segments().size());
            if (masked != null && startAlike(at.segments(), secret.segments(), shared)) {
                List<Object> below =
                        secret.segments().subList(shared, secret.segments().size());
                masked = replace(JsonPath.of(below), masked);
            }
        }
        return masked;
    }

    private static @Nullable Object replace(JsonPath path, @Nullable Object root) {
        Value found = path.find(root);
        return found.isMissing() || found.isNull() ? root : path.set(root, MASK);
    }

    private static boolean startAlike(List<Object> one, List<Object> other, int length) {
        for (int i = 0; i < length; i++) {
            if (!JsonPath.mayMeet(one.get(i), other.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SecretPaths that && that.paths.equals(paths);
    }

    @Override
    public int hashCode() {
        return paths.hashCode();
    }

    /** {@return the paths in their normal forms} */
    @Override
    public String toString() {
        return new ArrayList<>(paths).toString();
    }
}
