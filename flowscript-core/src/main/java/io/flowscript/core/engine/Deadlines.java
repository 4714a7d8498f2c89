package io.flowscript.core.engine;

import io.flowscript.core.engine.ExecutionSnapshot.Phase;
import io.flowscript.core.engine.ExecutionSnapshot.Visit;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.EngineClock.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The times at which something is due in one execution: it measures how long nodes have worked, and keeps one alarm.
 * Guarded by the lock of the execution.
 *
 * <p>Work is measured with the monotonic time, so setting the system's clock has no effect on it. The time limit of
 * the work moves a little with each step. An alarm that is earlier than needed stays scheduled; when it rings, it is
 * scheduled again. A step therefore needs no call of the clock's scheduler.
 */
final class Deadlines {

    private final EngineClock clock;
    private final EngineLimits limits;
    private final Interpreter interpreter;
    private final LongConsumer ring;

    private boolean working;
    private long workingSince;
    private long reading;
    private @Nullable Timer alarm;
    private Instant alarmAt = Instant.MAX;
    private long alarms;

    /**
     * Creates an object without an alarm.
     *
     * @param ring called on the clock's thread, with the number of the alarm that {@link #rang} wants
     */
    Deadlines(EngineClock clock, EngineLimits limits, Interpreter interpreter, LongConsumer ring) {
        this.clock = clock;
        this.limits = limits;
        this.interpreter = interpreter;
        this.ring = ring;
    }

    /**
     * Returns how long the node has worked since the snapshot was made. {@link #begin} counts from this reading of
     * the clock.
     */
    Duration worked() {
        reading = clock.nanoTime();
        return working ? Duration.ofNanos(Math.max(0, reading - workingSince)) : Duration.ZERO;
    }

    /** Starts counting work for a new snapshot, from the last reading of the clock if there is one. */
    void begin(boolean works, ExecutionSnapshot at, Instant now) {
        working = works;
        workingSince = reading;
        watch(next(at, now, Duration.ZERO));
    }

    /** The call of a node begins now. */
    void enter(ExecutionSnapshot at, Instant now) {
        reading = clock.nanoTime();
        begin(true, at, now);
    }

    /** The call of a node waits for a thread, which is no work. The alarm is left alone. */
    void queue() {
        working = false;
    }

    /** Schedules the alarm unless it already rings early enough for the next due time. */
    void watch(ExecutionSnapshot at, Instant now) {
        watch(next(at, now, worked()));
    }

    private void watch(@Nullable Instant due) {
        if (alarm != null) {
            if (due != null && !due.isBefore(alarmAt)) {
                return;
            }
            alarm.cancel();
            alarm = null;
        }
        if (due != null) {
            alarms++;
            long which = alarms;
            alarmAt = due;
            alarm = clock.schedule(due, () -> ring.accept(which));
        }
    }

    /** Checks whether the alarm that rings is the current one, and clears it in that case. */
    boolean rang(long which) {
        if (which != alarms || alarm == null) {
            return false;
        }
        alarm = null;
        return true;
    }

    /** Stops counting work and cancels the alarm. */
    void stop() {
        working = false;
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }

    /** Returns the interaction with the earliest due time that has passed, if there is one. */
    static @Nullable Interaction overdue(ExecutionSnapshot at, Instant now) {
        Interaction first = null;
        Instant since = Instant.MAX;
        for (Interaction interaction : at.open()) {
            Instant due = InteractionRules.nextDue(interaction);
            if (due != null && isPast(due, now) && due.isBefore(since)) {
                first = interaction;
                since = due;
            }
        }
        return first;
    }

    /** Returns what is due apart from interactions; null when nothing is. */
    @Nullable
    Consumer<SnapshotDraft> due(ExecutionSnapshot at, Instant now) {
        Duration worked = worked();
        Duration all = limits.executionTimeout();
        if (all != null && isPast(workedOff(all, at.worked().plus(worked), now), now)) {
            return draft -> interpreter.executionTimedOut(draft, all);
        }
        Visit visit = at.visit();
        if (visit == null) {
            return null;
        }
        Duration one = nodeTimeout(at, visit);
        if (one != null && isPast(workedOff(one, visit.worked().plus(worked), now), now)) {
            double random = ThreadLocalRandom.current().nextDouble();
            return draft -> interpreter.nodeTimedOut(draft, one, random);
        }
        return isPast(visit.wakeAt(), now) ? interpreter::woken : null;
    }

    static boolean isPast(@Nullable Instant at, Instant now) {
        return at != null && !now.isBefore(at);
    }

    private @Nullable Instant next(ExecutionSnapshot at, Instant now, Duration worked) {
        Instant due = workedOff(limits.executionTimeout(), at.worked().plus(worked), now);
        Visit visit = at.visit();
        if (visit != null) {
            due = earlier(due, workedOff(nodeTimeout(at, visit), visit.worked().plus(worked), now));
            due = earlier(due, visit.wakeAt());
        }
        for (Interaction interaction : at.open()) {
            due = earlier(due, InteractionRules.nextDue(interaction));
        }
        return due;
    }

    /** Returns the time at which the work reaches its limit if it continues; null when there is no limit or no work. */
    private @Nullable Instant workedOff(@Nullable Duration limit, Duration done, Instant now) {
        return limit == null || !working ? null : now.plus(limit.minus(done));
    }

    private @Nullable Duration nodeTimeout(ExecutionSnapshot at, Visit visit) {
        if (visit.phase() != Phase.WORKING) {
            return null;
        }
        Duration own = interpreter.step(at).timeout();
        return own == null ? limits.nodeTimeout() : own;
    }

    static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.isBefore(one) ? other : one;
    }
}
