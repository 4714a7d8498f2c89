package io.flowscript.core.testing;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A clock for tests. Time passes only in {@link #advance}. That method runs the tasks that become due, on the calling
 * thread and in the order in which they become due. While a task runs, the clock shows the time at which it is due. The
 * time of day can also {@link #jump}, as the system's clock does when somebody sets it. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ManualClock implements EngineClock {

    /** The time at which a clock starts by default: 2026-01-01T00:00:00Z. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final NavigableSet<Task> moments = Task.queue();
    private final NavigableSet<Task> durations = Task.queue();
    private final Object lock = new Object();
    private final Runnable rest;

    /** The monotonic time, as the time of day of a clock that was never set. */
    private Instant steady;

    /** How far the time of day was set ahead of the monotonic time. */
    private Duration set = Duration.ZERO;

    private long scheduled;

    /** Creates a clock that starts at {@link #START}. */
    public ManualClock() {
        this(START);
    }

    /**
     * Creates a clock that starts at the given time.
     *
     * @param start the first time of the clock
     */
    public ManualClock(Instant start) {
        this(start, () -> {});
    }

    /**
     * Creates a clock for work on other threads. Before each moment to which {@link #advance} goes, it waits for that work.
     *
     * @param start the first time of the clock
     * @param rest returns when no work is under way; called on the thread of {@link #advance}, which throws what it throws
     */
    public ManualClock(Instant start, Runnable rest) {
        this.steady = start;
        this.rest = Objects.requireNonNull(rest, "rest");
    }

    @Override
    public Instant instant() {
        synchronized (lock) {
            return steady.plus(set);
        }
    }

    @Override
    public long nanoTime() {
        synchronized (lock) {
            return TimeUnit.SECONDS.toNanos(steady.getEpochSecond()) + steady.getNano();
        }
    }

    @Override
    public Timer schedule(Instant at, Runnable work) {
        synchronized (lock) {
            return add(moments, at, work);
        }
    }

    @Override
    public Timer schedule(Duration after, Runnable work) {
        synchronized (lock) {
            boolean ends = after.compareTo(Duration.between(steady, Instant.MAX)) < 0;
            return add(durations, ends ? steady.plus(after) : Instant.MAX, work);
        }
    }

    private Timer add(NavigableSet<Task> tasks, Instant at, Runnable work) {
        Task task = new Task(at, scheduled++, work);
        tasks.add(task);
        return () -> {
            synchronized (lock) {
                tasks.remove(task);
            }
        };
    }

    /**
     * Advances the time and runs all tasks that become due.
     *
     * @param duration the time to add, zero or more; zero runs the tasks that are already due
     */
    public void advance(Duration duration) {
        Instant end;
        synchronized (lock) {
            end = steady.plus(duration);
        }
        rest.run();
        Task due = takeDue(end);
        while (due != null) {
            due.work().run();
            rest.run();
            due = takeDue(end);
        }
        synchronized (lock) {
            steady = later(steady, end);
        }
    }

    /**
     * Sets the time of day forward or back. No time passes, so durations go on as before. A task whose moment has come by
     * that runs in the next {@link #advance}.
     *
     * @param by how far forward; back if it is negative
     */
    public void jump(Duration by) {
        synchronized (lock) {
            set = set.plus(by);
        }
    }

    /** {@return the number of scheduled tasks} */
    public int pending() {
        synchronized (lock) {
            return moments.size() + durations.size();
        }
    }

    /** {@return the time of day at which the next task is due, unless it jumps before; null when no task is scheduled} */
    public @Nullable Instant next() {
        synchronized (lock) {
            Task first = first(isMomentFirst() ? moments : durations);
            if (first == null) {
                return null;
            }
            return isMomentFirst() || first.at().equals(Instant.MAX)
                    ? first.at()
                    : first.at().plus(set);
        }
    }

    private @Nullable Task takeDue(Instant end) {
        synchronized (lock) {
            boolean moment = isMomentFirst();
            NavigableSet<Task> tasks = moment ? moments : durations;
            Task first = first(tasks);
            Instant due = first == null ? null : moment ? onSteady(first.at()) : first.at();
            if (due == null || due.isAfter(end)) {
                return null;
            }
            tasks.remove(first);
            steady = later(steady, due);
            return first;
        }
    }

    private static @Nullable Task first(NavigableSet<Task> tasks) {
        return tasks.isEmpty() ? null : tasks.first();
    }

    /** Whether the next task waits for a moment. */
    private boolean isMomentFirst() {
        Task moment = first(moments);
        Task duration = first(durations);
        if (moment == null || duration == null) {
            return moment != null;
        }
        int byTime = onSteady(moment.at()).compareTo(duration.at());
        return byTime == 0 ? moment.order() < duration.order() : byTime < 0;
    }

    /** Returns the monotonic time at which the time of day is the given one, unless it jumps before. */
    private Instant onSteady(Instant moment) {
        return set.isZero() ? moment : moment.minus(set);
    }

    private static Instant later(Instant one, Instant other) {
        return other.isAfter(one) ? other : one;
    }

    private record Task(Instant at, long order, Runnable work) {

        static NavigableSet<Task> queue() {
            return new TreeSet<>(Comparator.comparing(Task::at).thenComparingLong(Task::order));
        }
    }
}
