package io.flowscript.events.inbox;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import java.util.ArrayList;
import java.util.List;

/**
 * An interaction as it is, and who has seen it. Immutable.
 *
 * @param interaction the interaction
 * @param seenBy names, the first one first; empty when it is closed
 */
record Item(Interaction interaction, List<String> seenBy) {

    /** One that is new here. */
    static Item of(Interaction interaction, int maxSeenBy) {
        return new Item(interaction, List.of()).become(interaction, maxSeenBy);
    }

    /** The same interaction as it is now. Whoever takes it on or has a vote in it has seen it. */
    Item become(Interaction now, int maxSeenBy) {
        if (!now.isOpen()) {
            return new Item(now, List.of());
        }
        Item next = new Item(now, seenBy);
        if (now.claim() != null) {
            next = next.seen(now.claim().by(), maxSeenBy);
        }
        for (Interaction.Reply reply : now.replies()) {
            Identity by = reply.by();
            next = by == null ? next : next.seen(by.name(), maxSeenBy);
        }
        return next;
    }

    /** Once somebody has seen it; the same where that is known, where it is closed, or where as many have as are noted. */
    Item seen(String by, int maxSeenBy) {
        if (!interaction.isOpen() || seenBy.size() >= maxSeenBy || seenBy.contains(by)) {
            return this;
        }
        List<String> names = new ArrayList<>(seenBy);
        names.add(by);
        return new Item(interaction, List.copyOf(names));
    }

    /** Whether it waits for an answer, and nobody has seen it. */
    boolean isUnseen() {
        return interaction.isOpen() && seenBy.isEmpty();
    }
}
