package io.flowscript.json.codec;

import io.flowscript.core.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plain values whose type a Map or a List cannot say by itself. Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Plain {

    private Plain() {}

    /**
     * A plain object, seen as such.
     *
     * @param object a Map whose keys are strings
     * @return the same
     */
    @SuppressWarnings("unchecked")
    public static Map<String, @Nullable Object> object(Object object) {
        return (Map<String, @Nullable Object>) object;
    }

    /**
     * A plain array, seen as such.
     *
     * @param array a List
     * @return the same
     */
    @SuppressWarnings("unchecked")
    public static List<@Nullable Object> array(Object array) {
        return (List<@Nullable Object>) array;
    }

    /**
     * A plain object, frozen.
     *
     * @param object the object
     * @return frozen, as by {@link Json#object}
     */
    public static Map<String, @Nullable Object> freeze(Map<String, ? extends @Nullable Object> object) {
        return object((Object) Json.object(object));
    }
}
