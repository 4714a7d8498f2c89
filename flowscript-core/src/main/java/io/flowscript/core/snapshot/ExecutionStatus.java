package io.flowscript.core.snapshot;

import java.util.Locale;

/**
 * The status of an execution (protocol, section 5).
 *
 * @since 0.1.0
 */
public enum ExecutionStatus {
    /** It was created and has not started. */
    PENDING,
    /** It runs or sleeps. */
    RUNNING,
    /** It waits for the answer to an interaction. */
    PAUSED,
    /** It reached the end of the workflow. */
    COMPLETED,
    /** It failed. */
    FAILED,
    /** It was cancelled. */
    CANCELLED;

    /** {@return whether the execution has ended} */
    public boolean isEnded() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    /** {@return the name in messages, such as {@code running}} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
