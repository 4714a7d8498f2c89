package io.flowscript.json.protocol;

import io.flowscript.core.FlowScriptException;

/**
 * Settings for which data of an execution clients receive. A message names the data that was left out in {@code omitted}.
 *
 * @param maxValueBytes the maximum size of a value (an edge's data, an answer, a state, a form and so on) in bytes of
 *     JSON, from 1; larger values are left out
 * @param state whether the state of the workflow is included: {@code state}, {@code finalState} and the {@code newValue} of its changes
 * @since 0.1.0
 */
public record WireSettings(int maxValueBytes, boolean state) {

    /** Values up to 256 KiB, with the state. */
    public static final WireSettings DEFAULTS = new WireSettings(256 * 1024, true);

    /**
     * Checks the maximum size.
     *
     * @param maxValueBytes the maximum size of a value in bytes, from 1
     * @param state whether the state is included
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public WireSettings {
        if (maxValueBytes < 1) {
            throw new FlowScriptException(
                    "invalid_setting", "The largest value that goes out must be at least 1 byte, not " + maxValueBytes);
        }
    }

    /**
     * Returns these settings with another maximum size of values.
     *
     * @param bytes the maximum size in bytes, from 1
     * @return the settings
     */
    public WireSettings maxValueBytes(int bytes) {
        return new WireSettings(bytes, state);
    }

    /**
     * Returns these settings without the state.
     *
     * @return the settings
     */
    public WireSettings withoutState() {
        return new WireSettings(maxValueBytes, false);
    }
}
