package io.flowscript.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An executor that runs nothing until it is told to, on the thread that tells it: in the order given, or in an order drawn from a seed, so
 * that a test can go through many schedules and repeat the one that failed. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ManualExecutor implements Executor {

    private final List<Runnable> tasks = new ArrayList<>();
    private final @Nullable Random order;

    /** Runs tasks in the order in which they came. */
    public ManualExecutor() {
        order = null;
    }

    /**
     * Runs tasks in an order drawn from a seed.
     *
     * @param seed the same seed gives the same order
     */
    public ManualExecutor(long seed) {
        order = new Random(seed);
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
    }

    /** {@return whether a task was run; false when there was none} */
    public boolean runOne() {
        Runnable task = take();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /** Runs tasks, those too that they add, until there are none. */
    public void runAll() {
        while (runOne()) {
            // the condition does the work
        }
    }

    /** {@return how many tasks wait} */
    public int pending() {
        synchronized (tasks) {
            return tasks.size();
        }
    }

    private @Nullable Runnable take() {
        synchronized (tasks) {
            if (tasks.isEmpty()) {
                return null;
            }
            return tasks.remove(order == null ? 0 : order.nextInt(tasks.size()));
        }
    }
}
