package io.flowscript.client;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.runtime.EngineClock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs the client's own work, one task at a time in the order in which they came. All state of connections, subscriptions and
 * commands belongs to it, so that none of it needs a lock. {@link #execute} is safe for use by any thread.
 */
final class Loop {

    private static final Logger LOGGER = System.getLogger(Loop.class.getName());

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final EngineClock clock;
    private final SerialTask runs;

    Loop(Executor executor, EngineClock clock) {
        this.clock = clock;
        runs = new SerialTask(executor, this::run);
    }

    /** Runs a task soon, after those that came before it. */
    void execute(Runnable task) {
        tasks.add(task);
        runs.signal();
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    private void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            Guard.run(task::run, e -> LOGGER.log(Level.ERROR, "A task of the client failed", e));
        }
    }

    /** A timer that can be set again. For the loop's thread. */
    final class Alarm {

        private int turn;
        private EngineClock.@Nullable Timer timer;

        /** Runs a task after a while, in place of the one that was set before. */
        void set(Duration after, Runnable task) {
            clear();
            int mine = turn;
            timer = clock.schedule(
                    after,
                    () -> execute(() -> {
                        if (mine == turn) {
                            clear();
                            task.run();
                        }
                    }));
        }

        void clear() {
            turn++;
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        }

        boolean isSet() {
            return timer != null;
        }
    }
}
