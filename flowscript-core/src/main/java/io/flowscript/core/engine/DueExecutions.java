package io.flowscript.core.engine;

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
import java.util.function.Consumer;
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
    private final Consumer<String> bringBack;
    private final SerialTask task;

    private EngineClock.@Nullable Timer timer;
    private Instant next = Instant.MAX;
    private boolean failed;
    private boolean closed;

    /**
     * Creates an idle object.
     *
     * @param store the store; null for an engine without one
     * @param readers runs readings, which may block
     * @param bringBack makes an execution active if it is not; can block
     */
    DueExecutions(@Nullable ExecutionStore store, EngineClock clock, Executor readers, Consumer<String> bringBack) {
        this.store = store;
        this.clock = clock;
        this.bringBack = bringBack;
        this.task = new SerialTask(readers, this::run);
    }

    /** Begins. Called once, when the executions are in memory whose nodes work. */
    void start() {
        if (store != null) {
            task.signal();
        }
    }

    boolean isSoon(@Nullable Instant at) {
        return at != null && !at.isAfter(ahead(clock.instant()));
    }

    /** An execution has left memory. The time is null when nothing is due in it. */
    void left(@Nullable Instant at) {
        if (at != null) {
            setTimer(before(at));
        }
    }

    synchronized void close() {
        closed = true;
        task.stop();
        if (timer != null) {
            timer.cancel();
        }
    }

    private void run() {
        ExecutionStore from = store;
        if (from == null) {
            return;
        }
        synchronized (this) {
            next = Instant.MAX;
        }
        try {
            Instant now = clock.instant();
            Instant until = ahead(now);
            bringBack(from, until);
            List<StoredExecution> first = from.list(new ExecutionQuery.Due(until, Long.MAX_VALUE, Instant.MAX, 1));
            failed = false;
            for (StoredExecution later : first) {
                Instant due = before(dueAt(later));
                Instant earliest = now.plus(REST);
                setTimer(due.isBefore(earliest) ? earliest : due);
            }
        } catch (RuntimeException e) {
            if (!failed && !isClosed()) {
                LOGGER.log(
                        Level.WARNING, "The executions in which something is due cannot be read; it is tried again", e);
            }
            failed = true;
            retry();
        }
    }

    private void bringBack(ExecutionStore from, Instant until) {
        // Those that are due at once have a working node: they are in memory since the start of the engine.
        Instant after = Instant.EPOCH;
        long afterNumber = Long.MAX_VALUE;
        while (true) {
            List<StoredExecution> page = from.list(new ExecutionQuery.Due(after, afterNumber, until, PAGE));
            if (page.isEmpty()) {
                return;
            }
            for (StoredExecution execution : page) {
                bringBack.accept(execution.snapshot().executionId());
                after = dueAt(execution);
                afterNumber = execution.number();
            }
        }
    }

    private static Instant dueAt(StoredExecution execution) {
        Instant due = execution.snapshot().dueAt();
        return due == null ? Instant.EPOCH : due;
    }

    private synchronized void setTimer(Instant at) {
        if (!closed && at.isBefore(next)) {
            if (timer != null) {
                timer.cancel();
            }
            next = at;
            timer = clock.schedule(at, task::signal);
        }
    }

    private synchronized void retry() {
        if (!closed) {
            if (timer != null) {
                timer.cancel();
            }
            next = Instant.MIN;
            timer = clock.schedule(RETRY, task::signal);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private static Instant ahead(Instant now) {
        return now.isAfter(Instant.MAX.minus(AHEAD)) ? Instant.MAX : now.plus(AHEAD);
    }

    private static Instant before(Instant due) {
        return due.isBefore(Instant.MIN.plus(AHEAD)) ? Instant.MIN : due.minus(AHEAD);
    }
}
