package io.flowscript.json.codec;

import io.flowscript.core.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Casts for plain values, whose element types {@code Map} and {@code List} cannot express. Stateless; safe for use by
 * any thread.
 *
 * @since 0.1.0
 */
public final class Plain {

    private Plain() {}

    /**
     * Casts a plain object.
     *
     * @param object a Map whose keys are strings
     * @return the same object
     * @throws ClassCastException when it is not a Map
     */
    @SuppressWarnings("unchecked")
    public static Map<String, @Nullable Object> object(Object object) {
        return (Map<String, @Nullable Object>) object;
    }

    /**
     * Casts a plain array.
     *
     * @param array a List
     * @return the same object
     * @throws ClassCastException when it is not a List
     */
    @SuppressWarnings("unchecked")
    public static List<@Nullable Object> array(Object array) {
        return (List<@Nullable Object>) array;
    }

    /**
     * Freezes a plain object.
     *
     * @param object the object
     * @return an immutable copy, as by {@link Json#object}
     * @throws io.flowscript.core.json.JsonException as {@link Json#object}
     */
    public static Map<String, @Nullable Object> freeze(Map<String, ? extends @Nullable Object> object) {
        return object((Object) Json.object(object));
    }
}
