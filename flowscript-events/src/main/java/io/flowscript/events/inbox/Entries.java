package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every entry of the inbox, by its execution and in one of two indexes: one for open interactions, one for closed ones.
 *
 * <p>Updates of the same execution run one at a time, as computations of the map by execution. Readers take no lock.
 *
 * <p>A changed entry is first added under its new keys, then gets its new state, and then is removed from its old keys.
 * A reader that reads the open index before the closed one therefore finds an entry that is closed meanwhile at least
 * once.
 *
 * <p>A query for one person's interactions reads several buckets. A reassigned entry can move from one of them to
 * another while the query runs, so that the query misses it. {@link #readConsistently} and {@link #readExclusively}
 * prevent this.
 */
final class Entries {

    private static final int OPTIMISTIC_READS = 3;

    private final ConcurrentMap<String, List<Entry>> byExecution = new ConcurrentHashMap<>();
    private final InboxIndex openIndex = new InboxIndex();
    private final InboxIndex closedIndex = new InboxIndex();
    private final AtomicLong movesBegun = new AtomicLong();
    private final AtomicLong movesEnded = new AtomicLong();

    /** Shared by updates that reassign entries; held exclusively by a reader whose optimistic reads have all failed. */
    private final ReadWriteLock moveLock = new ReentrantReadWriteLock();

    InboxIndex openIndex() {
        return openIndex;
    }

    InboxIndex closedIndex() {
        return closedIndex;
    }

    List<Entry> of(String executionId) {
        return byExecution.getOrDefault(executionId, List.of());
    }

    /** Returns the interaction as it is now; null when it is not in the inbox. */
    @Nullable
    Interaction find(PauseToken token) {
        for (Entry entry : of(token.executionId())) {
            if (entry.tokenId().equals(token.tokenId())) {
                return entry.interaction();
            }
        }
        return null;
    }

    /**
     * Returns the interaction as it is after the update that runs now, if one does. An update reports an interaction
     * before {@link #find} returns it. Whoever acts on such a report and must not miss the interaction calls this
     * method. It waits for the update; do not call it from within one.
     *
     * @return null when the interaction is not in the inbox
     */
    @Nullable
    Interaction findAfterUpdate(PauseToken token) {
        byExecution.computeIfPresent(token.executionId(), (id, known) -> known);
        return find(token);
    }

    /**
     * Updates the entries of an execution.
     *
     * @param read returns the newest snapshot, or null when the execution no longer exists. It is called while no other
     *     thread updates the same execution, so that a later update always sees a later snapshot.
     * @param changed receives each difference: the state before, null for a new entry; and the state after, null for a
     *     removed one. Called while the execution's entries are locked; must not block.
     */
    void update(
            String executionId,
            Supplier<@Nullable ExecutionSnapshot> read,
            BiConsumer<@Nullable Interaction, @Nullable Interaction> changed) {
        byExecution.compute(executionId, (id, known) -> updated(known, read.get(), changed));
    }

    /**
     * Runs a read during which no entry is reassigned. Takes no lock, so the read may call code of the application.
     *
     * @return what the read returned; null when an entry was reassigned during each of {@value #OPTIMISTIC_READS} reads
     */
    <T> @Nullable T readConsistently(Supplier<T> read) {
        for (int i = 0; i < OPTIMISTIC_READS; i++) {
            long ended = movesEnded.get();
            if (movesBegun.get() == ended) {
                T result = read.get();
                if (movesBegun.get() == ended) {
                    return result;
                }
            }
        }
        return null;
    }

    /** Runs a read while reassignments are locked out. It must be short and must not call code of the application. */
    <T> T readExclusively(Supplier<T> read) {
        moveLock.writeLock().lock();
        try {
            return read.get();
        } finally {
            moveLock.writeLock().unlock();
        }
    }

    private @Nullable List<Entry> updated(
            @Nullable List<Entry> known,
            @Nullable ExecutionSnapshot now,
            BiConsumer<@Nullable Interaction, @Nullable Interaction> changed) {
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
            List<Entry> before,
            ExecutionSnapshot now,
            BiConsumer<@Nullable Interaction, @Nullable Interaction> changed) {
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
            @Nullable Entry entry, Interaction now, BiConsumer<@Nullable Interaction, @Nullable Interaction> changed) {
        if (entry == null || !entry.hasSamePlace(now)) {
            Interaction was = entry == null ? null : entry.interaction();
            Entry replacement = Entry.of(now);
            indexOf(now).add(replacement, now);
            if (entry != null && was != null) {
                indexOf(was).remove(entry, was);
            }
            changed.accept(was, now);
            return replacement;
        }
        Interaction was = entry.interaction();
        if (!was.equals(now)) {
            move(entry, was, now);
            changed.accept(was, now);
        }
        return entry;
    }

    private void move(Entry entry, Interaction was, Interaction now) {
        InboxIndex from = indexOf(was);
        InboxIndex to = indexOf(now);
        if (from != to) {
            to.add(entry, now);
            entry.setInteraction(now);
            from.remove(entry, was);
        } else if (was.assignment().equals(now.assignment())) {
            moveWithin(to, entry, was, now);
        } else {
            moveLock.readLock().lock();
            movesBegun.incrementAndGet();
            try {
                moveWithin(to, entry, was, now);
            } finally {
                movesEnded.incrementAndGet();
                moveLock.readLock().unlock();
            }
        }
    }

    private static void moveWithin(InboxIndex index, Entry entry, Interaction was, Interaction now) {
        index.addNewKeys(entry, was, now);
        entry.setInteraction(now);
        index.removeOldKeys(entry, was, now);
    }

    private void forget(Entry entry, BiConsumer<@Nullable Interaction, @Nullable Interaction> changed) {
        Interaction was = entry.interaction();
        indexOf(was).remove(entry, was);
        changed.accept(was, null);
    }

    private InboxIndex indexOf(Interaction interaction) {
        return interaction.isOpen() ? openIndex : closedIndex;
    }
}
