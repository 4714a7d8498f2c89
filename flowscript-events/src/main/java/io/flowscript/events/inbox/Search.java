package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.events.inbox.Inbox.Count;
import io.flowscript.events.inbox.Inbox.Page;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds and counts the interactions that match a query.
 *
 * <p>It scans the smallest set of buckets that holds every match, in the order of the query, first of the open and then
 * of the closed index. It stops after the limit of a page or after {@link InboxLimits#maxExamined()} examined
 * interactions. Runs on the caller's thread; safe for use by any thread.
 */
final class Search {

    private static final Set<Status> OPEN = Set.of(Status.OPEN, Status.CLAIMED);
    private static final Set<Status> CLOSED = Set.of(Status.ANSWERED, Status.EXPIRED, Status.CANCELLED);

    private final Entries entries;
    private final @Nullable Interactions stored;
    private final InboxLimits limits;

    /**
     * Creates a search.
     *
     * @param entries the entries in memory
     * @param stored reads what is in the store; null for an engine without one
     */
    Search(Entries entries, @Nullable Interactions stored, InboxLimits limits) {
        this.entries = entries;
        this.stored = stored;
        this.limits = limits;
    }

    /** An entry that a scan looks at, and its state at that moment. */
    private record Candidate(Entry entry, Interaction interaction) {

        static Candidate now(Entry entry) {
            return new Candidate(entry, entry.interaction());
        }
    }

    /** A match: its entry, and the interaction as it was when the scan read it. */
    private record Match(Entry entry, Interaction interaction) {}

    /**
     * The matches of one scan.
     *
     * @param stoppedAt the last examined entry when the scan stopped early; null when it reached the end
     */
    private record Scan(List<Match> found, @Nullable Entry stoppedAt) {}

    /**
     * The matches of all scans, in order.
     *
     * @param stoppedAt the entry at which the search stopped early; null when it reached the end
     */
    private record Result(List<Match> found, @Nullable Entry stoppedAt) {}

    Page page(InboxQuery query, Predicate<? super Interaction> visible, @Nullable String cursor, int limit) {
        Entry start = CursorCodec.start(query, cursor == null ? null : CursorCodec.read(cursor, query.order()));
        Result result = find(query, visible, start, limit + 1);
        List<Match> found = result.found();
        Entry next = result.stoppedAt();
        if (found.size() > limit) {
            found = found.subList(0, limit);
            next = found.get(limit - 1).entry();
        }
        return new Page(
                found.stream().map(Match::interaction).toList(),
                next == null ? null : CursorCodec.write(next, query.order()));
    }

    Count count(InboxQuery query, Predicate<? super Interaction> visible) {
        return count(find(query, visible, CursorCodec.start(query, null), Integer.MAX_VALUE));
    }

    /** Counts all matches. The store counts its own, as long as it can decide which these are. */
    Count count(InboxQuery query) {
        Interactions from = stored;
        if (from == null || !query.isConditionOnly()) {
            Count indexed = indexedCount(query);
            return indexed == null ? count(query, interaction -> true) : indexed;
        }
        Count inMemory = indexedCount(query);
        if (inMemory == null) {
            inMemory = count(merged(
                    inMemory(query, interaction -> true, CursorCodec.start(query, null), Integer.MAX_VALUE),
                    CursorCodec.comparator(query.order())));
        }
        long most = query.isOnlyIndexed() ? Long.MAX_VALUE : limits.maxExamined() + 1L;
        long inStore = from.countStored(query.condition(), most);
        return inStore < most
                ? new Count(inMemory.value() + inStore, inMemory.exact())
                : new Count(inMemory.value() + limits.maxExamined(), false);
    }

    private static Count count(Result result) {
        return new Count(result.found().size(), result.stoppedAt() == null);
    }

    /** Returns the count when the sizes of the buckets give it; null when the matches have to be counted. */
    private @Nullable Count indexedCount(InboxQuery query) {
        Set<Status> statuses = query.condition().statuses();
        boolean open = statuses.containsAll(OPEN);
        boolean closed = statuses.containsAll(CLOSED);
        int asked = (open ? OPEN.size() : 0) + (closed ? CLOSED.size() : 0);
        if (!query.isOnlyIndexed() || asked != statuses.size()) {
            return null;
        }
        long size = (open ? InboxIndex.size(entries.openIndex().candidates(query.condition())) : 0)
                + (closed ? InboxIndex.size(entries.closedIndex().candidates(query.condition())) : 0);
        return new Count(size, true);
    }

    private Result find(InboxQuery query, Predicate<? super Interaction> visible, @Nullable Entry start, int limit) {
        List<Scan> scans = new ArrayList<>(inMemory(query, visible, start, limit));
        Interactions from = stored;
        if (from != null) {
            Iterator<Interaction> all = new StoredEntries(
                    from, query.condition(), query.order().interactions(), start == null ? null : start.place(), limit);
            scans.add(scan(query, visible, limit, candidates(all)));
        }
        return merged(scans, CursorCodec.comparator(query.order()));
    }

    private static Iterator<Candidate> candidates(Iterator<Interaction> all) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public Candidate next() {
                Interaction interaction = all.next();
                return new Candidate(Entry.of(interaction), interaction);
            }
        };
    }

    private List<Scan> inMemory(
            InboxQuery query, Predicate<? super Interaction> visible, @Nullable Entry start, int limit) {
        List<Supplier<Iterator<Candidate>>> candidates = candidates(query, start);
        if (query.condition().meantFor() == null) {
            return scans(query, visible, limit, candidates);
        }
        List<Scan> scans = entries.readConsistently(() -> scans(query, visible, limit, candidates));
        return scans == null ? scans(query, visible, limit, entries.readExclusively(() -> copies(candidates))) : scans;
    }

    /** What a query has to look at, in the order in which it has to do so. */
    private List<Supplier<Iterator<Candidate>>> candidates(InboxQuery query, @Nullable Entry start) {
        String executionId = query.condition().executionId();
        if (executionId != null) {
            return List.of(() -> ordered(entries.of(executionId), query, start));
        }
        List<Supplier<Iterator<Candidate>>> candidates = new ArrayList<>(2);
        // Open before closed: an interaction that is closed meanwhile is then found in the closed index.
        if (query.condition().statuses().stream().anyMatch(OPEN::contains)) {
            candidates.add(() -> ordered(entries.openIndex(), query, start));
        }
        if (query.condition().statuses().stream().anyMatch(CLOSED::contains)) {
            candidates.add(() -> ordered(entries.closedIndex(), query, start));
        }
        return candidates;
    }

    /** Copies as many candidates as a scan looks at. */
    private List<Supplier<Iterator<Candidate>>> copies(List<Supplier<Iterator<Candidate>>> candidates) {
        List<Supplier<Iterator<Candidate>>> copies = new ArrayList<>();
        for (Supplier<Iterator<Candidate>> some : candidates) {
            List<Candidate> copy = new ArrayList<>();
            Iterator<Candidate> all = some.get();
            while (all.hasNext() && copy.size() <= limits.maxExamined()) {
                copy.add(all.next());
            }
            copies.add(copy::iterator);
        }
        return copies;
    }

    private List<Scan> scans(
            InboxQuery query,
            Predicate<? super Interaction> visible,
            int limit,
            List<Supplier<Iterator<Candidate>>> candidates) {
        List<Scan> scans = new ArrayList<>(2);
        candidates.forEach(some -> scans.add(scan(query, visible, limit, some.get())));
        return scans;
    }

    private Scan scan(
            InboxQuery query, Predicate<? super Interaction> visible, int limit, Iterator<Candidate> candidates) {
        Filter filter = new Filter(query, visible, limits);
        List<Match> found = new ArrayList<>();
        Entry last = null;
        // What is enough is checked first, because looking for another one may read another page.
        while ((last != null && found.size() >= limit) || candidates.hasNext()) {
            if (last != null && (found.size() >= limit || filter.cost() >= limits.maxExamined())) {
                return new Scan(found, last);
            }
            Candidate candidate = candidates.next();
            Entry entry = candidate.entry();
            if (CursorCodec.isPastEnd(query, entry)) {
                break;
            }
            if (filter.passes(candidate.interaction())) {
                found.add(new Match(entry, candidate.interaction()));
            }
            last = entry;
        }
        return new Scan(found, null);
    }

    /**
     * Merges the scans in the order of the query. If a scan stopped early, the result ends there, because that scan may
     * have further matches right after that entry.
     */
    private static Result merged(List<Scan> scans, Comparator<Entry> order) {
        Entry stoppedAt = null;
        for (Scan scan : scans) {
            if (scan.stoppedAt() != null && (stoppedAt == null || order.compare(scan.stoppedAt(), stoppedAt) < 0)) {
                stoppedAt = scan.stoppedAt();
            }
        }
        List<Match> all = new ArrayList<>();
        for (Scan scan : scans) {
            for (Match found : scan.found()) {
                if (stoppedAt == null || order.compare(found.entry(), stoppedAt) <= 0) {
                    all.add(found);
                }
            }
        }
        if (scans.size() > 1) {
            all.sort(Comparator.comparing(Match::entry, order));
            for (int i = all.size() - 1; i > 0; i--) {
                if (all.get(i).entry() == all.get(i - 1).entry()) {
                    // The interaction was closed between the two scans: the later match counts.
                    all.remove(i - 1);
                }
            }
        }
        return new Result(all, stoppedAt);
    }

    private static Iterator<Candidate> ordered(List<Entry> some, InboxQuery query, @Nullable Entry start) {
        Comparator<Entry> order = CursorCodec.comparator(query.order());
        return some.stream()
                .filter(entry -> start == null || order.compare(entry, start) > 0)
                .sorted(order)
                .map(Candidate::now)
                .iterator();
    }

    private static Iterator<Candidate> ordered(InboxIndex index, InboxQuery query, @Nullable Entry start) {
        List<Iterator<Entry>> sources = new ArrayList<>();
        for (Bucket bucket : index.candidates(query.condition())) {
            NavigableSet<Entry> all = bucket.sorted(query.order());
            sources.add((start == null ? all : all.tailSet(start, false)).iterator());
        }
        Iterator<Entry> ordered = sources.size() == 1
                ? sources.get(0)
                : new MergedEntries(sources, CursorCodec.comparator(query.order()));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return ordered.hasNext();
            }

            @Override
            public Candidate next() {
                return Candidate.now(ordered.next());
            }
        };
    }
}
