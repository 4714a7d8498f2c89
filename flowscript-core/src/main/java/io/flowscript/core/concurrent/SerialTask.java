package io.flowscript.core.concurrent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs work on an executor, one run at a time, at least once after each {@link #signal}. Safe for use by any thread. It has no
 * lock; its state is one atomic number. The rows are the states, the columns are what can happen, and a cell is the next
 * state:
 *
 * <pre>
 *   state      signal      the run begins  tryBegin  the run ends, end  refused    stop
 *   IDLE       SCHEDULED   -               RUNNING   -                  -          STOPPED
 *   SCHEDULED  SCHEDULED   RUNNING         -         -                  IDLE       STOPPED
 *   RUNNING    AGAIN       -               -         IDLE               -          STOPPED
 *   AGAIN      AGAIN       -               -         SCHEDULED          -          STOPPED
 *   STOPPED    STOPPED     -               -         STOPPED            STOPPED    STOPPED
 * </pre>
 *
 * <p>The call that changes the state to SCHEDULED submits one run to the executor. No other call does, so two runs never
 * overlap. A signal writes the state even when it stays the same. So the next run sees all that was written before the signal,
 * plain fields included.
 *
 * <p>A run that was signalled again submits a new run and returns, so the work does not occupy a thread of the executor. This
 * holds also for an executor that runs tasks on the calling thread; the stack does not grow then.
 */
public final class SerialTask {

    private static final Logger LOGGER = System.getLogger(SerialTask.class.getName());

    private static final int IDLE = 0;
    private static final int SCHEDULED = 1;
    private static final int RUNNING = 2;
    private static final int AGAIN = 3;
    private static final int STOPPED = 4;

    private static final AtomicIntegerFieldUpdater<SerialTask> STATE =
            AtomicIntegerFieldUpdater.newUpdater(SerialTask.class, "state");

    private static final Consumer<Throwable> FAILED = SerialTask::failed;

    private final Executor executor;
    private final Guard.Code work;

    private volatile int state = IDLE;

    /**
     * Makes an idle task.
     *
     * @param executor the executor that runs the work
     * @param work the work. Whatever it throws is logged, and the run counts as ended.
     */
    public SerialTask(Executor executor, Guard.Code work) {
        this.executor = executor;
        this.work = work;
    }

    /**
     * Makes the work run after this call. Cheap when a run is scheduled already. Has no effect after {@link #stop}.
     *
     * <p>When the executor refuses the run with a {@link RejectedExecutionException}, the task is idle again, and the next
     * signal tries again. The same holds when the executor throws another exception or error, which this method then throws.
     */
    public void signal() {
        while (true) {
            int now = state;
            int next = switch (now) {
                case IDLE, SCHEDULED -> SCHEDULED;
                case RUNNING, AGAIN -> AGAIN;
                default -> STOPPED;
            };
            if (now == STOPPED) {
                return;
            }
            if (STATE.compareAndSet(this, now, next)) {
                if (now == IDLE) {
                    submit(null);
                }
                return;
            }
        }
    }

    /**
     * Begins a run on this thread, if the task is idle. The caller does what a run would, or part of it, and must then call
     * {@link #end}. A signal that comes meanwhile leads to a run of the work after that.
     *
     * @return whether the run has begun; false when a run is scheduled or in progress, and after {@link #stop}
     */
    public boolean tryBegin() {
        return STATE.compareAndSet(this, IDLE, RUNNING);
    }

    /**
     * Ends a run that {@link #tryBegin} has begun. Throws what {@link #signal} does, when the task was signalled meanwhile; the run
     * has ended then too.
     */
    public void end() {
        if (!STATE.compareAndSet(this, RUNNING, IDLE) && STATE.compareAndSet(this, AGAIN, SCHEDULED)) {
            submit(null);
        }
    }

    /** Stops the task. A run that is in progress, or begins at the same time, is not interrupted. No later run begins. */
    public void stop() {
        state = STOPPED;
    }

    private void run() {
        do {
            if (!STATE.compareAndSet(this, SCHEDULED, RUNNING)) {
                return;
            }
            Guard.run(work, FAILED); // both exist already: what needs memory here can fail
        } while (!STATE.compareAndSet(this, RUNNING, IDLE)
                && STATE.compareAndSet(this, AGAIN, SCHEDULED)
                && handBack());
    }

    /** Submits the next run. {@return whether the executor called it on this thread at once, so that this thread must do it} */
    private boolean handBack() {
        Run next = submit(Thread.currentThread());
        next.giver = null;
        return next.returned;
    }

    private Run submit(@Nullable Thread giver) {
        Run run;
        try {
            run = new Run(giver);
        } catch (Throwable e) {
            STATE.compareAndSet(this, SCHEDULED, IDLE);
            throw e;
        }
        try {
            executor.execute(run);
        } catch (RejectedExecutionException e) {
            refused(run);
        } catch (Throwable e) {
            refused(run);
            throw e;
        }
        return run;
    }

    private void refused(Run run) {
        if (!run.begun) {
            STATE.compareAndSet(this, SCHEDULED, IDLE);
        }
    }

    private static void failed(Throwable thrown) {
        LOGGER.log(Level.ERROR, "A task failed; it will run again when it is signalled", thrown);
    }

    /** One run, as submitted to the executor. */
    private final class Run implements Runnable {

        /** The thread that submits this from within the previous run, while it does so. Only that thread needs to see changes. */
        private @Nullable Thread giver;

        /** Whether the executor called this on the giver's thread, within the giver's call. Used by that thread only. */
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
