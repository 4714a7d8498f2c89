package io.flowscript.core.concurrent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks on another executor, no more than a number of them at a time. The others wait in a queue without a bound; whoever
 * submits tasks bounds their number. Safe for use by any thread.
 */
public final class LimitedExecutor implements Executor {

    private final Executor executor;
    private final int max;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** The number of tasks on the other executor. Each runs what waits until nothing does. */
    private final AtomicInteger running = new AtomicInteger();

    /**
     * Creates an executor.
     *
     * @param executor runs the tasks
     * @param max the number of tasks that run at a time, from 1
     */
    public LimitedExecutor(Executor executor, int max) {
        this.executor = executor;
        this.max = max;
    }

    /**
     * Runs a task, now or later. When the other executor refuses it, what that throws is thrown, and tasks that wait run with
     * the next one that it takes.
     */
    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        try {
            start();
        } catch (Throwable refused) {
            if (waiting.remove(task)) {
                throw refused;
            }
        }
    }

    private void start() {
        int now = running.get();
        while (now < max) {
            if (running.compareAndSet(now, now + 1)) {
                try {
                    executor.execute(this::drain);
                } catch (Throwable refused) {
                    running.decrementAndGet();
                    throw refused;
                }
                return;
            }
            now = running.get();
        }
    }

    private void drain() {
        try {
            Runnable next = waiting.poll();
            while (next != null) {
                next.run();
                next = waiting.poll();
            }
        } finally {
            running.decrementAndGet();
            // A task has thrown while others wait, or one came after the last look and found all places taken.
            if (!waiting.isEmpty()) {
                start();
            }
        }
    }
}
