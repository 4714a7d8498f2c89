package io.flowscript.core.runtime;

import io.flowscript.core.Identity;
import io.flowscript.core.json.Value;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an interaction was closed: by a person's answer or by its deadline.
 *
 * @param data the answer, any JSON value; a missing value when the deadline closed the interaction
 * @param by the identity of the person who answered; null when it is not known or the deadline closed the interaction
 * @param at the time at which the interaction was closed
 * @param timedOut true if the deadline closed the interaction
 * @since 0.1.0
 */
public record Answer(Value data, @Nullable Identity by, Instant at, boolean timedOut) {

    /**
     * Returns the value at a path of the answer.
     *
     * @param path a path in the syntax of {@link io.flowscript.core.json.JsonPath#parse}
     * @return the value there, or a missing value
     */
    public Value get(String path) {
        return data.get(path);
    }
}
