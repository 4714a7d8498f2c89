package io.flowscript.events.inbox;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of an interaction, and who has seen it. Immutable.
 *
 * @param interaction the interaction
 * @param seenBy the names of those who have seen it, the first one first; empty when the interaction is closed
 */
record Item(Interaction interaction, List<String> seenBy) {

    /** The state of an interaction that is new to the inbox. */
    static Item of(Interaction interaction, int maxSeenBy) {
        return new Item(interaction, List.of()).updatedTo(interaction, maxSeenBy);
    }

    /** The new state of the same interaction. Claiming it or voting on it counts as seeing it. */
    Item updatedTo(Interaction now, int maxSeenBy) {
        if (!now.isOpen()) {
            return new Item(now, List.of());
        }
        Item next = new Item(now, seenBy);
        if (now.claim() != null) {
            next = next.withSeenBy(now.claim().by(), maxSeenBy);
        }
        for (Interaction.Reply reply : now.replies()) {
            Identity by = reply.by();
            next = by == null ? next : next.withSeenBy(by.name(), maxSeenBy);
        }
        return next;
    }

    /**
     * The state after a person has seen the interaction. It is unchanged when the name is known already, when the
     * interaction is closed, or when {@code maxSeenBy} names are known.
     */
    Item withSeenBy(String by, int maxSeenBy) {
        if (!interaction.isOpen() || seenBy.size() >= maxSeenBy || seenBy.contains(by)) {
            return this;
        }
        List<String> names = new ArrayList<>(seenBy);
        names.add(by);
        return new Item(interaction, List.copyOf(names));
    }

    /** Whether the interaction is open and no person has seen it. */
    boolean isUnseen() {
        return interaction.isOpen() && seenBy.isEmpty();
    }
}
