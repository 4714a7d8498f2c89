package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.Subscription;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports to one listener each interaction that no person has seen within a given time after the request.
 *
 * <p>It holds the open, unseen interactions of executions without a store that were not reported yet, sorted by the time at
 * which they are due, and sets one timer for the first. That time is monotonic: setting the system's clock has no effect on an
 * interaction that was added. An interaction is added once, when it is requested. It is removed when it is seen, closed or
 * reported, and never added again. Therefore each is reported at most once.
 *
 * <p>Those in the {@linkplain StoredUnseen store} are read when they are due, by the system's clock. The timer is also set for
 * the first of them. One that is stored only after its time is over is held too.
 *
 * <p>{@link #changed} and {@link #signal} run on the thread that changed the execution; the timer runs on the clock's
 * thread and only signals the task. The serial task on the executor of listeners sets the timer and calls the listener. A
 * lock guards the interactions; it is not held while the listener runs.
 */
final class UnseenWatch implements Subscription {

    private static final Logger LOGGER = LoggerFactory.getLogger(UnseenWatch.class);
    private static final int INTERACTIONS_PER_RUN = 64;

    /** The longest time to a report, 73 years, so that sums do not overflow. */
    private static final long LONGEST_NANOS = 1L << 61;

    /** When the store cannot be read, it is tried again after this time. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final EngineClock clock;
    private final Duration after;
    private final Filter filter;
    private final @Nullable StoredUnseen stored;
    private final Function<PauseToken, @Nullable Interaction> currentState;
    private final Consumer<? super Interaction> listener;
    private final Consumer<UnseenWatch> onClose;
    private final SerialTask task;

    /** The interactions that can still be reported. Guarded by itself. */
    private final NavigableSet<Unseen> unseen = new TreeSet<>();

    /** The same interactions by token. Guarded by the other. */
    private final Map<PauseToken, Unseen> byToken = new HashMap<>();

    private final AtomicReference<EngineClock.@Nullable Timer> timer = new AtomicReference<>();
    /** The monotonic time that the timer is set for; null when it is not set. Written by the task only. */
    private volatile @Nullable Long timedFor;
    /** Set by the timer; cleared by the task. */
    private volatile boolean timerFired;

    private volatile boolean started;
    /** Whether the oldest interaction may have changed since the timer was set. */
    private volatile boolean newOldest;

    private volatile boolean closed;

    /**
     * An unseen interaction, ordered by the time at which it is due.
     *
     * @param due the monotonic time, in nanoseconds
     */
    private record Unseen(long due, PauseToken token) implements Comparable<Unseen> {

        private static final Comparator<Unseen> ORDER = Comparator.comparingLong(Unseen::due)
                .thenComparing(one -> one.token().executionId())
                .thenComparing(one -> one.token().tokenId());

        @Override
        public int compareTo(Unseen other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * Creates a watch that was not started.
     *
     * @param filter decides which interactions are reported, by their state when the time is over
     * @param stored reads those in the store; null for an engine without one
     * @param currentState returns the present state of an interaction; null when the inbox no longer holds it
     * @param onClose called when the watch is closed
     */
    UnseenWatch(
            FlowScript flows,
            Duration after,
            Filter filter,
            @Nullable StoredUnseen stored,
            Function<PauseToken, @Nullable Interaction> currentState,
            Consumer<? super Interaction> listener,
            Consumer<UnseenWatch> onClose) {
        this.clock = flows.clock();
        this.after = after;
        this.filter = filter;
        this.stored = stored;
        this.currentState = currentState;
        this.listener = listener;
        this.onClose = onClose;
        this.task = new SerialTask(flows.listenerExecutor(), this::run);
    }

    /**
     * Notes a change of an interaction: {@code was} is null for a new one, {@code is} is null for a removed one. The
     * caller makes sure that the changes of one interaction arrive in order.
     *
     * @param isStored whether it is an interaction of a stored execution
     */
    void changed(@Nullable Interaction was, @Nullable Interaction is, boolean isStored) {
        Interaction before = ifUnseen(was);
        Interaction next = ifUnseen(is);
        if (before == null && next != null) {
            if (!isStored || stored == null || stored.wasPassed(next)) {
                add(next);
            } else if (isDueBeforeTimer(next)) {
                newOldest = true;
            }
        } else if (before != null && next == null) {
            synchronized (unseen) {
                Unseen seen = byToken.remove(before.token());
                if (seen != null) {
                    unseen.remove(seen);
                }
            }
        }
    }

    private static @Nullable Interaction ifUnseen(@Nullable Interaction interaction) {
        return interaction != null && interaction.isUnseen() ? interaction : null;
    }

    /**
     * Adds the interactions that exist already and starts the reports. Changes may arrive at the same time. An
     * interaction that was closed meanwhile stays until its time is over and is then not reported.
     */
    void start(Iterable<Entry> open) {
        for (Entry entry : open) {
            Interaction interaction = entry.interaction();
            if (interaction.isUnseen()) {
                add(interaction);
            }
        }
        started = true;
        task.signal();
    }

    /** Lets the task set the timer again if the oldest interaction has changed. Call it without holding a lock. */
    void signal() {
        if (started && newOldest) {
            task.signal();
        }
    }

    @Override
    public void close() {
        closed = true;
        task.stop();
        cancelTimer();
        synchronized (unseen) {
            unseen.clear();
            byToken.clear();
        }
        onClose.accept(this);
    }

    private void add(Interaction interaction) {
        PauseToken token = interaction.token();
        Unseen added = new Unseen(due(interaction), token);
        synchronized (unseen) {
            if (!closed && byToken.putIfAbsent(token, added) == null) {
                unseen.add(added);
                newOldest |= unseen.first().equals(added);
            }
        }
    }

    /** {@return the monotonic time at which an interaction is due} */
    private long due(Interaction interaction) {
        Duration age = Duration.between(interaction.requestedAt(), clock.instant());
        return dueIn(age.isNegative() ? after : after.minus(age));
    }

    private long dueIn(Duration left) {
        return clock.nanoTime() + Math.min(LONGEST_NANOS, TimeUnit.NANOSECONDS.convert(left));
    }

    private boolean isDueBeforeTimer(Interaction interaction) {
        Long timed = timedFor;
        return timed == null || due(interaction) - timed < 0;
    }

    private void run() {
        if (!started || closed) {
            return;
        }
        if (timerFired) {
            timerFired = false;
            timedFor = null;
        }
        newOldest = false;
        for (int i = 0; i < INTERACTIONS_PER_RUN; i++) {
            Unseen due = pollDue(clock.nanoTime());
            if (due == null) {
                reportStored();
                return;
            }
            Interaction interaction = currentState.apply(due.token());
            if (interaction != null) {
                report(interaction);
            }
        }
        task.signal();
    }

    /** Reports those in the store that are due, or sets the timer when none are. */
    private void reportStored() {
        if (stored == null) {
            setTimer(null);
            return;
        }
        try {
            List<Interaction> due = stored.nextDue();
            due.stream().filter(interaction -> !isHeld(interaction)).forEach(this::report);
            if (due.isEmpty()) {
                Duration left = stored.untilNext();
                setTimer(left == null ? null : (Long) dueIn(left));
            } else {
                task.signal();
            }
        } catch (FlowScriptException e) {
            if (!closed) {
                LOGGER.warn("The unseen interactions cannot be read; they are tried again after {}", RETRY, e);
                setTimer(dueIn(RETRY));
            }
        }
    }

    /** Whether an interaction will be reported without being read once more. */
    private boolean isHeld(Interaction interaction) {
        synchronized (unseen) {
            return byToken.containsKey(interaction.token());
        }
    }

    private @Nullable Unseen pollDue(long now) {
        synchronized (unseen) {
            if (unseen.isEmpty() || unseen.first().due() - now > 0) {
                return null;
            }
            Unseen due = unseen.first();
            unseen.remove(due);
            byToken.remove(due.token());
            return due;
        }
    }

    private void report(Interaction interaction) {
        Guard.run(
                () -> {
                    if (interaction.isUnseen() && filter.passes(interaction) && !closed) {
                        listener.accept(interaction);
                    }
                },
                thrown -> LOGGER.error(
                        "An inbox listener for unseen interactions failed; the next interaction follows", thrown));
    }

    /** Sets the timer for the first one that is held or in the store, whose time is given; null for none. */
    private void setTimer(@Nullable Long firstStored) {
        Unseen held = oldest();
        Long next = held == null ? firstStored : (Long) held.due();
        if (next != null && firstStored != null && firstStored - next < 0) {
            next = firstStored;
        }
        Long timed = timedFor;
        if (closed || next == null || (timed != null && next - timed >= 0)) {
            return;
        }
        cancelTimer();
        timedFor = next;
        timer.set(clock.schedule(Duration.ofNanos(Math.max(0, next - clock.nanoTime())), () -> {
            timerFired = true;
            task.signal();
        }));
        if (closed) {
            cancelTimer();
        }
    }

    private @Nullable Unseen oldest() {
        synchronized (unseen) {
            return unseen.isEmpty() ? null : unseen.first();
        }
    }

    private void cancelTimer() {
        EngineClock.Timer set = timer.getAndSet(null);
        if (set != null) {
            set.cancel();
        }
    }
}
