package io.flowscript.core.interaction;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Interactions that follow each other in an order.
 *
 * @param interactions the interactions in their order; the list may be shorter than was asked for, or even empty, although
 *     more follow
 * @param next the place after which the next page begins; null when nothing follows
 * @since 0.1.0
 */
public record InteractionPage(
        List<Interaction> interactions, @Nullable InteractionPlace next) {

    /** A page without interactions, after which none follow. */
    public static final InteractionPage EMPTY = new InteractionPage(List.of(), null);

    /**
     * Copies the list.
     *
     * @param interactions the interactions in their order
     * @param next the place after which the next page begins; null when nothing follows
     */
    public InteractionPage {
        interactions = List.copyOf(interactions);
    }
}
