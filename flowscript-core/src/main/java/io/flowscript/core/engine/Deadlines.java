package io.flowscript.core.engine;

import io.flowscript.core.engine.ExecutionSnapshot.Phase;
import io.flowscript.core.engine.ExecutionSnapshot.Visit;
import io.flowscript.core.engine.Timeline.Wait;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.EngineClock.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The times at which something is due in one execution: it measures how long nodes have worked, and keeps two alarms, one
 * for durations and one for moments. Guarded by the lock of the execution.
 *
 * <p>Durations are measured with the monotonic time, so setting the system's clock has no effect on them. The time limit
 * of the work moves a little with each step. An alarm that is earlier than needed stays scheduled; when it rings, it is
 * scheduled again. Most steps therefore need no call of the clock's scheduler.
 */
final class Deadlines {

    /** Nothing is due. */
    private static final long NEVER = Long.MAX_VALUE;

    /** The longest time to an alarm, 73 years, so that sums do not overflow. It then rings in vain. */
    private static final long LONGEST = 1L << 61;

    private final EngineClock clock;
    private final EngineLimits limits;
    private final Interpreter interpreter;
    private final LongConsumer ring;

    private Timeline timeline = Timeline.EMPTY;
    private boolean working;
    private long workingSince;

    private final Alarm durations = new Alarm();
    private long durationsRingAt;
    private final Alarm moments = new Alarm();
    private Instant momentsRingAt = Instant.MAX;
    private long alarms;

    /** An alarm that may be set. */
    private static final class Alarm {

        private @Nullable Timer timer;
        private long number;

        boolean isSet() {
            return timer != null;
        }

        void cancel() {
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        }
    }

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

    /** Reads the clock for a decision. */
    ClockReading read() {
        Instant time = clock.instant();
        long nanos = clock.nanoTime();
        Duration worked = working ? Duration.ofNanos(Math.max(0, nanos - workingSince)) : Duration.ZERO;
        return new ClockReading(time, nanos, worked, timeline);
    }

    /** Starts counting work for a new snapshot. */
    void begin(boolean works, ExecutionSnapshot at, ClockReading now) {
        working = works;
        workingSince = now.nanos;
        timeline = timeline.follow(at, now);
        watch(at, now, Duration.ZERO);
    }

    /** The call of a node begins now. */
    void enter(ExecutionSnapshot at) {
        begin(true, at, read());
    }

    /** The call of a node waits for a thread, which is no work. The alarm is left alone. */
    void queue() {
        working = false;
    }

    /** Schedules each alarm unless it already rings early enough for the next due time. */
    void watch(ExecutionSnapshot at, ClockReading now) {
        watch(at, now, now.worked);
    }

    private void watch(ExecutionSnapshot at, ClockReading now, Duration worked) {
        long left = Math.min(untilLimit(at, worked), timeline.shortest(now));
        if (durations.isSet() && (left == NEVER || now.nanos + left - durationsRingAt < 0)) {
            durations.cancel();
        }
        if (left != NEVER && !durations.isSet()) {
            durationsRingAt = now.nanos + left;
            durations.number = ++alarms;
            durations.timer = clock.schedule(Duration.ofNanos(left), ringing(alarms));
        }
        Instant moment = timeline.firstMoment();
        if (moments.isSet() && (moment == null || moment.isBefore(momentsRingAt))) {
            moments.cancel();
        }
        if (moment != null && !moments.isSet()) {
            momentsRingAt = moment;
            moments.number = ++alarms;
            moments.timer = clock.schedule(moment, ringing(alarms));
        }
    }

    private Runnable ringing(long which) {
        return () -> ring.accept(which);
    }

    /** Checks whether the alarm that rings is a current one, and clears it in that case. */
    boolean rang(long which) {
        Alarm rings = which == durations.number ? durations : moments;
        if (which != rings.number || !rings.isSet()) {
            return false;
        }
        rings.timer = null;
        return true;
    }

    /** Stops counting work and cancels the alarms. */
    void stop() {
        working = false;
        durations.cancel();
        moments.cancel();
    }

    /** Returns the interaction with the earliest due time among those in which something is due, if there is one. */
    static @Nullable Interaction overdue(ExecutionSnapshot at, ClockReading now) {
        Interaction first = null;
        Instant since = Instant.MAX;
        for (Interaction interaction : at.open()) {
            Instant due = InteractionRules.nextDue(interaction);
            if (due != null && due.isBefore(since) && InteractionRules.isDue(interaction, now)) {
                first = interaction;
                since = due;
            }
        }
        return first;
    }

    /** Returns what is due apart from interactions; null when nothing is. */
    @Nullable
    Consumer<SnapshotDraft> due(ExecutionSnapshot at, ClockReading now) {
        Duration all = limits.executionTimeout();
        if (all != null && left(all, at.worked().plus(now.worked)) <= 0) {
            return draft -> interpreter.executionTimedOut(draft, all);
        }
        Visit visit = at.visit();
        if (visit == null) {
            return null;
        }
        Duration one = nodeTimeout(at, visit);
        if (one != null && left(one, visit.worked().plus(now.worked)) <= 0) {
            double random = ThreadLocalRandom.current().nextDouble();
            return draft -> interpreter.nodeTimedOut(draft, one, random);
        }
        return now.isOver(Wait.sleep(visit)) ? interpreter::woken : null;
    }

    /** Returns how long the node can work until it reaches a limit, in nanoseconds. */
    private long untilLimit(ExecutionSnapshot at, Duration worked) {
        long left = left(limits.executionTimeout(), at.worked().plus(worked));
        Visit visit = at.visit();
        return visit == null
                ? left
                : Math.min(left, left(nodeTimeout(at, visit), visit.worked().plus(worked)));
    }

    /** Returns how long work can go on until it reaches its limit; {@link #NEVER} when there is no limit or no work. */
    private long left(@Nullable Duration limit, Duration done) {
        return limit == null || !working ? NEVER : Math.min(LONGEST, TimeUnit.NANOSECONDS.convert(limit.minus(done)));
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
