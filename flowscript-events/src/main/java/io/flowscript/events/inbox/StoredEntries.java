package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.interaction.Interactions;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The interactions in the engine's store that match a query, in its order. They are read page by page; each page is larger
 * than the one before, because those before were not enough. Reading can block. For one thread.
 */
final class StoredEntries implements Iterator<Interaction> {

    private static final int LARGEST_PAGE = 1_000;

    private final Interactions interactions;
    private final InteractionQuery query;
    private final InteractionOrder order;
    private Iterator<Interaction> page;
    private @Nullable InteractionPlace next;
    private boolean more = true;
    private int pageSize;

    /**
     * Creates an iterator that has read nothing.
     *
     * @param after the place after which it begins; null for the beginning
     * @param firstPage how many interactions are read at first
     */
    StoredEntries(
            Interactions interactions,
            InteractionQuery query,
            InteractionOrder order,
            @Nullable InteractionPlace after,
            int firstPage) {
        this.interactions = interactions;
        this.query = query;
        this.order = order;
        this.next = after;
        this.pageSize = Math.min(LARGEST_PAGE, firstPage);
        this.page = InteractionPage.EMPTY.interactions().iterator();
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && more) {
            InteractionPage read = interactions.stored(query, order, next, pageSize);
            page = read.interactions().iterator();
            next = read.next();
            more = next != null;
            pageSize = Math.min(LARGEST_PAGE, 2 * pageSize);
        }
        return page.hasNext();
    }

    @Override
    public Interaction next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return page.next();
    }
}
