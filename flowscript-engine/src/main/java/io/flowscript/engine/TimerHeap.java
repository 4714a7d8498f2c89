package io.flowscript.engine;

import io.flowscript.core.runtime.EngineClock.Timer;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in the order of their times, and of the calls for equal times: a binary heap whose tasks know their places. Adding and removing
 * take logarithmic time; adding the latest task, as most are, takes constant time. Removing needs no memory. Safe for use by any thread; the lock is held
 * for a few instructions and never around foreign code.
 */
final class TimerHeap {

    private static final int FIRST_SIZE = 16;

    private @Nullable Task[] tasks = new Task[FIRST_SIZE];

    private int size;
    private long added;

    /** A task at a time: whole seconds and nanoseconds, or a number of nanoseconds alone. */
    static final class Task implements Timer {

        final long at;
        final int nanos;
        final Runnable work;

        private final TimerHeap heap;
        private final long order;

        /** The place in the heap. Guarded by it. */
        private int place;

        private Task(TimerHeap heap, long at, int nanos, long order, Runnable work) {
            this.heap = heap;
            this.at = at;
            this.nanos = nanos;
            this.order = order;
            this.work = work;
        }

        Instant moment() {
            return Instant.ofEpochSecond(at, nanos);
        }

        private boolean isBefore(Task other) {
            if (at != other.at) {
                return at < other.at;
            }
            return nanos == other.nanos ? order < other.order : nanos < other.nanos;
        }

        @Override
        public void cancel() {
            boolean unused = heap.remove(this);
        }
    }

    /** Adds a task. */
    synchronized Task add(long at, int nanos, Runnable work) {
        if (size == tasks.length) {
            tasks = Arrays.copyOf(tasks, 2 * size);
        } else if (tasks.length > FIRST_SIZE && size < tasks.length / 4) {
            tasks = Arrays.copyOf(tasks, tasks.length / 2);
        }
        Task task = new Task(this, at, nanos, added++, work);
        moveUp(task, size++);
        return task;
    }

    /** {@return the first task; null when there is none} */
    synchronized @Nullable Task first() {
        return tasks[0];
    }

    synchronized int size() {
        return size;
    }

    /** Removes a task. {@return true for the first caller, who runs the task or calls it off} */
    synchronized boolean remove(Task task) {
        int place = task.place;
        if (place >= size || tasks[place] != task) {
            return false;
        }
        Task last = at(--size);
        tasks[size] = null;
        if (last != task) {
            if (place > 0 && last.isBefore(at(parent(place)))) {
                moveUp(last, place);
            } else {
                moveDown(last, place);
            }
        }
        return true;
    }

    /** Removes all tasks. */
    synchronized void clear() {
        tasks = new Task[FIRST_SIZE];
        size = 0;
    }

    /** Puts a task at a free place, or further up. */
    private void moveUp(Task task, int free) {
        int place = free;
        while (place > 0 && task.isBefore(at(parent(place)))) {
            put(at(parent(place)), place);
            place = parent(place);
        }
        put(task, place);
    }

    /** Puts a task at a free place, or further down. */
    private void moveDown(Task task, int free) {
        int place = free;
        int child = firstChild(place);
        while (child < size) {
            if (child + 1 < size && at(child + 1).isBefore(at(child))) {
                child++;
            }
            if (!at(child).isBefore(task)) {
                break;
            }
            put(at(child), place);
            place = child;
            child = firstChild(place);
        }
        put(task, place);
    }

    private void put(Task task, int place) {
        tasks[place] = task;
        task.place = place;
    }

    @SuppressWarnings("NullAway") // there is a task at each place before the size
    private Task at(int place) {
        return tasks[place];
    }

    private static int parent(int place) {
        return (place - 1) >>> 1;
    }

    private static int firstChild(int place) {
        return 2 * place + 1;
    }
}
