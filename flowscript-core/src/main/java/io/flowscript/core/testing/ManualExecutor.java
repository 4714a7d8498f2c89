package io.flowscript.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An executor for tests. It runs tasks only when the test calls it, on the calling thread. The order is the order of
 * submission or a random order from a seed. With seeds, a test can try many schedules and repeat the one that failed.
 * Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ManualExecutor implements Executor {

    private final List<Runnable> tasks = new ArrayList<>();
    private final @Nullable Random order;

    /** Creates an executor that runs tasks in the order of their submission. */
    public ManualExecutor() {
        order = null;
    }

    /**
     * Creates an executor that runs tasks in a random order.
     *
     * @param seed the seed of the order; the same seed gives the same order
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

    /**
     * Runs one task.
     *
     * @return true if a task was run; false if there was none
     */
    public boolean runOne() {
        Runnable task = take();
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /** Runs all tasks, including tasks that these tasks add, until none is left. */
    public void runAll() {
        while (runOne()) {
            // the condition does the work
        }
    }

    /** {@return the number of waiting tasks} */
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
