package io.flowscript.core.event;

import io.flowscript.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A value in the execution's state was set or removed by a node.
 *
 * @param path the path of the value in its normal form, such as {@code $.user.name}
 * @param newValue the new value, any JSON value; null also when the value was removed
 * @since 0.1.0
 */
public record StateUpdated(String path, @Nullable Object newValue) implements Event {

    /**
     * Makes the value immutable.
     *
     * @param path the path of the value in its normal form
     * @param newValue the new value, any value that {@link Json#freeze} takes; null also when the value was removed
     * @throws io.flowscript.core.json.JsonException as {@link Json#freeze}
     */
    public StateUpdated {
        newValue = Json.freeze(newValue);
    }

    @Override
    public EventType type() {
        return EventType.STATE_UPDATED;
    }

    /** {@return null, since the state belongs to the whole execution} */
    @Override
    public @Nullable String nodeName() {
        return null;
    }

    @Override
    public void describe(EventFields out) {
        out.change(path, newValue);
    }

    /** {@return the path, since a newer value replaces an older one at the same path} */
    @Override
    public @Nullable String conflationKey() {
        return path;
    }
}
