package io.flowscript.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes the executors that are used when the application gives none. Their threads are daemon threads with the names
 * {@code flowscript-node-1}, {@code flowscript-node-2} and so on. A few threads start as soon as there is work for them. More
 * start when those do not get on, because their tasks block. Tasks that only compute do not profit from more threads than
 * processors, and hold up everything else with them. A thread ends after it was idle for a while.
 */
final class DefaultExecutor {

    private static final String PREFIX = "flowscript-";
    private static final long IDLE_SECONDS = 10;

    /** The pause after a task that failed while the memory was used up, in nanoseconds. */
    private static final long PAUSE_NANOS = 100_000_000;

    /** How often, and how long each time, it is waited for a thread that was started and does not run yet. */
    private static final int MAX_WAITS = 100;

    private static final long WAIT_NANOS = 1_000_000;

    /** The number of threads that start without waiting, for each processor. */
    private static final int FIRST_THREADS = 2;

    /** How often it is checked whether waiting tasks get on, in milliseconds; longer than threads wait for a busy processor. */
    private static final long CHECK_MILLIS = 10;

    /** How many checks a waiting task may see before another thread starts, though tasks get on. */
    private static final int MAX_CHECKS = 5;

    /** Starts a thread and does nothing else. */
    @SuppressWarnings("UnnecessaryLambda") // it is compared with tasks
    private static final Runnable NOTHING = () -> {};

    private DefaultExecutor() {}

    /**
     * Starts an executor of tasks that may block. Its threads are not virtual: their number is bounded, and they go on after the
     * memory was used up, in contrast to the JDK's scheduling of virtual threads.
     *
     * @param name a part of the names of the threads
     * @param maxThreads the maximum number of threads
     */
    static ExecutorService blocking(String name, int maxThreads) {
        return blocking(
                name,
                maxThreads,
                CompletableFuture.delayedExecutor(CHECK_MILLIS, TimeUnit.MILLISECONDS, Runnable::run));
    }

    /**
     * As {@link #blocking(String, int)}.
     *
     * @param checks runs a task a little later, on a thread that does not wait for the pool
     */
    static ExecutorService blocking(String name, int maxThreads, Executor checks) {
        int first = Math.min(maxThreads, FIRST_THREADS * Runtime.getRuntime().availableProcessors());
        return new Pool(PREFIX + name + "-", first, maxThreads, new Queue(), checks);
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
        private final Executor checks;
        private final int firstThreads;
        private final AtomicLong made = new AtomicLong();
        private final AtomicBoolean checking = new AtomicBoolean();

        // What the last check has seen; used by one check at a time
        private long lastTaken = -1;
        private long awaited;
        private int seenBy;

        /** The number of threads that look into the queue before they end. */
        private final AtomicInteger alive = new AtomicInteger();

        Pool(String prefix, int firstThreads, int maxThreads, Queue queue, Executor checks) {
            super(0, maxThreads, IDLE_SECONDS, TimeUnit.SECONDS, queue, (task, pool) -> {
                if (task == NOTHING) {
                    return;
                }
                if (pool.isShutdown()) {
                    throw new RejectedExecutionException("The engine is closed");
                }
                ((Pool) pool).keep(task, null);
            });
            this.queue = queue;
            this.checks = checks;
            this.firstThreads = firstThreads;
            queue.pool = this;
            setThreadFactory(worker -> new PoolThread(worker, prefix + made.incrementAndGet()));
        }

        /** Has the progress of waiting tasks checked. {@return whether that will happen; if not, no task may wait} */
        private boolean checkLater() {
            if (checking.compareAndSet(false, true)) {
                try {
                    checks.execute(this::check);
                } catch (OutOfMemoryError | RejectedExecutionException noCheck) {
                    checking.set(false);
                    return false;
                }
            }
            return true;
        }

        /** Starts threads when tasks wait and do not get on: as many again when no task was taken, one when they wait for long. */
        private void check() {
            try {
                long taken = queue.taken.get();
                if (queue.isEmpty() || taken >= awaited) {
                    awaited = queue.added.get();
                    seenBy = 0;
                }
                if (!queue.isEmpty()) {
                    seenBy++;
                    if (taken == lastTaken) {
                        grow(getPoolSize());
                    } else if (seenBy > MAX_CHECKS) {
                        grow(1);
                        seenBy = 0;
                    }
                }
                lastTaken = taken;
            } finally {
                checking.set(false);
                if (!queue.isEmpty() && getPoolSize() < getMaximumPoolSize() && !isShutdown()) {
                    checkLater();
                }
            }
        }

        private void grow(int threads) {
            try {
                for (int i = 0; i < threads && getPoolSize() < getMaximumPoolSize(); i++) {
                    super.execute(NOTHING);
                }
            } catch (OutOfMemoryError noThread) {
                // The next check tries again.
            }
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
     * A queue that accepts an offered task only when an idle thread waits for it, or when the task can wait; the pool starts
     * a thread otherwise. When the pool cannot start another thread, the task waits in this queue. The number of waiting tasks
     * is bounded by the number of executions and listeners.
     */
    @SuppressWarnings("serial") // it is never written
    private static final class Queue extends LinkedTransferQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        /** The number of tasks that came into this queue so far. */
        private final AtomicLong added = new AtomicLong();

        /** The number of tasks that threads have taken so far. */
        private final AtomicLong taken = new AtomicLong();

        private @Nullable Pool pool;

        @Override
        public boolean offer(Runnable task) {
            if (task == NOTHING) {
                return false;
            }
            if (tryTransfer(task)) {
                added.incrementAndGet();
                return true;
            }
            Pool asked = pool;
            if (asked == null || asked.getPoolSize() < asked.firstThreads) {
                return false;
            }
            keep(task);
            // After the task is there: a check that ends at this moment sees it, or lets another one follow.
            return asked.checkLater() || !remove(task);
        }

        private void keep(Runnable task) {
            super.offer(task);
            added.incrementAndGet();
        }

        /**
         * Before a thread sleeps, it lets others have its processor. When these bring more tasks, as they do under load, it takes them all and was not
         * put to sleep and woken for each.
         */
        @Override
        @SuppressWarnings("ThreadPriorityCheck") // it saves work, and nothing depends on it
        public @Nullable Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
            Runnable task = super.poll();
            if (task == null) {
                Thread.yield();
                task = super.poll(timeout, unit);
            }
            return counted(task);
        }

        @Override
        public @Nullable Runnable poll() {
            return counted(super.poll());
        }

        private @Nullable Runnable counted(@Nullable Runnable task) {
            if (task != null) {
                taken.incrementAndGet();
            }
            return task;
        }
    }
}
