package io.flowscript.core.runtime;

import io.flowscript.core.json.Value;
import org.jspecify.annotations.Nullable;

/**
 * The execution's state as one attempt of a node sees it. Writes are kept aside and applied when the attempt completes; until then only this
 * attempt reads them. An attempt that fails, times out or is cancelled leaves no trace.
 *
 * <p>Within a loop, the names that its controller gives shadow the state and cannot be written. Safe for use by any
 * thread.
 *
 * @since 0.1.0
 */
public interface State {

    /**
     * What is at a path.
     *
     * @param path as {@link io.flowscript.core.json.JsonPath#parse} reads it
     * @return the value there, or a missing one
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_path}
     */
    Value get(String path);

    /**
     * Sets what is at a path; what is missing on the way is made.
     *
     * @param path as {@link io.flowscript.core.json.JsonPath#parse} reads it
     * @param value any JSON value; at {@code $} it must be an object
     * @return this
     * @throws io.flowscript.core.FlowScriptException with code {@code attempt_closed} when the attempt is over, {@code loop_name} when the
     *     path begins with a name that a loop gives, {@code state_too_large}, or as {@link io.flowscript.core.json.JsonPath#set}
     */
    State set(String path, @Nullable Object value);

    /**
     * Removes what is at a path; nothing happens when there is nothing.
     *
     * @param path as {@link io.flowscript.core.json.JsonPath#parse} reads it
     * @return this
     * @throws io.flowscript.core.FlowScriptException as {@link #set}
     */
    State remove(String path);
}
