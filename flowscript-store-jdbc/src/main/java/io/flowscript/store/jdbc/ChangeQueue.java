package io.flowscript.store.jdbc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The changes that wait for the writer, in their order. Bounded. For any number of threads that add and one that takes. */
final class ChangeQueue {

    /** What becomes of a change that is added. */
    enum Admission {
        /** The writer will take it. */
        ACCEPTED,
        /** There is no room. */
        FULL,
        /** The queue is closed. */
        CLOSED
    }

    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<Change> waiting = new ArrayDeque<>();
    private boolean closed;

    ChangeQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Adds a change. Does not block. */
    Admission add(Change change) {
        lock.lock();
        try {
            if (closed) {
                return Admission.CLOSED;
            }
            if (waiting.size() >= capacity) {
                return Admission.FULL;
            }
            waiting.add(change);
            changed.signal();
            return Admission.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the changes that wait, each of another execution. Waits while there are none.
     *
     * @param max how many are taken at most
     * @return the changes, in their order; empty when the queue is closed and has no more
     */
    List<Change> take(int max) {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            List<Change> batch = new ArrayList<>(Math.min(max, waiting.size()));
            Set<String> executions = new HashSet<>();
            for (Change next = waiting.peek();
                    next != null && batch.size() < max && executions.add(next.executionId());
                    next = waiting.peek()) {
                batch.add(waiting.remove());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a time.
     *
     * @param nanos the time in nanoseconds
     * @param wakes whether closing the queue ends the wait
     */
    void pause(long nanos, boolean wakes) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !(wakes && closed)) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts the writer. An interrupt would shorten one pause.
        } finally {
            lock.unlock();
        }
    }

    /** Refuses further changes. Those that wait can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
