package io.flowscript.engine;

import io.flowscript.core.runtime.EngineClock.Timer;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in the order of their times, and of the calls for equal times: a heap whose tasks know their places. Adding and removing
 * take logarithmic time; adding the latest task, as most are, takes constant time. Removing needs no memory. Safe for use by any thread; the lock is held
 * for a few instructions and never around foreign code.
 *
 * <p>When a million tasks fall due at once, what they cost is the memory that is looked at. So a place has four children, and the times
 * are beside the tasks, four in a row.
 */
final class TimerHeap {

    private static final int FIRST_SIZE = 16;
    private static final int CHILDREN = 4;

    private @Nullable Task[] tasks = new Task[FIRST_SIZE];

    /** The {@link Task#at} of each task. */
    private long[] times = new long[FIRST_SIZE];

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

        @Override
        public void cancel() {
            boolean unused = heap.remove(this);
        }
    }

    /** Adds a task. */
    synchronized Task add(long at, int nanos, Runnable work) {
        if (size == tasks.length) {
            resize(2 * size);
        } else if (tasks.length > FIRST_SIZE && size < tasks.length / 4) {
            resize(tasks.length / 2);
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
            if (place > 0 && isBefore(last, parent(place))) {
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
        times = new long[FIRST_SIZE];
        size = 0;
    }

    private void resize(int places) {
        long[] moved = Arrays.copyOf(times, places); // when there is no memory for either, nothing has changed
        tasks = Arrays.copyOf(tasks, places);
        times = moved;
    }

    /** Whether a task comes before the one at a place. */
    private boolean isBefore(Task task, int place) {
        if (task.at != times[place]) {
            return task.at < times[place];
        }
        Task other = at(place);
        return task.nanos == other.nanos ? task.order < other.order : task.nanos < other.nanos;
    }

    /** Puts a task at a free place, or further up. */
    private void moveUp(Task task, int free) {
        int place = free;
        while (place > 0 && isBefore(task, parent(place))) {
            put(at(parent(place)), place);
            place = parent(place);
        }
        put(task, place);
    }

    /** Puts a task at a free place, or further down. */
    private void moveDown(Task task, int free) {
        int place = free;
        while (firstChild(place) < size) {
            int child = earliestChild(place);
            if (isBefore(task, child)) {
                break;
            }
            put(at(child), place);
            place = child;
        }
        put(task, place);
    }

    /** {@return the place of the earliest child of a place that has one} */
    private int earliestChild(int place) {
        int earliest = firstChild(place);
        int end = Math.min(size, earliest + CHILDREN);
        for (int child = earliest + 1; child < end; child++) {
            if (times[child] < times[earliest] || (times[child] == times[earliest] && isBefore(at(child), earliest))) {
                earliest = child;
            }
        }
        return earliest;
    }

    private void put(Task task, int place) {
        tasks[place] = task;
        times[place] = task.at;
        task.place = place;
    }

    @SuppressWarnings("NullAway") // there is a task at each place before the size
    private Task at(int place) {
        return tasks[place];
    }

    private static int parent(int place) {
        return (place - 1) / CHILDREN;
    }

    private static int firstChild(int place) {
        return CHILDREN * place + 1;
    }
}
