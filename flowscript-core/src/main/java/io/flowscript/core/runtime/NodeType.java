package io.flowscript.core.runtime;

import java.util.Locale;

/**
 * The type of a node, which is part of events.
 *
 * @since 0.1.0
 */
public enum NodeType {
    /** Changes the state or calls other systems. */
    ACTION,
    /** Asks people. */
    HUMAN,
    /** Decides which edge the workflow follows. */
    CONTROL;

    private final String id = name().toLowerCase(Locale.ROOT);

    /** {@return the name in events: {@code action}, {@code human} or {@code control}} */
    public String id() {
        return id;
    }
}
