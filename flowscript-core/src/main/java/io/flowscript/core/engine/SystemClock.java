package io.flowscript.core.engine;

import io.flowscript.core.runtime.EngineClock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The system's time, with one daemon thread that runs scheduled tasks. Safe for use by any thread.
 *
 * <p>Tasks are kept by the time at which they are due, not by how long that is from now: a deadline in four hundred days needs no more than
 * one tomorrow, and when the system's clock is set, tasks come when the new time says so, at most {@link #LONGEST_SLEEP} late. Scheduling and
 * calling off take logarithmic time and no lock; what is called off is gone at once.
 */
final class SystemClock implements EngineClock, AutoCloseable {

    /** The longest sleep of the thread, because a change of the system's clock does not wake it. */
    static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    private final InstantSource source;
    private final ConcurrentSkipListSet<Task> tasks = new ConcurrentSkipListSet<>();
    private final AtomicLong scheduled = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    private SystemClock(InstantSource source) {
        this.source = source;
        thread = new Thread(this::run, "flowscript-clock");
        thread.setDaemon(true);
    }

    static SystemClock start() {
        return start(InstantSource.system());
    }

    static SystemClock start(InstantSource source) {
        SystemClock clock = new SystemClock(source);
        clock.thread.start();
        return clock;
    }

    @Override
    public Instant instant() {
        return source.instant();
    }

    @Override
    public Timer schedule(Instant at, Runnable work) {
        Task task = new Task(at, scheduled.getAndIncrement(), work);
        if (closed) {
            return () -> {};
        }
        tasks.add(task);
        if (isFirst(task)) {
            LockSupport.unpark(thread);
        }
        return () -> tasks.remove(task);
    }

    /** Returns the number of scheduled tasks. */
    int pending() {
        return tasks.size();
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    /** Ends the thread. No further task begins; a task in progress completes. Closing it again has no effect. */
    @Override
    public void close() {
        closed = true;
        tasks.clear();
        LockSupport.unpark(thread);
    }

    private boolean isFirst(Task task) {
        Task first = first();
        return first == null || first.compareTo(task) >= 0;
    }

    private @Nullable Task first() {
        Iterator<Task> iterator = tasks.iterator();
        return iterator.hasNext() ? iterator.next() : null;
    }

    private void run() {
        while (!closed) {
            Task first = first();
            if (first == null) {
                LockSupport.park(this);
                continue;
            }
            Duration left = Duration.between(instant(), first.at());
            if (left.isNegative() || left.isZero()) {
                if (tasks.remove(first)) {
                    run(first);
                }
            } else {
                LockSupport.parkNanos(this, (left.compareTo(LONGEST_SLEEP) < 0 ? left : LONGEST_SLEEP).toNanos());
            }
        }
    }

    private static void run(Task task) {
        try {
            task.work().run();
        } catch (Throwable e) {
            LOGGER.log(Level.ERROR, "A task of the clock failed", e);
        }
    }

    private record Task(Instant at, long order, Runnable work) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(order);
        }
    }
}
