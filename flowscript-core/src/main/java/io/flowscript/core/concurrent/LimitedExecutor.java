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
    private final int turn;
    private final Runnable drain = this::drain;
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
        this(executor, max, Integer.MAX_VALUE);
    }

    /**
     * Creates an executor that lets others have a turn.
     *
     * @param executor runs the tasks, never on the thread that submits them
     * @param max the number of tasks that run at a time, from 1
     * @param turn the number of tasks after which other tasks of the executor have their turn, from 1
     */
    public LimitedExecutor(Executor executor, int max, int turn) {
        this.executor = executor;
        this.max = max;
        this.turn = turn;
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
                    executor.execute(drain);
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
        boolean isHandedOn = false;
        try {
            int done = 0;
            while (!isHandedOn) {
                Runnable next = waiting.poll();
                if (next == null) {
                    break;
                }
                next.run();
                done++;
                isHandedOn = done % turn == 0 && !waiting.isEmpty() && handOn();
            }
        } finally {
            if (!isHandedOn) {
                leave();
            }
        }
    }

    /** Gives the place up. */
    private void leave() {
        running.decrementAndGet();
        // A task has thrown while others wait, or one came after the last look and found all places taken.
        if (!waiting.isEmpty()) {
            start();
        }
    }

    /** Lets a later run have this place. {@return false when the other executor does not take it, so that this one has to go on} */
    private boolean handOn() {
        try {
            executor.execute(drain);
            return true;
        } catch (Throwable refused) {
            return false;
        }
    }
}
