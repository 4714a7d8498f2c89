package io.flowscript.events.delivery;

import io.flowscript.json.protocol.EventFilter;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How many names the filters of a client's subscriptions have. Subscriptions of one request share a filter, which counts once. It is
 * kept with each change, so that looking takes no longer with many subscriptions. For one thread.
 */
final class FilterEntries {

    /** How many subscriptions have each filter that is not empty. */
    private final IdentityHashMap<EventFilter, Integer> uses = new IdentityHashMap<>();

    private int entries;

    /** Counts the filter of a subscription. */
    void add(EventFilter filter) {
        if (!filter.isEmpty() && uses.merge(filter, 1, Integer::sum) == 1) {
            entries += filter.size();
        }
    }

    /** Counts the filter of a subscription no more. */
    void remove(EventFilter filter) {
        if (!filter.isEmpty()
                && uses.computeIfPresent(filter, (same, count) -> count == 1 ? null : count - 1) == null) {
            entries -= filter.size();
        }
    }

    /** {@return how many names there would be with the filter of one more subscription, which takes the place of another one or of none} */
    @SuppressWarnings("ReferenceEquality") // filters count once for each object
    int with(EventFilter more, @Nullable EventFilter replaced) {
        int added = uses.containsKey(more) ? 0 : more.size();
        if (replaced == null || replaced == more || uses.getOrDefault(replaced, 0) != 1) {
            return entries + added;
        }
        return entries + added - replaced.size();
    }
}
