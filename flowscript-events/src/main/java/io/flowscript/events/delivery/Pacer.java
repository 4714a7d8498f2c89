package io.flowscript.events.delivery;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Limits the events per second of one subscription. Each second of the engine's monotonic time is divided into up to
 * {@value #TICKS} ticks. In each tick a fixed number of events may pass; unused events of a tick are not carried over.
 *
 * <p>A feed that has to wait is queued here and released in order. Only the client's pump uses this class, except for
 * the timer, which calls {@code onTick} on the clock's thread.
 */
final class Pacer extends WakeUps.Sleeper {

    private static final int TICKS = 20;

    private final EngineClock clock;
    private final int eventsPerTick;
    private final long intervalNanos;
    private final Consumer<? super Pacer> onTick;
    private final Set<Feed> waiting = new LinkedHashSet<>();
    private int remaining;
    private boolean ticking;
    /** When the present tick began. */
    private long tickedAt;

    private EngineClock.@Nullable Timer timer;

    /**
     * Creates a pacer; its first tick starts with the first event.
     *
     * @param perSecond the limit in events per second, at least 1
     * @param onTick called with this pacer, on any thread, when waiting feeds can continue
     */
    Pacer(EngineClock clock, int perSecond, Consumer<? super Pacer> onTick) {
        this.clock = clock;
        this.eventsPerTick = Math.max(1, perSecond / TICKS);
        this.intervalNanos = ceilDiv(1_000_000_000L, perSecond / eventsPerTick);
        this.onTick = onTick;
    }

    /** Returns how many events may pass now. */
    int available() {
        long now = clock.nanoTime();
        if (!ticking || now - tickedAt >= intervalNanos) {
            ticking = true;
            tickedAt = now;
            remaining = eventsPerTick;
        }
        return remaining;
    }

    /** Counts events that have passed. */
    void take(int events) {
        remaining -= events;
    }

    /** Queues a feed until more events may pass. */
    void addWaiting(Feed feed) {
        waiting.add(feed);
        schedule();
    }

    void removeWaiting(Feed feed) {
        waiting.remove(feed);
    }

    /** Returns the feeds that can continue after a tick; at least one event is left for each. */
    List<Feed> release() {
        timer = null;
        List<Feed> released = new ArrayList<>();
        Iterator<Feed> first = waiting.iterator();
        for (int permits = available(); permits > 0 && first.hasNext(); permits--) {
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
            long left = ticking ? intervalNanos - (clock.nanoTime() - tickedAt) : 0;
            timer = clock.schedule(Duration.ofNanos(left), () -> onTick.accept(this));
        }
    }

    private static long ceilDiv(long amount, long by) {
        return (amount + by - 1) / by;
    }
}
