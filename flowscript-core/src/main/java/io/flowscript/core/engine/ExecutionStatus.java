package io.flowscript.core.engine;

import java.util.Locale;

/**
 * Where an execution is in its life (protocol, section 5).
 *
 * @since 0.1.0
 */
public enum ExecutionStatus {
    /** It has an id and a log, and has not begun. */
    PENDING,
    /** It works, or sleeps. */
    RUNNING,
    /** It waits for somebody outside. */
    PAUSED,
    /** It came to its end. */
    COMPLETED,
    /** It failed. */
    FAILED,
    /** It was cancelled. */
    CANCELLED;

    /** {@return whether nothing more will happen} */
    public boolean isEnded() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }

    /** {@return the name on the wire, such as {@code running}} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
