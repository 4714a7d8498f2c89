package io.flowscript.core.interaction;

import java.util.Comparator;

/**
 * The order in which interactions are read.
 *
 * @since 0.1.0
 */
public enum InteractionOrder {
    /** By the time of the request, the oldest first. */
    OLDEST(Places.BY_AGE),
    /** By the time of the request, the newest first. */
    NEWEST(Places.BY_AGE.reversed()),
    /** By deadline, the nearest first. Interactions without a deadline come last, the oldest first. */
    DEADLINE(Comparator.comparingLong(InteractionPlace::deadline).thenComparing(Places.BY_AGE));

    private final Comparator<InteractionPlace> places;

    InteractionOrder(Comparator<InteractionPlace> places) {
        this.places = places;
    }

    /** {@return this order as a comparator of places} */
    public Comparator<InteractionPlace> places() {
        return places;
    }

    private static final class Places {

        static final Comparator<InteractionPlace> BY_AGE =
                Comparator.comparingLong(InteractionPlace::requested).thenComparingLong(InteractionPlace::tieBreak);

        private Places() {}
    }
}
