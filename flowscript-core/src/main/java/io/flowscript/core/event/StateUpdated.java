package io.flowscript.core.event;

import io.flowscript.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A node's write was applied to the state.
 *
 * @param path where, in its normal form such as {@code $.user.name}
 * @param newValue what is there now; null also when it was removed
 * @since 0.1.0
 */
public record StateUpdated(String path, @Nullable Object newValue) implements Event {

    /**
     * Freezes the value.
     *
     * @param path where, in its normal form
     * @param newValue what is there now
     */
    public StateUpdated {
        newValue = Json.freeze(newValue);
    }

    @Override
    public EventType type() {
        return EventType.STATE_UPDATED;
    }

    /** {@return null: the state is the execution's} */
    @Override
    public @Nullable String nodeName() {
        return null;
    }

    @Override
    public void describe(EventFields out) {
        out.text("path", path).state("newValue", newValue);
    }

    /** {@return the path: a newer value stands for an older one} */
    @Override
    public @Nullable String conflationKey() {
        return path;
    }
}
