package io.flowscript.events.inbox;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries, found by whom they are for and where they come from. Safe for use by any thread, where each entry is put in and taken out by one at a
 * time.
 */
final class InboxIndex {

    private static final Bucket NONE = new Bucket();

    private final Bucket all = new Bucket();
    private final Bucket anybody = new Bucket();
    private final ConcurrentMap<String, Bucket> people = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Bucket> groups = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Bucket> claimers = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Bucket> workflows = new ConcurrentHashMap<>();

    /** Puts an entry in wherever an interaction belongs. */
    void add(Entry entry, Interaction as) {
        all.add(entry);
        add(workflows, as.workflowId(), entry);
        addAssigned(entry, as.assignment());
        if (as.claim() != null) {
            add(claimers, as.claim().by(), entry);
        }
    }

    /** Takes an entry out wherever it belonged. */
    void remove(Entry entry, Interaction was) {
        all.remove(entry);
        remove(workflows, was.workflowId(), entry);
        removeAssigned(entry, was.assignment(), null);
        if (was.claim() != null) {
            remove(claimers, was.claim().by(), entry);
        }
    }

    /** Puts an entry in where it belongs now and did not before. */
    void join(Entry entry, Interaction was, Interaction now) {
        if (!was.assignment().equals(now.assignment())) {
            addAssigned(entry, now.assignment());
        }
        if (now.claim() != null
                && (was.claim() == null || !now.claim().by().equals(was.claim().by()))) {
            add(claimers, now.claim().by(), entry);
        }
    }

    /** Takes an entry out where it belonged and does not any more. */
    void leave(Entry entry, Interaction was, Interaction now) {
        if (!was.assignment().equals(now.assignment())) {
            removeAssigned(entry, was.assignment(), now.assignment());
        }
        if (was.claim() != null
                && (now.claim() == null || !was.claim().by().equals(now.claim().by()))) {
            remove(claimers, was.claim().by(), entry);
        }
    }

    /** Everything, the oldest first. */
    Iterable<Entry> all() {
        return all.in(InboxQuery.Order.OLDEST);
    }

    /** The fewest buckets that hold, together, all that fits a query. */
    List<Bucket> candidates(InboxQuery query) {
        List<Bucket> best = List.of(all);
        best = fewer(best, one(people, query.assignee()));
        best = fewer(best, one(groups, query.group()));
        best = fewer(best, one(claimers, query.claimedBy()));
        best = fewer(best, one(workflows, query.workflowId()));
        Identity who = query.meantFor();
        return who == null ? best : fewer(best, meantFor(who));
    }

    private List<Bucket> meantFor(Identity who) {
        List<Bucket> theirs = new ArrayList<>();
        theirs.add(people.getOrDefault(who.name(), NONE));
        who.groups().forEach(group -> theirs.add(groups.getOrDefault(group, NONE)));
        theirs.add(anybody);
        theirs.removeIf(bucket -> bucket == NONE);
        return theirs;
    }

    private static @Nullable List<Bucket> one(ConcurrentMap<String, Bucket> buckets, @Nullable String key) {
        return key == null ? null : List.of(buckets.getOrDefault(key, NONE));
    }

    private static List<Bucket> fewer(List<Bucket> some, @Nullable List<Bucket> others) {
        return others != null && size(others) <= size(some) ? others : some;
    }

    static long size(List<Bucket> buckets) {
        long size = 0;
        for (Bucket bucket : buckets) {
            size += bucket.size();
        }
        return size;
    }

    private void addAssigned(Entry entry, Assignment to) {
        if (to.isForAnybody()) {
            anybody.add(entry);
            return;
        }
        to.people().forEach(person -> add(people, person, entry));
        to.groups().forEach(group -> add(groups, group, entry));
    }

    private void removeAssigned(Entry entry, Assignment was, @Nullable Assignment now) {
        if (was.isForAnybody()) {
            if (now == null || !now.isForAnybody()) {
                anybody.remove(entry);
            }
            return;
        }
        without(was.people(), now == null ? List.of() : now.people()).forEach(person -> remove(people, person, entry));
        without(was.groups(), now == null ? List.of() : now.groups()).forEach(group -> remove(groups, group, entry));
    }

    private static Set<String> without(List<String> names, List<String> kept) {
        Set<String> left = new LinkedHashSet<>(names);
        kept.forEach(left::remove);
        return left;
    }

    private static void add(ConcurrentMap<String, Bucket> buckets, String key, Entry entry) {
        buckets.compute(key, (name, there) -> {
            Bucket bucket = there == null ? new Bucket() : there;
            bucket.add(entry);
            return bucket;
        });
    }

    private static void remove(ConcurrentMap<String, Bucket> buckets, String key, Entry entry) {
        buckets.computeIfPresent(key, (name, bucket) -> {
            bucket.remove(entry);
            return bucket.size() == 0 ? null : bucket;
        });
    }
}
