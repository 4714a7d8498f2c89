package io.flowscript.events.inbox;

import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Merges iterators with the same order into one in that order, each entry once. For one thread. */
final class MergedEntries implements Iterator<Entry> {

    private final PriorityQueue<Source> sources;
    private @Nullable Entry last;

    MergedEntries(Collection<? extends Iterator<Entry>> iterators, Comparator<Entry> order) {
        this.sources = new PriorityQueue<>((a, b) -> order.compare(a.head, b.head));
        for (Iterator<Entry> iterator : iterators) {
            if (iterator.hasNext()) {
                sources.add(new Source(iterator.next(), iterator));
            }
        }
    }

    @Override
    public boolean hasNext() {
        Source first = sources.peek();
        while (first != null && first.head == last) {
            advance();
            first = sources.peek();
        }
        return first != null;
    }

    @Override
    public Entry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Entry next = sources.element().head;
        last = next;
        advance();
        return next;
    }

    private void advance() {
        Source first = sources.remove();
        if (first.rest.hasNext()) {
            first.head = first.rest.next();
            sources.add(first);
        }
    }

    private static final class Source {

        private Entry head;
        private final Iterator<Entry> rest;

        Source(Entry head, Iterator<Entry> rest) {
            this.head = head;
            this.rest = rest;
        }
    }
}
