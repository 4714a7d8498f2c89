package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an interaction matches a query and is visible, and adds up the cost of deciding. For one thread at a
 * time.
 */
final class Filter {

    /** How many searched characters cost as much as one examined interaction. */
    private static final int CHARACTERS_PER_INTERACTION = 64;

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

    boolean passes(Interaction interaction) {
        cost++;
        return query.fits(interaction) && contains(interaction) && visible.test(interaction);
    }

    /** {@return whether an interaction is visible, also when it does not match the query} */
    boolean isVisible(Interaction interaction) {
        cost++;
        return visible.test(interaction);
    }

    /** Returns the cost so far: the number of examined interactions, and what the text search adds. */
    long cost() {
        return cost;
    }

    private boolean contains(Interaction interaction) {
        if (text == null) {
            return true;
        }
        boolean found = text.finds(interaction);
        cost += text.searched() / CHARACTERS_PER_INTERACTION;
        return found;
    }
}
