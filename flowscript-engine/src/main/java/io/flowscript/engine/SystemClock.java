package io.flowscript.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.engine.TimerHeap.Task;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The system's two times, with one daemon thread that runs scheduled tasks. Safe for use by any thread.
 *
 * <p>Durations end by {@link System#nanoTime}. Moments are kept as they are, not as how long they are from now: a moment in four hundred days
 * needs no more than one tomorrow, and when the system's clock is set, tasks come when the new time says so, at most {@link #RECHECK} late.
 * Scheduling and calling off take logarithmic time at most; what is called off is gone at once.
 */
final class SystemClock implements EngineClock, AutoCloseable {

    /** While a moment is waited for, the time of day is read this often, because nobody tells when it was set. */
    static final Duration RECHECK = Duration.ofSeconds(1);

    /** How often a task is run that the virtual machine fails, and how long each pause is. */
    private static final int ATTEMPTS = 50;

    private static final long PAUSE_NANOS = 100_000_000;

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    private final InstantSource timeOfDay;

    /** The zero of the monotonic time, so that it is never negative. */
    private final long origin = System.nanoTime();

    private final TimerHeap moments = new TimerHeap();
    private final TimerHeap durations = new TimerHeap();
    private final Thread thread;
    private volatile boolean closed;

    private SystemClock(InstantSource timeOfDay) {
        this.timeOfDay = timeOfDay;
        thread = new Thread(this::run, "flowscript-clock");
        thread.setDaemon(true);
    }

    static SystemClock start() {
        return start(InstantSource.system());
    }

    /**
     * Starts a clock.
     *
     * @param timeOfDay gives the time of day; durations do not depend on it
     */
    static SystemClock start(InstantSource timeOfDay) {
        SystemClock clock = new SystemClock(timeOfDay);
        clock.thread.start();
        return clock;
    }

    @Override
    public Instant instant() {
        return timeOfDay.instant();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime() - origin;
    }

    @Override
    public Timer schedule(Instant at, Runnable work) {
        return schedule(moments, at.getEpochSecond(), at.getNano(), work);
    }

    @Override
    public Timer schedule(Duration after, Runnable work) {
        long end = nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(after));
        return schedule(durations, end < 0 ? Long.MAX_VALUE : end, 0, work);
    }

    private Timer schedule(TimerHeap tasks, long at, int nanos, Runnable work) {
        if (closed) {
            return () -> {};
        }
        Task task = tasks.add(at, nanos, work);
        if (tasks.first() == task) {
            LockSupport.unpark(thread);
        }
        return task;
    }

    /** Returns the number of scheduled tasks. */
    int pending() {
        return moments.size() + durations.size();
    }

    /** Whether the thread waits for what is next. */
    boolean isAsleep() {
        return LockSupport.getBlocker(thread) == this;
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    /** Ends the thread. No further task begins; a task in progress completes. Closing it again has no effect. */
    @Override
    public void close() {
        closed = true;
        moments.clear();
        durations.clear();
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            try {
                runNext();
            } catch (Throwable thrown) {
                // This thread must not end: nothing would fall due any more. Nothing here needs memory.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void runNext() {
        try {
            long pause = Math.min(runDuration(), runMoment());
            if (pause == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else if (pause > 0) {
                LockSupport.parkNanos(this, pause);
            }
        } catch (Throwable thrown) {
            Guard.report(thrown, shown -> LOGGER.log(Level.ERROR, "The clock failed; it goes on", shown));
            LockSupport.parkNanos(PAUSE_NANOS);
        } finally {
            Thread.interrupted();
        }
    }

    /** Runs the first task whose duration has passed, and returns how long there is nothing to do, in nanoseconds. */
    private long runDuration() {
        long now = nanoTime();
        Task first = durations.first();
        if (first == null) {
            return Long.MAX_VALUE;
        }
        long left = first.at - now;
        if (left <= 0) {
            runOnce(durations, first);
        }
        return left;
    }

    /** Runs the first task whose moment has come, and returns how long there is nothing to do, in nanoseconds. */
    private long runMoment() {
        if (moments.first() == null) {
            return Long.MAX_VALUE;
        }
        // The time is read first: a task that is due then has no earlier one that was scheduled before it fell due.
        Instant now = instant();
        Task first = moments.first();
        if (first == null) {
            return Long.MAX_VALUE;
        }
        Duration left = Duration.between(now, first.moment());
        if (left.isNegative() || left.isZero()) {
            runOnce(moments, first);
            return 0;
        }
        return (left.compareTo(RECHECK) < 0 ? left : RECHECK).toNanos();
    }

    /** Runs a task unless it was called off. */
    private void runOnce(TimerHeap tasks, Task task) {
        boolean taken = tasks.remove(task);
        for (int attempt = 1; taken && !run(task.work, attempt) && !closed; attempt++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Runs a task. {@return false when it has to be run again} While the memory is used up, no task of another time could run either. */
    private static boolean run(Runnable task, int attempt) {
        try {
            task.run();
            return true;
        } catch (Throwable thrown) {
            report(thrown);
            // A class that cannot be loaded or linked, which may be for want of memory, is not waited for without end.
            return !(thrown instanceof OutOfMemoryError)
                    && (!(thrown instanceof LinkageError || thrown instanceof VirtualMachineError)
                            || attempt >= ATTEMPTS);
        }
    }

    /** Throws nothing, even if the lambda cannot be made. */
    private static void report(Throwable thrown) {
        try {
            Guard.report(thrown, shown -> LOGGER.log(Level.ERROR, "A task of the clock failed", shown));
        } catch (Throwable again) {
            // The memory is used up. The task, which is run again, is what counts.
        }
    }
}
