package io.flowscript.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.runtime.EngineClock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The clock of an application, whose exceptions change nothing. When it cannot tell a time, the system's time of day or
 * the last monotonic time is used; when it takes no task, it is asked again until it does. The first failure is logged.
 * Safe for use by any thread.
 */
final class GuardedClock implements EngineClock, AutoCloseable {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());
    private static final long RETRY_MILLIS = 100;

    private final EngineClock clock;
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile long lastNanoTime;
    private volatile boolean closed;

    GuardedClock(EngineClock clock) {
        this.clock = clock;
    }

    @Override
    public Instant instant() {
        return Guard.call(() -> Objects.requireNonNull(clock.instant(), "instant"), thrown -> {
            failed(thrown);
            return Instant.now();
        });
    }

    @Override
    public long nanoTime() {
        try {
            long now = clock.nanoTime();
            lastNanoTime = now;
            return now;
        } catch (Throwable thrown) {
            failed(thrown);
            return lastNanoTime;
        }
    }

    @Override
    public Timer schedule(Instant at, Runnable task) {
        return new Scheduled() {
            @Override
            Timer ask() {
                return clock.schedule(at, task);
            }
        }.schedule();
    }

    @Override
    public Timer schedule(Duration after, Runnable task) {
        return new Scheduled() {
            @Override
            Timer ask() {
                return clock.schedule(after, task);
            }
        }.schedule();
    }

    /** No task is scheduled any more. */
    @Override
    public void close() {
        closed = true;
    }

    private void failed(Throwable thrown) {
        if (failed.compareAndSet(false, true)) {
            Guard.report(
                    thrown,
                    shown -> LOGGER.log(
                            Level.ERROR, "The clock of the application failed; later failures are not logged", shown));
        }
    }

    /** A task that the clock has taken, or will be asked again to take. */
    private abstract class Scheduled implements Timer {

        private volatile @Nullable Timer timer;
        private volatile boolean cancelled;

        /** Asks the clock to take the task. */
        abstract Timer ask();

        /** Asks the clock until it takes the task. {@return this} */
        Timer schedule() {
            if (closed || cancelled) {
                return this;
            }
            try {
                timer = Objects.requireNonNull(ask(), "timer");
            } catch (Throwable thrown) {
                failed(thrown);
                CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS)
                        .execute(this::schedule);
            }
            if (cancelled) {
                cancel();
            }
            return this;
        }

        @Override
        public void cancel() {
            cancelled = true;
            Timer taken = timer;
            if (taken != null) {
                Guard.run(taken::cancel, GuardedClock.this::failed);
            }
        }
    }
}
