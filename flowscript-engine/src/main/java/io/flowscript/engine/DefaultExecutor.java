package io.flowscript.engine;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes the executors that are used when the application gives none. Their threads are daemon threads with the names
 * {@code flowscript-node-1}, {@code flowscript-node-2} and so on. A new thread starts when all others are busy, and a
 * thread ends after it was idle for a while.
 */
final class DefaultExecutor {

    private static final String PREFIX = "flowscript-";
    private static final long IDLE_SECONDS = 10;

    /** The pause after a task that failed while the memory was used up, in nanoseconds. */
    private static final long PAUSE_NANOS = 100_000_000;

    /** How often, and how long each time, it is waited for a thread that was started and does not run yet. */
    private static final int MAX_WAITS = 100;

    private static final long WAIT_NANOS = 1_000_000;

    private DefaultExecutor() {}

    /**
     * Starts an executor of tasks that may block. Its threads are not virtual: their number is bounded, and they go on after the
     * memory was used up, in contrast to the JDK's scheduling of virtual threads.
     *
     * @param name a part of the names of the threads
     * @param maxThreads the maximum number of threads
     */
    static ExecutorService blocking(String name, int maxThreads) {
        return new Pool(PREFIX + name + "-", maxThreads, new Queue());
    }

    /**
     * Starts an executor of tasks that do not block. There are more threads than the workers that send events, so that these
     * do not delay timers.
     *
     * @param name a part of the names of the threads
     */
    static ExecutorService nonBlocking(String name) {
        return blocking(name, 2 * (Runtime.getRuntime().availableProcessors() + 1));
    }

    /** A pool that takes every task until it is shut down. No task is lost while the memory is used up. */
    private static final class Pool extends ThreadPoolExecutor {

        private final Queue queue;
        private final AtomicLong made = new AtomicLong();

        /** The number of threads that look into the queue before they end. */
        private final AtomicInteger alive = new AtomicInteger();

        Pool(String prefix, int maxThreads, Queue queue) {
            super(0, maxThreads, IDLE_SECONDS, TimeUnit.SECONDS, queue, (task, pool) -> {
                if (pool.isShutdown()) {
                    throw new RejectedExecutionException("The engine is closed");
                }
                ((Pool) pool).keep(task, null);
            });
            this.queue = queue;
            setThreadFactory(worker -> new PoolThread(worker, prefix + made.incrementAndGet()));
        }

        /** When no thread can be started, since the memory is used up, the task waits for a thread that exists. */
        @Override
        public void execute(Runnable task) {
            try {
                super.execute(task);
            } catch (OutOfMemoryError noThread) {
                keep(task, noThread);
            }
        }

        /** Adds a task to the queue. Throws if the last thread has ended without it. */
        private void keep(Runnable task, @Nullable OutOfMemoryError noThread) {
            queue.keep(task);
            // A thread that another task has just started may not run yet.
            for (int waits = 0; waits < MAX_WAITS && alive.get() == 0; waits++) {
                LockSupport.parkNanos(WAIT_NANOS);
            }
            if (alive.get() == 0 && queue.remove(task)) {
                throw new RejectedExecutionException("No thread can be started", noThread);
            }
        }

        /** A thread of the pool. When the pool ends it, since the memory is used up, it does first what waits. */
        private final class PoolThread extends Thread {

            PoolThread(Runnable worker, String name) {
                super(worker, name);
                setDaemon(true);
            }

            @Override
            public void run() {
                alive.incrementAndGet();
                try {
                    super.run();
                } finally {
                    alive.decrementAndGet();
                    drain();
                }
            }

            private void drain() {
                while (!queue.isEmpty()) {
                    try {
                        Runnable task = queue.poll();
                        if (task != null) {
                            task.run();
                        }
                    } catch (Throwable thrown) {
                        // The task has handled it, and this thread goes on: it may be the last one.
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                }
            }
        }
    }

    /**
     * A queue that accepts an offered task only when an idle thread waits for it, so that the pool starts a thread
     * otherwise. When the pool cannot start another thread, the task waits in this queue. The number of waiting tasks
     * is bounded by the number of executions and listeners.
     */
    private static final class Queue extends LinkedTransferQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        private void keep(Runnable task) {
            super.offer(task);
        }
    }
}
