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
 * The executor that is used when the application sets none. It runs each task on a virtual thread if the JDK has
 * them. Otherwise it uses up to {@link #MAX_THREADS} daemon threads: a new thread starts when all others are busy,
 * and a thread ends after it was idle for a while. Threads are named {@code flowscript-1}, {@code flowscript-2} and
 * so on.
 */
final class DefaultExecutor {

    static final int MAX_THREADS = 256;

    private static final String PREFIX = "flowscript-";
    private static final long IDLE_SECONDS = 10;
    private static final int VIRTUAL_THREADS_SINCE = 21;

    private DefaultExecutor() {}

    static ExecutorService start() {
        return Runtime.version().feature() >= VIRTUAL_THREADS_SINCE ? virtualThreads() : daemonThreads();
    }

    static ExecutorService daemonThreads() {
        AtomicLong made = new AtomicLong();
        ThreadFactory threads = work -> {
            Thread thread = new Thread(work, PREFIX + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        Queue queue = new Queue();
        return new ThreadPoolExecutor(0, MAX_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, queue, threads, (task, pool) -> {
            if (pool.isShutdown()) {
                throw new RejectedExecutionException("The engine is closed");
            }
            queue.keep(task);
        });
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
    private static ExecutorService virtualThreads() {
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
            Object named = name.invoke(ofVirtual.invoke(), PREFIX, 1L);
            return (ExecutorService) perTask.invoke((ThreadFactory) factory.invoke(named));
        } catch (Throwable e) {
            throw new IllegalStateException("This JDK says that it has virtual threads, but they cannot be made", e);
        }
    }
}
