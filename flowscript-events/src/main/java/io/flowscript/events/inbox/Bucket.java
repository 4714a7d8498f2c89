package io.flowscript.events.inbox;

import io.flowscript.events.inbox.InboxQuery.Order;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The entries with one key in common, such as one person, in both sort orders. Reading takes no lock and is safe on any
 * thread. Only one thread at a time may add or remove the same entry.
 */
final class Bucket {

    private final NavigableSet<Entry> byAge = new ConcurrentSkipListSet<>(Entry.BY_AGE);
    private final NavigableSet<Entry> byDeadline = new ConcurrentSkipListSet<>(Entry.BY_DEADLINE);
    private final AtomicInteger size = new AtomicInteger();

    void add(Entry entry) {
        if (byAge.add(entry)) {
            byDeadline.add(entry);
            size.incrementAndGet();
        }
    }

    void remove(Entry entry) {
        if (byAge.remove(entry)) {
            byDeadline.remove(entry);
            size.decrementAndGet();
        }
    }

    int size() {
        return size.get();
    }

    NavigableSet<Entry> sorted(Order order) {
        return switch (order) {
            case OLDEST -> byAge;
            case NEWEST -> byAge.descendingSet();
            case DEADLINE -> byDeadline;
        };
    }
}
