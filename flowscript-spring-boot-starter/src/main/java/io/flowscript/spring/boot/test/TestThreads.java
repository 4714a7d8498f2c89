package io.flowscript.spring.boot.test;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The threads of the nodes and of the engine in a test, which tell when they rest. It is no executor itself, so that the one of Spring Boot is still made. Safe
 * for use by any thread.
 */
final class TestThreads implements AutoCloseable {

    private static final int MAX_THREADS = 64;

    private final ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();
    private final Duration longest;

    /** How many tasks have not ended. */
    private int tasks;

    /** Starts no thread before there is a task; the argument is how long {@link #awaitRest} waits at most. */
    TestThreads(Duration longest) {
        this.longest = longest;
        threads.setThreadNamePrefix("flowscript-test-");
        threads.setCorePoolSize(MAX_THREADS);
        threads.setAllowCoreThreadTimeOut(true);
        threads.setDaemon(true);
        threads.initialize();
    }

    /**
     * Runs a task on one of the threads; more than {@value #MAX_THREADS} at a time wait in a queue.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    void execute(Runnable task) {
        count(1);
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } finally {
                    count(-1);
                }
            });
        } catch (RejectedExecutionException closed) {
            count(-1);
            throw closed;
        }
    }

    private synchronized void count(int change) {
        tasks += change;
        if (tasks == 0) {
            notifyAll();
        }
    }

    /**
     * Waits until all tasks have ended, with those that they have begun.
     *
     * @throws AssertionError if they take too long
     */
    synchronized void awaitRest() {
        long end = System.nanoTime() + longest.toNanos();
        try {
            while (tasks > 0) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("The clock does not go on: after " + longest.toSeconds()
                            + " seconds, nodes or listeners still work, or wait for a thread, " + tasks + " in all");
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while nodes or listeners work", e);
        }
    }

    /** Interrupts nodes that still work. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
