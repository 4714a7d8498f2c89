package io.flowscript.core.concurrent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs a piece of work on an executor, one run at a time, at least once after each {@link #signal}. Safe for use by any thread; has no
 * lock, but one atomic word:
 *
 * <pre>
 *   state      signal      the run begins  the run ends  refused    stop
 *   IDLE       SCHEDULED   -               -             -          STOPPED
 *   SCHEDULED  SCHEDULED   RUNNING         -             IDLE       STOPPED
 *   RUNNING    AGAIN       -               IDLE          -          STOPPED
 *   AGAIN      AGAIN       -               SCHEDULED     -          STOPPED
 *   STOPPED    STOPPED     -               STOPPED       STOPPED    STOPPED
 * </pre>
 *
 * <p>Whoever brings it to SCHEDULED hands one run to the executor; nobody else does, so there is never a second one. Also a signal that
 * changes nothing writes the word: that is what makes everything written before a signal seen by the run that follows it, plain
 * fields included.
 *
 * <p>The work is given no chance to occupy a thread of the executor: a run that is to go on hands itself back. An executor that runs
 * tasks on the calling thread is no exception, and the stack does not grow by it.
 */
public final class SerialTask {

    private static final Logger LOGGER = System.getLogger(SerialTask.class.getName());

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
     * @param work should guard itself against what it calls: what it throws is logged, and counts as a run that ended
     */
    public SerialTask(Executor executor, Runnable work) {
        this.executor = executor;
        this.work = work;
    }

    /**
     * Sees to it that the work runs after this call. Cheap when it is scheduled already; does nothing after {@link #stop}.
     * An executor that refuses the run ({@link RejectedExecutionException}) leaves the task idle: the next signal tries again. Anything else
     * that the executor throws does so too, and is thrown on.
     */
    public void signal() {
        while (true) {
            int now = state.get();
            int next = switch (now) {
                case IDLE, SCHEDULED -> SCHEDULED;
                case RUNNING, AGAIN -> AGAIN;
                default -> STOPPED;
            };
            if (now == STOPPED) {
                return;
            }
            if (state.compareAndSet(now, next)) {
                if (now == IDLE) {
                    submit(new Run(null));
                }
                return;
            }
        }
    }

    /** No run begins after this, except one that begins at the same moment; one that is under way ends by itself. */
    public void stop() {
        state.set(STOPPED);
    }

    private void run() {
        do {
            if (!state.compareAndSet(SCHEDULED, RUNNING)) {
                return;
            }
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOGGER.log(Level.ERROR, "A task failed; it will run again when it is signalled", e);
            }
        } while (!state.compareAndSet(RUNNING, IDLE) && state.compareAndSet(AGAIN, SCHEDULED) && handBack());
    }

    /** Hands the next run to the executor. {@return whether the executor gave it straight back to this thread, whose it is now} */
    private boolean handBack() {
        Run next = new Run(Thread.currentThread());
        submit(next);
        next.giver = null;
        return next.returned;
    }

    private void submit(Run run) {
        try {
            executor.execute(run);
        } catch (RejectedExecutionException e) {
            refused(run);
        } catch (RuntimeException | Error e) {
            refused(run);
            throw e;
        }
    }

    private void refused(Run run) {
        if (!run.begun) {
            state.compareAndSet(SCHEDULED, IDLE);
        }
    }

    /** One run on its way through the executor. */
    private final class Run implements Runnable {

        /** The thread that hands this over from within the run before, while it does so. Others need not see it change. */
        private @Nullable Thread giver;

        /** For the giver alone: the executor ran this within the giver's call. */
        private boolean returned;

        private boolean begun;

        private Run(@Nullable Thread giver) {
            this.giver = giver;
        }

        @Override
        public void run() {
            begun = true;
            if (giver == Thread.currentThread()) {
                returned = true;
            } else {
                SerialTask.this.run();
            }
        }
    }
}
