package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether an interaction fits a query and may be seen, and what it costs to find out. For one thread. */
final class Filter {

    /** So many characters searched are as much work as one interaction looked at. */
    private static final int CHARACTERS = 64;

    private final InboxQuery query;
    private final Predicate<? super Interaction> visible;
    private final @Nullable TextSearch text;
    private long cost;

    Filter(InboxQuery query, Predicate<? super Interaction> visible, InboxLimits limits) {
        this.query = query;
        this.visible = visible;
        String part = query.text();
        this.text = part == null ? null : new TextSearch(part, limits.maxSearched());
    }

    boolean passes(Item item) {
        cost++;
        Interaction interaction = item.interaction();
        return query.fits(item) && contains(interaction) && visible.test(interaction);
    }

    /** How much work it was so far: interactions looked at, or as much. */
    long cost() {
        return cost;
    }

    private boolean contains(Interaction interaction) {
        if (text == null) {
            return true;
        }
        boolean found = text.finds(interaction);
        cost += text.searched() / CHARACTERS;
        return found;
    }
}
