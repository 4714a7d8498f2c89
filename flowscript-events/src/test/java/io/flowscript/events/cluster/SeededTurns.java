package io.flowscript.events.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs what several engines do, one task after the other, in an order that a seed decides. A task that waits for another one
 * keeps its thread and lets the others run.
 */
final class SeededTurns implements Executor, AutoCloseable {

    /** How many tasks may follow from others without a pause. */
    private static final int MOST = 10_000;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final Random random;
    private final List<Runnable> tasks = new ArrayList<>();
    private final Set<Thread> busy = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "turn");
        thread.setDaemon(true);
        return thread;
    });

    SeededTurns(Random random) {
        this.random = random;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
    }

    /** Runs one of the tasks until it ends or waits. {@return false when there is none} */
    boolean runOne() {
        Runnable next;
        synchronized (tasks) {
            if (tasks.isEmpty()) {
                return false;
            }
            next = tasks.remove(random.nextInt(tasks.size()));
        }
        run(next);
        return true;
    }

    /** Runs tasks until there is none. */
    void runAll() {
        for (int i = 0; i < MOST && runOne(); i++) {}
    }

    /** Runs a task now, until it ends or waits, with what goes on because of it. */
    void run(Runnable task) {
        Set<Thread> taken = ConcurrentHashMap.newKeySet();
        threads.execute(() -> {
            Thread mine = Thread.currentThread();
            busy.add(mine);
            taken.add(mine);
            try {
                task.run();
            } catch (Throwable thrown) {
                failures.add(thrown);
            } finally {
                busy.remove(mine);
            }
        });
        long begin = System.nanoTime();
        while (taken.isEmpty() || busy.stream().anyMatch(SeededTurns::isRunning)) {
            if (System.nanoTime() - begin > PATIENCE) {
                throw new AssertionError("A task runs for 30 s: " + stacks());
            }
            LockSupport.parkNanos(5_000);
        }
    }

    private static boolean isRunning(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, BLOCKED, TERMINATED -> false;
            case NEW, RUNNABLE -> true;
        };
    }

    /** {@return what tasks have thrown, which should throw nothing} */
    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** {@return where the tasks are that wait} */
    String stacks() {
        StringBuilder all = new StringBuilder();
        for (Thread thread : busy) {
            all.append('\n').append(thread.getState());
            for (StackTraceElement at : thread.getStackTrace()) {
                all.append("\n    ").append(at);
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
