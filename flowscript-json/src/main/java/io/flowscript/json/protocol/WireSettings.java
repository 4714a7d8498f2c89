package io.flowscript.json.protocol;

import io.flowscript.core.FlowScriptException;

/**
 * What of an execution's data goes out to clients. What is left out is named in the message's {@code omitted}.
 *
 * @param maxValueBytes the largest value (an edge's data, an answer, a state, a form ...) that goes out, in bytes of JSON, from 1
 * @param state whether the state goes out: {@code state}, {@code finalState} and the {@code newValue} of its changes
 * @since 0.1.0
 */
public record WireSettings(int maxValueBytes, boolean state) {

    /** Values up to 256 KiB, the state included. */
    public static final WireSettings DEFAULTS = new WireSettings(256 * 1024, true);

    /**
     * Checks the bound.
     *
     * @param maxValueBytes from 1
     * @param state whether the state goes out
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public WireSettings {
        if (maxValueBytes < 1) {
            throw new FlowScriptException(
                    "invalid_setting", "The largest value that goes out must be at least 1 byte, not " + maxValueBytes);
        }
    }

    /**
     * The same with another bound.
     *
     * @param bytes from 1
     * @return the settings
     */
    public WireSettings maxValueBytes(int bytes) {
        return new WireSettings(bytes, state);
    }

    /**
     * The same with the state left out.
     *
     * @return the settings
     */
    public WireSettings withoutState() {
        return new WireSettings(maxValueBytes, false);
    }
}
