package io.flowscript.events.delivery;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What has woken since its owner looked last. Waking needs neither a lock nor memory: those that have woken refer to one another. Each is
 * there once, however often it wakes.
 *
 * <p>Any thread may call {@link #add}; one thread at a time calls {@link #drain}.
 */
final class WakeUps {

    private static final AtomicReferenceFieldUpdater<WakeUps, @Nullable Sleeper> NEWEST =
            AtomicReferenceFieldUpdater.newUpdater(WakeUps.class, Sleeper.class, "newest");

    private static final AtomicIntegerFieldUpdater<Sleeper> WOKEN =
            AtomicIntegerFieldUpdater.newUpdater(Sleeper.class, "woken");

    private volatile @Nullable Sleeper newest;

    /** Something that can wake. It belongs to one owner. */
    abstract static class Sleeper {

        /** 1 from when it wakes until its owner looks. */
        private volatile int woken;

        /** The one that woke before it. Belongs to the thread that added it, then to the one that drains. */
        private @Nullable Sleeper previous;
    }

    /** Adds one that has woken. {@return false when it is there already, so that the owner is about to look} */
    boolean add(Sleeper sleeper) {
        if (!WOKEN.compareAndSet(sleeper, 0, 1)) {
            return false;
        }
        Sleeper before;
        do {
            before = newest;
            sleeper.previous = before;
        } while (!NEWEST.compareAndSet(this, before, sleeper));
        return true;
    }

    /** Takes all that have woken, in their order. Each can wake again from before it is handed over. */
    void drain(Consumer<Sleeper> each) {
        if (newest == null) {
            return;
        }
        Sleeper oldest = null;
        Sleeper last = NEWEST.getAndSet(this, null);
        while (last != null) {
            Sleeper before = last.previous;
            last.previous = oldest;
            oldest = last;
            last = before;
        }
        while (oldest != null) {
            Sleeper woken = oldest;
            oldest = woken.previous;
            woken.previous = null;
            woken.woken = 0;
            each.accept(woken);
        }
    }

    /** Forgets all that have woken. They do not wake again. */
    void clear() {
        newest = null;
    }
}
