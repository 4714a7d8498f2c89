package io.flowscript.core.testing;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A clock for tests. Its time changes only in {@link #advance}. That method runs the tasks that become due, on the
 * calling thread and in the order of their times. While a task runs, the clock shows the task's time. Safe for use by
 * any thread.
 *
 * @since 0.1.0
 */
public final class ManualClock implements EngineClock {

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparingLong(Task::order));
    private Instant now;
    private long scheduled;

    /** Creates a clock that starts at 2026-01-01T00:00:00Z. */
    public ManualClock() {
        this(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /**
     * Creates a clock that starts at the given time.
     *
     * @param start the first time of the clock
     */
    public ManualClock(Instant start) {
        now = start;
    }

    @Override
    public Instant instant() {
        synchronized (tasks) {
            return now;
        }
    }

    @Override
    public long nanoTime() {
        Instant at = instant();
        return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
    }

    @Override
    public Timer schedule(Instant at, Runnable work) {
        synchronized (tasks) {
            Task task = new Task(at, scheduled++, work);
            tasks.add(task);
            return () -> {
                synchronized (tasks) {
                    tasks.remove(task);
                }
            };
        }
    }

    /**
     * Advances the time and runs all tasks that become due.
     *
     * @param duration the time to add, zero or more; zero runs the tasks that are already due
     */
    public void advance(Duration duration) {
        Instant end = instant().plus(duration);
        Task due = takeDue(end);
        while (due != null) {
            due.work().run();
            due = takeDue(end);
        }
        synchronized (tasks) {
            now = end.isAfter(now) ? end : now;
        }
    }

    /** {@return the number of scheduled tasks} */
    public int pending() {
        synchronized (tasks) {
            return tasks.size();
        }
    }

    /** {@return the time of the next task; null when no task is scheduled} */
    public @Nullable Instant next() {
        synchronized (tasks) {
            Task first = tasks.peek();
            return first == null ? null : first.at();
        }
    }

    private @Nullable Task takeDue(Instant end) {
        synchronized (tasks) {
            Task first = tasks.peek();
            if (first == null || first.at().isAfter(end)) {
                return null;
            }
            tasks.remove();
            now = first.at().isAfter(now) ? first.at() : now;
            return first;
        }
    }

    private record Task(Instant at, long order, Runnable work) {}
}
