package io.flowscript.servlet;

import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds a client back that sends faster than its messages are handled. A container hands in one part of a message after the other, and cannot be told to wait. So the
 * thread that hands in the next one is held until the part before was handled, and the client meets TCP. Threads are held for a limited number of clients
 * at a time. Safe for use by any thread.
 */
final class ReadTurn {

    private final Semaphore threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean isOpen;
    private boolean isOver;

    /**
     * Begins with the first part not wanted yet.
     *
     * @param threads a permit for each thread that may be held
     */
    ReadTurn(Semaphore threads) {
        this.threads = threads;
    }

    /** What came of waiting for a turn. */
    enum Outcome {
        /** The part may be handed in; the next one waits for {@link #give}. */
        TAKEN,
        /** No part is wanted any more. */
        OVER,
        /** As many threads are held as may be. */
        TOO_MANY
    }

    /** Waits until a part is wanted. */
    Outcome take() {
        lock.lock();
        try {
            if (!isOpen && !isOver && !awaitTurn()) {
                return Outcome.TOO_MANY;
            }
            isOpen = false;
            return isOver ? Outcome.OVER : Outcome.TAKEN;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitTurn() {
        if (!threads.tryAcquire()) {
            return false;
        }
        try {
            while (!isOpen && !isOver) {
                changed.awaitUninterruptibly();
            }
            return true;
        } finally {
            threads.release();
        }
    }

    /** Lets one part in. */
    void give() {
        lock.lock();
        try {
            isOpen = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go whoever waits, now and later. */
    void end() {
        lock.lock();
        try {
            isOver = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
