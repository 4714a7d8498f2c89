package io.flowscript.events.delivery;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets no more than so many events through in any second, in ticks of the engine's clock, a few at a time; what is not used is not
 * saved up. The feeds that have to wait get their turn in the order in which they came. Used by the client's pump alone, but
 * for the tick.
 */
final class Pacer {

    private static final int TICKS = 20;

    private final EngineClock clock;
    private final int share;
    private final Duration interval;
    private final Consumer<Pacer> ticked;
    private final Set<Feed> waiting = new LinkedHashSet<>();
    private int left;
    private @Nullable Instant next;
    private EngineClock.@Nullable Timer timer;

    /**
     * Makes a pacer that lets the first ones through at once.
     *
     * @param perSecond how many, from 1
     * @param ticked is handed this pacer when those that wait can go on, by any thread
     */
    Pacer(EngineClock clock, int perSecond, Consumer<Pacer> ticked) {
        this.clock = clock;
        this.share = Math.max(1, perSecond / TICKS);
        this.interval = Duration.ofNanos(ceilDiv(1_000_000_000L, perSecond / share));
        this.ticked = ticked;
    }

    /** How many may go now. */
    int available() {
        Instant now = clock.instant();
        Instant due = next;
        if (due == null || !now.isBefore(due) || due.isAfter(now.plus(interval))) {
            left = share;
            next = now.plus(interval);
        }
        return left;
    }

    /** So many have gone. */
    void take(int events) {
        left -= events;
    }

    /** Lets a feed wait until more may go. */
    void await(Feed feed) {
        waiting.add(feed);
        schedule();
    }

    void forget(Feed feed) {
        waiting.remove(feed);
    }

    /** After a tick: those that can go on now, each with at least one event. */
    List<Feed> release() {
        timer = null;
        List<Feed> released = new ArrayList<>();
        Iterator<Feed> first = waiting.iterator();
        for (int room = available(); room > 0 && first.hasNext(); room--) {
            released.add(first.next());
            first.remove();
        }
        if (!waiting.isEmpty()) {
            schedule();
        }
        return released;
    }

    void close() {
        waiting.clear();
        if (timer != null) {
            timer.cancel();
        }
    }

    private void schedule() {
        if (timer == null) {
            timer = clock.schedule(next == null ? clock.instant() : next, () -> ticked.accept(this));
        }
    }

    private static long ceilDiv(long amount, long by) {
        return (amount + by - 1) / by;
    }
}
