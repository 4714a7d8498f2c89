package io.flowscript.core.interaction;

import java.util.Comparator;

/**
 * The order in which interactions are read.
 *
 * @since 0.1.0
 */
public enum InteractionOrder {
    /** By the time of the request, the oldest first. */
    OLDEST,
    /** By the time of the request, the newest first. */
    NEWEST,
    /** By deadline, the nearest first. Interactions without a deadline come last, the oldest first. */
    DEADLINE;

    /** {@return this order as a comparator of places} */
    public Comparator<InteractionPlace> places() {
        return switch (this) {
            case OLDEST -> InteractionPlace.BY_AGE;
            case NEWEST -> InteractionPlace.BY_AGE.reversed();
            case DEADLINE -> InteractionPlace.BY_DEADLINE;
        };
    }
}
