package io.flowscript.engine;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.EngineClock.Timer;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.Phase;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.engine.Timeline.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

    private final EngineServices services;
    private Interpreter interpreter;
    private final Ring ring;

    private Timeline timeline = Timeline.START;
    private boolean working;
    private long workingSince;

    /** The alarm for durations, null while it is not set; its number, and the monotonic time at which it rings. */
    private @Nullable Timer durations;

    private int durationsNumber;
    private long durationsRingAt;

    /** The alarm for moments, null while it is not set; its number, and the time of day at which it rings. */
    private @Nullable Timer moments;

    private int momentsNumber;
    private Instant momentsRingAt = Instant.MAX;
    private int alarms;

    /** Is told of the alarms. */
    interface Ring {

        /** Called on the clock's thread, with the number of the alarm that {@link #rang} wants. */
        void alarmRang(int which);
    }

    /** Creates an object without an alarm. */
    Deadlines(EngineServices services, Interpreter interpreter, Ring ring) {
        this.services = services;
        this.interpreter = interpreter;
        this.ring = ring;
    }

    /** The execution has moved to another version. */
    void movedTo(Interpreter version) {
        interpreter = version;
    }

    /** Reads the clock for a decision. */
    ClockReading read() {
        Instant time = services.clock.instant();
        long nanos = services.clock.nanoTime();
        Duration worked = working ? Duration.ofNanos(Math.max(0, nanos - workingSince)) : Duration.ZERO;
        return new ClockReading(time, nanos, worked, timeline);
    }

    /** Starts counting work for a new snapshot, which follows another one. */
    void begin(boolean works, ExecutionSnapshot before, ExecutionSnapshot at, ClockReading now) {
        working = works;
        workingSince = now.nanos;
        timeline = timeline.follow(before, at, now);
        watch(at, now, Duration.ZERO);
    }

    /** The call of a node begins now. */
    void enter(ExecutionSnapshot at) {
        begin(true, at, at, read());
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
        if (durations != null && (left == NEVER || now.nanos + left - durationsRingAt < 0)) {
            durations.cancel();
            durations = null;
        }
        if (left != NEVER && durations == null) {
            durationsRingAt = now.nanos + left;
            durationsNumber = ++alarms;
            durations = services.clock.schedule(Duration.ofNanos(left), ringing(alarms));
        }
        Instant moment = timeline.firstMoment(at);
        if (moments != null && (moment == null || moment.isBefore(momentsRingAt))) {
            moments.cancel();
            moments = null;
        }
        if (moment != null && moments == null) {
            momentsRingAt = moment;
            momentsNumber = ++alarms;
            moments = services.clock.schedule(moment, ringing(alarms));
        }
    }

    private Runnable ringing(int which) {
        return () -> ring.alarmRang(which);
    }

    /** Checks whether the alarm that rings is a current one, and clears it in that case. */
    boolean rang(int which) {
        if (which == durationsNumber && durations != null) {
            durations = null;
            return true;
        }
        if (which == momentsNumber && moments != null) {
            moments = null;
            return true;
        }
        return false;
    }

    /** Stops counting work and cancels the alarms. */
    void stop() {
        working = false;
        if (durations != null) {
            durations.cancel();
            durations = null;
        }
        if (moments != null) {
            moments.cancel();
            moments = null;
        }
    }

    /** Returns the interaction with the earliest due time among those in which something is due, if there is one. */
    static @Nullable Interaction overdue(ExecutionSnapshot at, ClockReading now) {
        Interaction first = null;
        Instant since = Instant.MAX;
        for (Interaction interaction : at.open()) {
            Instant due = interaction.dueAt();
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
        Duration all = services.limits.executionTimeout();
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
        long left = left(services.limits.executionTimeout(), at.worked().plus(worked));
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
        return own == null ? services.limits.nodeTimeout() : own;
    }
}
