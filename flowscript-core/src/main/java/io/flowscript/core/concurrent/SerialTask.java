package io.flowscript.core.concurrent;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a piece of work on an executor, one run at a time, at least once after each {@link #signal}.
 *
 * <p>Everything written before a signal is seen by the run that follows it. States and their transitions:
 *
 * <pre>
 *   IDLE --signal--> SCHEDULED --executor--> RUNNING --done--> IDLE
 *                                            RUNNING --signal--> AGAIN --done--> SCHEDULED
 *   any --stop--> STOPPED
 * </pre>
 *
 * <p>The work is given no chance to occupy the executor: a run that is to go on hands itself back to the executor.
 */
public final class SerialTask {

    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;
    private static final int RUNNING = 2;
    private static final int AGAIN = 3;
    private static final int STOPPED = 4;

    private final Executor executor;
    private final Runnable work;
    private final AtomicInteger state = new AtomicInteger(IDLE);

    /**
     * Makes an idle task.
     *
     * @param executor runs the work
     * @param work must guard itself against what it calls: whatever it throws goes to the executor, after which the task
     *     can be signalled again
     */
    public SerialTask(Executor executor, Runnable work) {
        this.executor = executor;
        this.work = work;
    }

    /**
     * Sees to it that the work runs after this call. Cheap when it is scheduled already; does nothing after {@link #stop}.
     * An executor that takes no more work (it was shut down) stops the task.
     */
    public void signal() {
        while (true) {
            int now = state.get();
            switch (now) {
                case IDLE -> {
                    if (state.compareAndSet(IDLE, SCHEDULED)) {
                        submit();
                        return;
                    }
                }
                case RUNNING -> {
                    if (state.compareAndSet(RUNNING, AGAIN)) {
                        return;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    /** No run begins after this; one that is under way ends by itself. */
    public void stop() {
        state.set(STOPPED);
    }

    private void submit() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            stop();
        }
    }

    private void run() {
        if (!state.compareAndSet(SCHEDULED, RUNNING)) {
            return;
        }
        try {
            work.run();
        } finally {
            if (!state.compareAndSet(RUNNING, IDLE) && state.compareAndSet(AGAIN, SCHEDULED)) {
                submit();
            }
        }
    }
}
