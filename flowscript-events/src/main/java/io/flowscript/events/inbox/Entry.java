package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPlace;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An interaction and its place in the orders. The place never changes; the interaction's state does ({@link
 * #setInteraction}). An interaction whose place changes gets a new entry.
 */
class Entry {

    /** The order by age, the oldest first. */
    static final Comparator<Entry> BY_AGE = by(InteractionOrder.OLDEST);

    /** The order by deadline, the earliest first, entries without a deadline last. */
    static final Comparator<Entry> BY_DEADLINE = by(InteractionOrder.DEADLINE);

    private final InteractionPlace place;
    private volatile @Nullable Interaction interaction;

    private Entry(InteractionPlace place, @Nullable Interaction interaction) {
        this.place = place;
        this.interaction = interaction;
    }

    static Entry of(Interaction interaction) {
        return new Entry(InteractionPlace.of(interaction), interaction);
    }

    /** A boundary directly before or after all entries with a place. It has no interaction. */
    static Entry boundary(InteractionPlace place, boolean after) {
        return new Boundary(place, after ? 1 : -1);
    }

    private static Comparator<Entry> by(InteractionOrder order) {
        return Comparator.comparing(Entry::place, order.places())
                .thenComparingInt(Entry::side)
                .thenComparing(Entry::executionId)
                .thenComparing(Entry::tokenId);
    }

    InteractionPlace place() {
        return place;
    }

    /** Returns the interaction as it is now. */
    Interaction interaction() {
        return Objects.requireNonNull(interaction, "a boundary has no interaction");
    }

    void setInteraction(Interaction now) {
        interaction = now;
    }

    /** Whether an interaction has the place of this entry. */
    boolean hasSamePlace(Interaction now) {
        return place.equals(InteractionPlace.of(now));
    }

    /** Returns 0 for an entry, -1 for a boundary before the entries with the same place, 1 for one after them. */
    int side() {
        return 0;
    }

    String executionId() {
        return interaction().token().executionId();
    }

    String tokenId() {
        return interaction().token().tokenId();
    }

    /** A boundary between entries: it has a place but no interaction. */
    private static final class Boundary extends Entry {

        private final int side;

        Boundary(InteractionPlace place, int side) {
            super(place, null);
            this.side = side;
        }

        @Override
        int side() {
            return side;
        }

        @Override
        String executionId() {
            return "";
        }

        @Override
        String tokenId() {
            return "";
        }
    }
}
