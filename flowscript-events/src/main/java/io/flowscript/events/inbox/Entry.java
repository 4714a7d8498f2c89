package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An interaction and its sort keys. The keys never change; the interaction's state does ({@link #setInteraction}). An
 * interaction whose keys change gets a new entry.
 *
 * <p>If two interactions were requested at the same instant, a hash of their ids decides. A cursor contains this hash
 * instead of the token, because a person who may not see an interaction must not learn its token.
 */
class Entry {

    /** The order by age, the oldest first. */
    static final Comparator<Entry> BY_AGE = Comparator.<Entry, Instant>comparing(entry -> entry.requestedAt)
            .thenComparingLong(entry -> entry.tieBreak)
            .thenComparingInt(Entry::side)
            .thenComparing(Entry::executionId)
            .thenComparing(Entry::tokenId);

    /** The order by deadline, the earliest first, entries without a deadline last. */
    static final Comparator<Entry> BY_DEADLINE = Comparator.<Entry, Instant>comparing(
                    entry -> entry.deadline == null ? Instant.MAX : entry.deadline)
            .thenComparing(BY_AGE);

    private final Instant requestedAt;
    private final @Nullable Instant deadline;
    private final long tieBreak;
    private volatile @Nullable Interaction interaction;

    private Entry(Instant requestedAt, @Nullable Instant deadline, long tieBreak, @Nullable Interaction interaction) {
        this.requestedAt = requestedAt;
        this.deadline = deadline;
        this.tieBreak = tieBreak;
        this.interaction = interaction;
    }

    static Entry of(Interaction interaction) {
        return new Entry(interaction.requestedAt(), interaction.deadline(), hash(interaction.token()), interaction);
    }

    /** A boundary directly before or after all entries with these sort keys. It has no interaction. */
    static Entry boundary(Instant requestedAt, @Nullable Instant deadline, long tieBreak, boolean after) {
        return new Boundary(requestedAt, deadline, tieBreak, after ? 1 : -1);
    }

    Instant requestedAt() {
        return requestedAt;
    }

    @Nullable
    Instant deadline() {
        return deadline;
    }

    long tieBreak() {
        return tieBreak;
    }

    /** Returns the interaction as it is now. */
    Interaction interaction() {
        return Objects.requireNonNull(interaction, "a boundary has no interaction");
    }

    void setInteraction(Interaction now) {
        interaction = now;
    }

    /** Whether an interaction has the sort keys of this entry. */
    boolean hasSameKeys(Interaction now) {
        return requestedAt.equals(now.requestedAt()) && Objects.equals(deadline, now.deadline());
    }

    /** Returns 0 for an entry, -1 for a boundary before the entries with the same keys, 1 for one after them. */
    int side() {
        return 0;
    }

    String executionId() {
        return interaction().token().executionId();
    }

    String tokenId() {
        return interaction().token().tokenId();
    }

    private static long hash(PauseToken token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(token.executionId().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            byte[] hash = digest.digest(token.tokenId().getBytes(StandardCharsets.UTF_8));
            long first = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                first = first << Byte.SIZE | (hash[i] & 0xff);
            }
            return first;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** A boundary between entries: it has sort keys but no interaction. */
    private static final class Boundary extends Entry {

        private final int side;

        Boundary(Instant requestedAt, @Nullable Instant deadline, long tieBreak, int side) {
            super(requestedAt, deadline, tieBreak, null);
            this.side = side;
        }

        @Override
        int side() {
            return side;
        }

        @Override
        String executionId() {
            return "";
        }

        @Override
        String tokenId() {
            return "";
        }
    }
}
