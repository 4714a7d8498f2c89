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
 * An interaction and its place in the orders. The place never changes; what the interaction is does.
 *
 * <p>Where two were asked at the same instant, a hash of their names decides: a cursor holds that instead of the token, which nobody may learn who
 * does not see the interaction.
 */
class Entry {

    /** By age, the oldest first. */
    static final Comparator<Entry> BY_AGE = Comparator.<Entry, Instant>comparing(entry -> entry.requestedAt)
            .thenComparingLong(entry -> entry.tie)
            .thenComparingInt(Entry::side)
            .thenComparing(Entry::executionId)
            .thenComparing(Entry::tokenId);

    /** By deadline, the next one first, those without one last. */
    static final Comparator<Entry> BY_DEADLINE = Comparator.<Entry, Instant>comparing(
                    entry -> entry.deadline == null ? Instant.MAX : entry.deadline)
            .thenComparing(BY_AGE);

    private final Instant requestedAt;
    private final @Nullable Instant deadline;
    private final long tie;
    private volatile @Nullable Item item;

    private Entry(Instant requestedAt, @Nullable Instant deadline, long tie, @Nullable Item item) {
        this.requestedAt = requestedAt;
        this.deadline = deadline;
        this.tie = tie;
        this.item = item;
    }

    static Entry of(Item item) {
        Interaction interaction = item.interaction();
        return new Entry(interaction.requestedAt(), interaction.deadline(), hash(interaction.token()), item);
    }

    /** A place before or after all entries with this place. */
    static Entry place(Instant requestedAt, @Nullable Instant deadline, long tie, boolean after) {
        return new Place(requestedAt, deadline, tie, after ? 1 : -1);
    }

    Instant requestedAt() {
        return requestedAt;
    }

    @Nullable
    Instant deadline() {
        return deadline;
    }

    long tie() {
        return tie;
    }

    /** What it is now. */
    Item item() {
        return Objects.requireNonNull(item, "a place has no interaction");
    }

    void become(Item now) {
        item = now;
    }

    /** Whether it has the same place in every order. */
    boolean isPlaceOf(Interaction now) {
        return requestedAt.equals(now.requestedAt()) && Objects.equals(deadline, now.deadline());
    }

    int side() {
        return 0;
    }

    String executionId() {
        return item().interaction().token().executionId();
    }

    String tokenId() {
        return item().interaction().token().tokenId();
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

    /** No interaction, but where one could be. */
    private static final class Place extends Entry {

        private final int side;

        Place(Instant requestedAt, @Nullable Instant deadline, long tie, int side) {
            super(requestedAt, deadline, tie, null);
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
