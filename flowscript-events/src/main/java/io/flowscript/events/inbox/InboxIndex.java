package io.flowscript.events.inbox;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionQuery;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one half of the inbox, the open or the closed ones, indexed by person, group, claim holder and
 * workflow. Each key leads to a {@link Bucket} in both sort orders; one more bucket holds all entries.
 *
 * <p>Reading takes no lock and is safe on any thread. {@link Entries} makes sure that only one thread at a time adds,
 * moves or removes the same entry.
 */
final class InboxIndex {

    private static final Bucket NONE = new Bucket();

    private final Bucket all = new Bucket();
    private final Bucket forAnybody = new Bucket();
    private final ConcurrentMap<String, Bucket> people = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Bucket> groups = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Bucket> claimers = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Bucket> workflows = new ConcurrentHashMap<>();

    /** Adds an entry under every key of an interaction. */
    void add(Entry entry, Interaction as) {
        all.add(entry);
        add(workflows, as.workflowId(), entry);
        addAssigned(entry, as.assignment());
        if (as.claim() != null) {
            add(claimers, as.claim().by(), entry);
        }
    }

    /** Removes an entry from every key of an interaction. */
    void remove(Entry entry, Interaction was) {
        all.remove(entry);
        remove(workflows, was.workflowId(), entry);
        removeAssigned(entry, was.assignment(), null);
        if (was.claim() != null) {
            remove(claimers, was.claim().by(), entry);
        }
    }

    /** Adds an entry under the keys that it has now and did not have before. */
    void addNewKeys(Entry entry, Interaction was, Interaction now) {
        if (!was.assignment().equals(now.assignment())) {
            addAssigned(entry, now.assignment());
        }
        if (now.claim() != null
                && (was.claim() == null || !now.claim().by().equals(was.claim().by()))) {
            add(claimers, now.claim().by(), entry);
        }
    }

    /** Removes an entry from the keys that it had before and no longer has. */
    void removeOldKeys(Entry entry, Interaction was, Interaction now) {
        if (!was.assignment().equals(now.assignment())) {
            removeAssigned(entry, was.assignment(), now.assignment());
        }
        if (was.claim() != null
                && (now.claim() == null || !was.claim().by().equals(now.claim().by()))) {
            remove(claimers, was.claim().by(), entry);
        }
    }

    /** Returns every entry, the oldest first. */
    Iterable<Entry> oldestFirst() {
        return all.sorted(InboxQuery.Order.OLDEST);
    }

    /** Returns the buckets with the fewest entries that together hold every match of a query. */
    List<Bucket> candidates(InteractionQuery query) {
        List<Bucket> best = List.of(all);
        best = smaller(best, bucketOf(people, query.assignee()));
        best = smaller(best, bucketOf(groups, query.group()));
        best = smaller(best, bucketOf(claimers, query.claimedBy()));
        best = smaller(best, bucketOf(workflows, query.workflowId()));
        Identity who = query.meantFor();
        return who == null ? best : smaller(best, meantFor(who));
    }

    private List<Bucket> meantFor(Identity who) {
        List<Bucket> theirs = new ArrayList<>();
        theirs.add(people.getOrDefault(who.name(), NONE));
        who.groups().forEach(group -> theirs.add(groups.getOrDefault(group, NONE)));
        theirs.add(forAnybody);
        theirs.removeIf(bucket -> bucket == NONE);
        return theirs;
    }

    private static @Nullable List<Bucket> bucketOf(ConcurrentMap<String, Bucket> buckets, @Nullable String key) {
        return key == null ? null : List.of(buckets.getOrDefault(key, NONE));
    }

    private static List<Bucket> smaller(List<Bucket> some, @Nullable List<Bucket> others) {
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
            forAnybody.add(entry);
            return;
        }
        to.people().forEach(person -> add(people, person, entry));
        to.groups().forEach(group -> add(groups, group, entry));
    }

    private void removeAssigned(Entry entry, Assignment was, @Nullable Assignment now) {
        if (was.isForAnybody()) {
            if (now == null || !now.isForAnybody()) {
                forAnybody.remove(entry);
            }
            return;
        }
        minus(was.people(), now == null ? List.of() : now.people()).forEach(person -> remove(people, person, entry));
        minus(was.groups(), now == null ? List.of() : now.groups()).forEach(group -> remove(groups, group, entry));
    }

    private static Set<String> minus(List<String> names, List<String> kept) {
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
