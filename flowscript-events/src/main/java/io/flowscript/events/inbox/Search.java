package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.events.inbox.Inbox.Count;
import io.flowscript.events.inbox.Inbox.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds what fits a query. Safe for use by any thread. */
final class Search {

    private static final Set<Status> OPEN = Set.of(Status.OPEN, Status.CLAIMED);
    private static final Set<Status> CLOSED = Set.of(Status.ANSWERED, Status.EXPIRED, Status.CANCELLED);

    private final Entries entries;
    private final InboxLimits limits;

    Search(Entries entries, InboxLimits limits) {
        this.entries = entries;
        this.limits = limits;
    }

    /** An interaction that was found, as it was then, and where. */
    private record Found(Entry entry, Interaction interaction) {}

    /**
     * What was found in one place.
     *
     * @param stop the last entry that was looked at, when there are more; null when it was looked through
     */
    private record Part(List<Found> found, @Nullable Entry stop) {}

    /** All that was found, in order; and where it stopped, if it did. */
    private record Result(List<Found> found, @Nullable Entry stop) {}

    Page page(InboxQuery query, Predicate<? super Interaction> visible, @Nullable String cursor, int limit) {
        Entry start = CursorCodec.start(query, cursor == null ? null : CursorCodec.read(cursor, query.order()));
        Result result = find(query, visible, start, limit + 1);
        List<Found> found = result.found();
        Entry next = result.stop();
        if (found.size() > limit) {
            found = found.subList(0, limit);
            next = found.get(limit - 1).entry();
        }
        return new Page(
                found.stream().map(Found::interaction).toList(),
                next == null ? null : CursorCodec.write(next, query.order()));
    }

    Count count(InboxQuery query, Predicate<? super Interaction> visible) {
        Result result = find(query, visible, CursorCodec.start(query, null), Integer.MAX_VALUE);
        return new Count(result.found().size(), result.stop() == null);
    }

    /** The count where an index knows it; null where it has to be counted. */
    @Nullable
    Count known(InboxQuery query) {
        Set<Status> statuses = query.statuses();
        boolean open = statuses.containsAll(OPEN);
        boolean closed = statuses.containsAll(CLOSED);
        int asked = (open ? OPEN.size() : 0) + (closed ? CLOSED.size() : 0);
        if (!query.isOnlyIndexed() || asked != statuses.size()) {
            return null;
        }
        long size = (open ? InboxIndex.size(entries.open().candidates(query)) : 0)
                + (closed ? InboxIndex.size(entries.closed().candidates(query)) : 0);
        return new Count(size, true);
    }

    private Result find(InboxQuery query, Predicate<? super Interaction> visible, @Nullable Entry start, int limit) {
        return query.meantFor() == null
                ? findNow(query, visible, start, limit)
                : entries.unmoved(() -> findNow(query, visible, start, limit));
    }

    private Result findNow(InboxQuery query, Predicate<? super Interaction> visible, @Nullable Entry start, int limit) {
        List<Part> parts = new ArrayList<>(2);
        String executionId = query.executionId();
        if (executionId != null) {
            parts.add(look(query, visible, limit, ordered(entries.of(executionId), query, start)));
        } else {
            // The open ones first: what is closed meanwhile is then found among the closed ones.
            if (query.statuses().stream().anyMatch(OPEN::contains)) {
                parts.add(look(query, visible, limit, ordered(entries.open(), query, start)));
            }
            if (query.statuses().stream().anyMatch(CLOSED::contains)) {
                parts.add(look(query, visible, limit, ordered(entries.closed(), query, start)));
            }
        }
        return joined(parts, CursorCodec.comparator(query.order()));
    }

    private Part look(InboxQuery query, Predicate<? super Interaction> visible, int limit, Iterator<Entry> candidates) {
        Filter filter = new Filter(query, visible, limits);
        List<Found> found = new ArrayList<>();
        Entry last = null;
        while (candidates.hasNext()) {
            if (last != null && (found.size() >= limit || filter.cost() >= limits.maxExamined())) {
                return new Part(found, last);
            }
            Entry entry = candidates.next();
            if (CursorCodec.isPastEnd(query, entry)) {
                break;
            }
            Item now = entry.item();
            if (filter.passes(now)) {
                found.add(new Found(entry, now.interaction()));
            }
            last = entry;
        }
        return new Part(found, null);
    }

    /** What was found in all parts, as far as the part that came least far. */
    private static Result joined(List<Part> parts, Comparator<Entry> order) {
        Entry stop = null;
        for (Part part : parts) {
            if (part.stop() != null && (stop == null || order.compare(part.stop(), stop) < 0)) {
                stop = part.stop();
            }
        }
        List<Found> all = new ArrayList<>();
        for (Part part : parts) {
            for (Found found : part.found()) {
                if (stop == null || order.compare(found.entry(), stop) <= 0) {
                    all.add(found);
                }
            }
        }
        if (parts.size() > 1) {
            all.sort(Comparator.comparing(Found::entry, order));
            for (int i = all.size() - 1; i > 0; i--) {
                if (all.get(i).entry() == all.get(i - 1).entry()) {
                    // It was closed between the two looks: the later one counts.
                    all.remove(i - 1);
                }
            }
        }
        return new Result(all, stop);
    }

    private static Iterator<Entry> ordered(List<Entry> some, InboxQuery query, @Nullable Entry start) {
        Comparator<Entry> order = CursorCodec.comparator(query.order());
        return some.stream()
                .filter(entry -> start == null || order.compare(entry, start) > 0)
                .sorted(order)
                .iterator();
    }

    private static Iterator<Entry> ordered(InboxIndex shelf, InboxQuery query, @Nullable Entry start) {
        List<Iterator<Entry>> sources = new ArrayList<>();
        for (Bucket bucket : shelf.candidates(query)) {
            NavigableSet<Entry> all = bucket.in(query.order());
            sources.add((start == null ? all : all.tailSet(start, false)).iterator());
        }
        return sources.size() == 1 ? sources.get(0) : new MergedEntries(sources, CursorCodec.comparator(query.order()));
    }
}
