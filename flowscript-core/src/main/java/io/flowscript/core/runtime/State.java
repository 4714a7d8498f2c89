package io.flowscript.core.runtime;

import io.flowscript.core.json.Value;
import org.jspecify.annotations.Nullable;

/**
 * The execution's state as one attempt of a node sees it. Writes are buffered and applied when the attempt completes;
 * until then only this attempt reads them. The writes of an attempt that fails, times out or is cancelled are
 * discarded.
 *
 * <p>Within a loop, the names that the loop's controller defines shadow the state and cannot be written. Safe for use
 * by any thread.
 *
 * @since 0.1.0
 */
public interface State {

    /**
     * Returns the value at a path.
     *
     * @param path a path in the syntax of {@link io.flowscript.core.json.JsonPath#parse}
     * @return the value there, or a missing value
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_path}
     */
    Value get(String path);

    /**
     * Sets the value at a path. Missing parents are created.
     *
     * @param path a path in the syntax of {@link io.flowscript.core.json.JsonPath#parse}
     * @param value any JSON value; at the path {@code $} it must be an object
     * @return this
     * @throws io.flowscript.core.FlowScriptException with code {@code attempt_closed} when the attempt is over,
     *     {@code loop_name} when the path begins with a name that a loop defines, {@code state_too_large}, or as for
     *     {@link io.flowscript.core.json.JsonPath#set}
     */
    State set(String path, @Nullable Object value);

    /**
     * Removes the value at a path, if there is one.
     *
     * @param path a path in the syntax of {@link io.flowscript.core.json.JsonPath#parse}
     * @return this
     * @throws io.flowscript.core.FlowScriptException as for {@link #set}
     */
    State remove(String path);
}
