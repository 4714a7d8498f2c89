package io.flowscript.core.runtime;

import io.flowscript.core.Identity;
import io.flowscript.core.json.Value;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a question was closed: answered by somebody, or by its deadline.
 *
 * @param data the answer, any JSON value; missing after a deadline
 * @param by who answered; null when nobody said, and after a deadline
 * @param at when
 * @param timedOut whether the deadline closed it
 * @since 0.1.0
 */
public record Answer(Value data, @Nullable Identity by, Instant at, boolean timedOut) {

    /**
     * What the answer holds at a path.
     *
     * @param path as {@link io.flowscript.core.json.JsonPath#parse} reads it
     * @return the value there, or a missing one
     */
    public Value get(String path) {
        return data.get(path);
    }
}
