package io.flowscript.client;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread of a client's own work, and its timers. It is a daemon thread. Safe for use by any thread. */
final class SystemTimers implements EngineClock, Executor {

    private final ScheduledThreadPoolExecutor thread;

    SystemTimers() {
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "flowscript-client");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs a task on the thread; on the caller's when the client is closed, so that the caller is told so. */
    @Override
    public void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    @Override
    public Timer schedule(Instant at, Runnable task) {
        return schedule(Duration.between(instant(), at), task);
    }

    @Override
    public Timer schedule(Duration after, Runnable task) {
        try {
            Future<?> timer = thread.schedule(task, TimeUnit.NANOSECONDS.convert(after), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {}; // the client is closed
        }
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /** Ends the thread when it has done what was given to it. */
    void close() {
        thread.shutdown();
    }
}
