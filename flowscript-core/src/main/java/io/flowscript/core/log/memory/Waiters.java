package io.flowscript.core.log.memory;

import org.jspecify.annotations.Nullable;

/**
 * The cursors of one log that wait for the next event, in the order in which they began to wait. They are in a doubly linked
 * ring; a waiter is in at most one ring. The lock is held for a few instructions at a time and never around foreign code.
 *
 * <p>Taking all waiters takes constant time, whatever their number. The waiters taken are a ring of their own. A waiter leaves
 * a ring by a change of its two neighbours only, so it can be removed from either ring.
 */
final class Waiters {

    /** The link of one cursor in a ring, and its callback. */
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

    /** The link that begins the ring; null until the first cursor waits. */
    private @Nullable Waiter ring;

    /** Whether there may be waiters. Written under the lock, read without it. */
    private volatile boolean any;

    /** Puts a waiter at the end of the ring, or moves it there. The callback replaces an earlier one. */
    synchronized void add(Waiter waiter, Runnable wake) {
        Waiter begin = ring;
        if (begin == null) {
            begin = new Waiter();
            ring = begin;
        }
        waiter.leave();
        waiter.wake = wake;
        waiter.previous = begin.previous;
        waiter.next = begin;
        begin.previous.next = waiter;
        begin.previous = waiter;
        any = true;
    }

    /** Removes a waiter from its ring, also from a ring that was taken. {@return its callback; null when it has none any more} */
    synchronized @Nullable Runnable remove(Waiter waiter) {
        Runnable wake = waiter.wake;
        waiter.leave();
        waiter.wake = null;
        return wake;
    }

    /** {@return whether no cursor waits} */
    synchronized boolean isEmpty() {
        return ring == null || ring.next == ring;
    }

    /** {@return the ring of the cursors that wait now, for {@link #poll}; null when there are none} */
    @Nullable
    Waiter takeAll() {
        return any ? takeRing() : null;
    }

    private synchronized @Nullable Waiter takeRing() {
        any = false;
        Waiter taken = ring;
        ring = null;
        return taken == null || taken.next == taken ? null : taken;
    }

    /** {@return the next callback of a ring that was taken; null when there are no more} */
    synchronized @Nullable Runnable poll(Waiter taken) {
        return taken.next == taken ? null : remove(taken.next);
    }
}
