package io.flowscript.events.inbox;

import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every entry, by its execution and on the shelf of the open or the closed ones. Safe for use by any thread: one at a time brings an execution
 * up to date, and readers take no lock.
 *
 * <p>An entry that changes its place is put where it belongs from now on, then becomes what it is now, then is taken away where it belonged. So
 * whoever reads the open ones first and the closed ones then meets it at least once. Whoever reads what is meant for somebody reads several
 * buckets, between any two of which an entry can move when it is assigned anew: {@link #unmoved} sees to those.
 */
final class Entries {

    private static final int TRIES = 3;

    private final int maxSeenBy;
    private final ConcurrentMap<String, List<Entry>> byExecution = new ConcurrentHashMap<>();
    private final InboxIndex open = new InboxIndex();
    private final InboxIndex closed = new InboxIndex();
    private final AtomicLong movesBegun = new AtomicLong();
    private final AtomicLong movesEnded = new AtomicLong();

    /** Those who assign entries anew share it; a reader that was overtaken too often has it alone. */
    private final ReadWriteLock moving = new ReentrantReadWriteLock();

    Entries(InboxLimits limits) {
        this.maxSeenBy = limits.maxSeenBy();
    }

    InboxIndex open() {
        return open;
    }

    InboxIndex closed() {
        return closed;
    }

    List<Entry> of(String executionId) {
        return byExecution.getOrDefault(executionId, List.of());
    }

    /** What an interaction is now; null when it is not here. */
    @Nullable
    Item find(PauseToken token) {
        for (Entry entry : of(token.executionId())) {
            if (entry.tokenId().equals(token.tokenId())) {
                return entry.item();
            }
        }
        return null;
    }

    /**
     * Brings the entries of an execution up to date.
     *
     * @param read what it is now, or null when it is not any more; called when nobody else brings the same one up to date, so what was read
     *     later counts
     * @param changed is told of each difference: before, null for a new one; and after, null for one that is gone
     */
    void update(
            String executionId,
            Supplier<@Nullable ExecutionSnapshot> read,
            BiConsumer<@Nullable Item, @Nullable Item> changed) {
        byExecution.compute(executionId, (id, known) -> updated(known, read.get(), changed));
    }

    /**
     * Notes that somebody has seen some interactions of an execution, once its entries are up to date: who sees a question in the log can be faster than
     * the inbox.
     *
     * @param tokenIds which
     * @param by the name of who
     * @param read as above
     * @param changed as above
     */
    void seen(
            String executionId,
            Set<String> tokenIds,
            String by,
            Supplier<@Nullable ExecutionSnapshot> read,
            BiConsumer<@Nullable Item, @Nullable Item> changed) {
        byExecution.compute(executionId, (id, known) -> {
            List<Entry> entries = updated(known, read.get(), changed);
            for (Entry entry : entries == null ? List.<Entry>of() : entries) {
                Item was = entry.item();
                Item now = tokenIds.contains(entry.tokenId()) ? was.seen(by, maxSeenBy) : was;
                if (!now.seenBy().equals(was.seenBy())) {
                    entry.become(now);
                    changed.accept(was, now);
                }
            }
            return entries;
        });
    }

    /** Reads something while no entry moves between two that are meant for the same person. */
    <T> T unmoved(Supplier<T> read) {
        for (int i = 0; i < TRIES; i++) {
            long ended = movesEnded.get();
            if (movesBegun.get() == ended) {
                T result = read.get();
                if (movesBegun.get() == ended) {
                    return result;
                }
            }
        }
        moving.writeLock().lock();
        try {
            return read.get();
        } finally {
            moving.writeLock().unlock();
        }
    }

    private @Nullable List<Entry> updated(
            @Nullable List<Entry> known,
            @Nullable ExecutionSnapshot now,
            BiConsumer<@Nullable Item, @Nullable Item> changed) {
        List<Entry> before = known == null ? List.of() : known;
        if (now == null) {
            before.forEach(entry -> forget(entry, changed));
            return null;
        }
        if (before.isEmpty() && now.open().isEmpty() && now.closed().isEmpty()) {
            return null;
        }
        List<Entry> after = update(before, now, changed);
        return after.isEmpty() ? null : after;
    }

    private List<Entry> update(
            List<Entry> before, ExecutionSnapshot now, BiConsumer<@Nullable Item, @Nullable Item> changed) {
        Map<String, Entry> known = new HashMap<>();
        before.forEach(entry -> known.put(entry.tokenId(), entry));
        List<Entry> after = new ArrayList<>();
        for (List<Interaction> interactions : List.of(now.open(), now.closed())) {
            for (Interaction interaction : interactions) {
                if (interaction.question() != null) {
                    Entry entry = known.remove(interaction.token().tokenId());
                    after.add(update(entry, interaction, changed));
                }
            }
        }
        known.values().forEach(entry -> forget(entry, changed));
        return List.copyOf(after);
    }

    private Entry update(
            @Nullable Entry entry, Interaction interaction, BiConsumer<@Nullable Item, @Nullable Item> changed) {
        if (entry == null || !entry.isPlaceOf(interaction)) {
            Item was = entry == null ? null : entry.item();
            Item now = was == null ? Item.of(interaction, maxSeenBy) : was.become(interaction, maxSeenBy);
            Entry made = Entry.of(now);
            shelf(interaction).add(made, interaction);
            if (entry != null && was != null) {
                shelf(was.interaction()).remove(entry, was.interaction());
            }
            changed.accept(was, now);
            return made;
        }
        Item was = entry.item();
        if (!was.interaction().equals(interaction)) {
            Item now = was.become(interaction, maxSeenBy);
            move(entry, was.interaction(), now);
            changed.accept(was, now);
        }
        return entry;
    }

    private void move(Entry entry, Interaction was, Item now) {
        InboxIndex from = shelf(was);
        InboxIndex to = shelf(now.interaction());
        if (from != to) {
            to.add(entry, now.interaction());
            entry.become(now);
            from.remove(entry, was);
        } else if (was.assignment().equals(now.interaction().assignment())) {
            moveWithin(to, entry, was, now);
        } else {
            moving.readLock().lock();
            movesBegun.incrementAndGet();
            try {
                moveWithin(to, entry, was, now);
            } finally {
                movesEnded.incrementAndGet();
                moving.readLock().unlock();
            }
        }
    }

    private static void moveWithin(InboxIndex shelf, Entry entry, Interaction was, Item now) {
        shelf.join(entry, was, now.interaction());
        entry.become(now);
        shelf.leave(entry, was, now.interaction());
    }

    private void forget(Entry entry, BiConsumer<@Nullable Item, @Nullable Item> changed) {
        Item was = entry.item();
        shelf(was.interaction()).remove(entry, was.interaction());
        changed.accept(was, null);
    }

    private InboxIndex shelf(Interaction interaction) {
        return interaction.isOpen() ? open : closed;
    }
}
