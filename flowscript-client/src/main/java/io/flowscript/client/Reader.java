package io.flowscript.client;

import io.flowscript.core.log.Position;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How far one subscription has read one execution. For the loop's thread. */
final class Reader {

    final Subscription subscription;
    final Feed feed;
    private final boolean isFromLatest;
    private @Nullable String epoch;
    private long seq;
    private boolean isAttached;

    /** The server goes on in another epoch, and what was lost of the one before is still to be told. */
    private boolean isForked;

    Reader(Subscription subscription, Feed feed, @Nullable Position at, boolean isFromLatest) {
        this.subscription = subscription;
        this.feed = feed;
        this.isFromLatest = isFromLatest;
        epoch = at == null ? null : at.epoch();
        seq = at == null ? 0 : at.seq();
    }

    @Nullable
    String epoch() {
        return epoch;
    }

    long seq() {
        return seq;
    }

    boolean isAttached() {
        return isAttached;
    }

    void attached(boolean is) {
        isAttached = is;
    }

    /** Whether it takes nothing now. */
    boolean isIdle() {
        return !isAttached || subscription.isBehind() || subscription.isOver();
    }

    /** Where it goes on: a position, or one of the two beginnings. Readers with the same place are asked for together. */
    Place place() {
        String known = epoch;
        return known == null ? new Place(null, isFromLatest ? 0 : seq, isFromLatest) : new Place(known, seq, false);
    }

    /**
     * A place in an execution.
     *
     * @param epoch the epoch; null for the present one
     * @param seq the number of the last event that was seen
     * @param isLatest whether it is at the newest event
     */
    record Place(@Nullable String epoch, long seq, boolean isLatest) {

        /** Which place is asked for first: the one furthest on. */
        long rank() {
            return isLatest ? Long.MAX_VALUE : epoch == null ? seq - 1 : seq;
        }
    }

    /**
     * The server goes on after this reader's place.
     *
     * @param now the epoch of the log
     * @param after the number after which it goes on; negative when the server does not know the reader's place
     */
    void attach(String now, long after) {
        if (after < 0) {
            isForked = epoch != null && !epoch.equals(now);
            if (!now.equals(epoch)) {
                seq = 0;
            }
        } else if (epoch == null) {
            seq = Math.max(seq, after);
        }
        epoch = now;
        isAttached = true;
    }

    /** Takes an event after this reader's place. {@return whether it is one that the reader has already} */
    boolean take(long number, boolean isLast, Supplier<ClientEvent.Happened> event) {
        if (isIdle()) {
            return false;
        }
        if (number <= seq) {
            return true;
        }
        if (subscription.offer(event.get())) {
            seq = number;
            if (isLast) {
                subscription.ended(this);
            }
        }
        return false;
    }

    /** Events that are gone. */
    void missed(String of, long from, OptionalLong to) {
        if (isIdle()) {
            return;
        }
        if (isForked) {
            isForked = !subscription.offer(new ClientEvent.Missed(feed.id, position(seq), of, from, to));
        } else if (of.equals(epoch) && to.isPresent() && to.getAsLong() > seq) {
            long first = Math.max(from, seq + 1);
            if (subscription.offer(new ClientEvent.Missed(feed.id, position(to.getAsLong()), of, first, to))) {
                seq = to.getAsLong();
            }
        }
    }

    /** Nothing more can be had. {@return false when there is no room to tell which events may be lost by that} */
    boolean lost() {
        String known = epoch;
        return known == null
                || subscription.offer(
                        new ClientEvent.Missed(feed.id, position(seq), known, seq + 1, OptionalLong.empty()));
    }

    /** Events that were left out. */
    void skipped(long from, long to) {
        if (!isIdle()
                && to > seq
                && subscription.offer(new ClientEvent.Skipped(feed.id, position(to), Math.max(from, seq + 1), to))) {
            seq = to;
        }
    }

    /** Nothing up to here is for this reader any more. */
    void passed(String of, long to) {
        if (!isIdle() && of.equals(epoch)) {
            seq = Math.max(seq, to);
        }
    }

    /** Whether it has everything of an execution that has ended. */
    boolean hasAll(String of, long latest) {
        return isAttached && !isForked && !subscription.isBehind() && of.equals(epoch) && seq >= latest;
    }

    private Position position(long at) {
        return epoch == null ? Position.after(at) : Position.after(epoch, at);
    }
}
