package io.flowscript.core.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the executors that are used when the application gives none. Their threads are daemon threads with the names
 * {@code flowscript-node-1}, {@code flowscript-node-2} and so on. A new thread starts when all others are busy, and a
 * thread ends after it was idle for a while.
 */
final class DefaultExecutor {

    private static final String PREFIX = "flowscript-";
    private static final long IDLE_SECONDS = 10;
    private static final int VIRTUAL_THREADS_SINCE = 21;

    private DefaultExecutor() {}

    /**
     * Starts an executor of tasks that may block: one virtual thread for each task if the JDK has them, otherwise a
     * bounded number of threads.
     *
     * @param name a part of the names of the threads
     * @param maxThreads the maximum number of threads that are not virtual
     */
    static ExecutorService blocking(String name, int maxThreads) {
        String prefix = PREFIX + name + "-";
        return Runtime.version().feature() >= VIRTUAL_THREADS_SINCE
                ? virtualThreads(prefix)
                : daemonThreads(prefix, maxThreads);
    }

    /**
     * Starts an executor of tasks that do not block. Its threads are never virtual, because virtual threads that block
     * while they are pinned can keep others from running. There are more of them than the workers that send events, so
     * that these do not delay timers.
     *
     * @param name a part of the names of the threads
     */
    static ExecutorService nonBlocking(String name) {
        return daemonThreads(PREFIX + name + "-", 2 * (Runtime.getRuntime().availableProcessors() + 1));
    }

    static ExecutorService daemonThreads(String prefix, int maxThreads) {
        AtomicLong made = new AtomicLong();
        ThreadFactory threads = work -> {
            Thread thread = new Thread(work, prefix + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return new Pool(maxThreads, new Queue(), threads);
    }

    /** A pool that takes every task until it is shut down. */
    private static final class Pool extends ThreadPoolExecutor {

        private final Queue queue;

        Pool(int maxThreads, Queue queue, ThreadFactory threads) {
            super(0, maxThreads, IDLE_SECONDS, TimeUnit.SECONDS, queue, threads, (task, pool) -> {
                if (pool.isShutdown()) {
                    throw new RejectedExecutionException("The engine is closed");
                }
                queue.keep(task);
            });
            this.queue = queue;
        }

        /** When no thread can be started, since the memory is used up, the task waits for a thread that exists. */
        @Override
        public void execute(Runnable task) {
            try {
                super.execute(task);
            } catch (OutOfMemoryError noThread) {
                if (getPoolSize() == 0) {
                    throw noThread;
                }
                queue.keep(task);
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

    /** Uses method handles, because the language level is older than virtual threads. */
    private static ExecutorService virtualThreads(String prefix) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> virtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(virtual));
            MethodHandle name =
                    lookup.findVirtual(virtual, "name", MethodType.methodType(virtual, String.class, long.class));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            MethodHandle perTask = lookup.findStatic(
                    Executors.class,
                    "newThreadPerTaskExecutor",
                    MethodType.methodType(ExecutorService.class, ThreadFactory.class));
            Object named = name.invoke(ofVirtual.invoke(), prefix, 1L);
            return (ExecutorService) perTask.invoke((ThreadFactory) factory.invoke(named));
        } catch (Throwable e) {
            throw new IllegalStateException("This JDK says that it has virtual threads, but they cannot be made", e);
        }
    }
}
