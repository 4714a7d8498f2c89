package io.flowscript.core.log.memory;

import org.jspecify.annotations.Nullable;

/**
 * The cursors of one log that sleep at its end, in the order in which they fell asleep: a ring of doubly linked waiters, of which
 * each stands in at most one. Its lock is held for a few instructions at a time and never around foreign code.
 *
 * <p>Taking all of them takes one step, however many there are; what was taken is a ring of its own, from which a waiter can still
 * be removed by its neighbours alone.
 */
final class Waiters {

    /** What one cursor waits with. */
    static final class Waiter {
        private Waiter previous = this;
        private Waiter next = this;
        private @Nullable Runnable wake;

        private void leave() {
            previous.next = next;
            next.previous = previous;
            previous = this;
            next = this;
        }
    }

    private final Waiter ring = new Waiter();

    /** Whether there may be any; written under the lock, read without it. */
    private volatile boolean any;

    /** Puts a waiter at the end, or moves it there, with this wake-up in place of the one that it had. */
    synchronized void add(Waiter waiter, Runnable wake) {
        waiter.leave();
        waiter.wake = wake;
        waiter.previous = ring.previous;
        waiter.next = ring;
        ring.previous.next = waiter;
        ring.previous = waiter;
        any = true;
    }

    /** Takes a waiter out, whether or not it has been taken for waking already. {@return its wake-up, null if it has none left} */
    synchronized @Nullable Runnable remove(Waiter waiter) {
        Runnable wake = waiter.wake;
        waiter.leave();
        waiter.wake = null;
        return wake;
    }

    /** {@return those that wait now, for {@link #poll}; null when there are none} */
    @Nullable
    Waiter takeAll() {
        return any ? takeRing() : null;
    }

    private synchronized @Nullable Waiter takeRing() {
        any = false;
        if (ring.next == ring) {
            return null;
        }
        Waiter taken = new Waiter();
        taken.next = ring.next;
        taken.previous = ring.previous;
        taken.next.previous = taken;
        taken.previous.next = taken;
        ring.next = ring;
        ring.previous = ring;
        return taken;
    }

    /** {@return the next wake-up among those taken, null when there are no more} */
    synchronized @Nullable Runnable poll(Waiter taken) {
        return taken.next == taken ? null : remove(taken.next);
    }
}
