package io.flowscript.core.runtime;

import java.util.Locale;

/**
 * What sort of thing a node does.
 *
 * @since 0.1.0
 */
public enum NodeType {
    /** Works on the state or the world. */
    ACTION,
    /** Asks people. */
    HUMAN,
    /** Decides where to go on. */
    CONTROL;

    /** {@return the name in events: {@code action}, {@code human} or {@code control}} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
