package io.flowscript.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Brings executions back that have left memory, shortly before something is due in them. One timer serves all: it is set
 * for the first execution in the store that is due later than those which are in memory already. Safe for use by any thread.
 */
final class DueExecutions {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    /** How long before its time an execution is brought back. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    /** The shortest time between two readings of the store. */
    private static final Duration REST = AHEAD.dividedBy(2);

    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int PAGE = 256;

    private final @Nullable ExecutionStore store;
    private final EngineClock clock;
    private final Predicate<String> bringBack;
    private final SerialTask task;
    private final EarliestTimer timer;

    /** Whether the last reading failed. Used by the task alone. */
    private boolean failed;

    /**
     * Creates an idle object.
     *
     * @param store the store; null for an engine without one
     * @param readers runs readings, which may block
     * @param bringBack makes an execution active if it is not, and gives false when it is to be tried again; can block
     */
    DueExecutions(@Nullable ExecutionStore store, EngineClock clock, Executor readers, Predicate<String> bringBack) {
        this.store = store;
        this.clock = clock;
        this.bringBack = bringBack;
        this.task = new SerialTask(readers, this::run);
        this.timer = new EarliestTimer(clock, task::signal);
    }

    /** Begins. Called once, when the executions are in memory whose nodes work. */
    void start() {
        if (store != null) {
            task.signal();
        }
    }

    /** Others than before may be due. */
    void signal() {
        task.signal();
    }

    boolean isSoon(@Nullable Instant at) {
        return at != null && !at.isAfter(EarliestTimer.later(clock.instant(), AHEAD));
    }

    /** An execution has left memory. The time is null when nothing is due in it. */
    void left(@Nullable Instant at) {
        if (at != null) {
            timer.at(EarliestTimer.earlier(at, AHEAD));
        }
    }

    void close() {
        task.stop();
        timer.close();
    }

    private void run() {
        ExecutionStore from = store;
        if (from == null) {
            return;
        }
        try {
            Instant now = clock.instant();
            Instant until = EarliestTimer.later(now, AHEAD);
            boolean allAreBack = bringBack(from, until);
            List<StoredExecution> first = from.list(new ExecutionQuery.Due(until, Long.MAX_VALUE, Instant.MAX, 1));
            failed = false;
            if (!allAreBack) {
                timer.after(RETRY);
            }
            for (StoredExecution later : first) {
                Instant due = EarliestTimer.earlier(dueAt(later), AHEAD);
                Instant earliest = EarliestTimer.later(now, REST);
                timer.at(due.isBefore(earliest) ? earliest : due);
            }
        } catch (Throwable thrown) { // also when memory is used up: otherwise nothing would be brought back any more
            Guard.report(thrown, this::failed);
            timer.after(RETRY);
        }
    }

    private void failed(Throwable thrown) {
        if (!failed && !timer.isClosed()) {
            LOGGER.log(
                    Level.WARNING,
                    "The executions in which something is due cannot be read; it is tried again",
                    thrown);
        }
        failed = true;
    }

    /** {@return false when some are to be tried again} */
    private boolean bringBack(ExecutionStore from, Instant until) {
        boolean allAreBack = true;
        // Those that are due at once have a working node: they are in memory since the start of the engine.
        Instant after = Instant.EPOCH;
        long afterNumber = Long.MAX_VALUE;
        while (true) {
            List<StoredExecution> page = from.list(new ExecutionQuery.Due(after, afterNumber, until, PAGE));
            if (page.isEmpty()) {
                return allAreBack;
            }
            for (StoredExecution execution : page) {
                allAreBack &= bringBack.test(execution.snapshot().executionId());
                after = dueAt(execution);
                afterNumber = execution.number();
            }
        }
    }

    private static Instant dueAt(StoredExecution execution) {
        Instant due = execution.snapshot().dueAt();
        return due == null ? Instant.EPOCH : due;
    }
}
