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
 * What falls due in one execution, and when: how long its nodes have worked, and one alarm. Guarded by the lock of the execution.
 *
 * <p>Work is measured by the monotonic time, so setting the system's clock makes nobody late. With each step the time at
 * which the work is too much moves a little; an alarm that is earlier than needed is left as it is, rings in vain, and is
 * set anew then. So a step costs the clock nothing.
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
     * Without an alarm yet.
     *
     * @param ring called on the clock's thread, with the number of the alarm that {@link #rang} wants
     */
    Deadlines(EngineClock clock, EngineLimits limits, Interpreter interpreter, LongConsumer ring) {
        this.clock = clock;
        this.limits = limits;
        this.interpreter = interpreter;
        this.ring = ring;
    }

    /** How long the node has worked since the snapshot was made; as of this reading of the clock, {@link #begin} counts anew. */
    Duration worked() {
        reading = clock.nanoTime();
        return working ? Duration.ofNanos(Math.max(0, reading - workingSince)) : Duration.ZERO;
    }

    /** There is a new snapshot: work counts from the last reading on, if there is any. */
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

    /** Sees to it that the alarm rings before the next thing is overdue. */
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

    /** Whether an alarm that rings is the one that is set; it is over then. */
    boolean rang(long which) {
        if (which != alarms || alarm == null) {
            return false;
        }
        alarm = null;
        return true;
    }

    /** Nothing falls due any more. */
    void stop() {
        working = false;
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }

    /** The interaction in which something has been due for the longest time, if there is one. */
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

    /** What is due besides interactions; null when nothing is. */
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

    /** When all the work that is allowed will be done, as far as it goes on; null when there is no such time. */
    private @Nullable Instant workedOff(@Nullable Duration limit, Duration done, Instant now) {
        return limit == null || !working ? null : now.plus(limit.minus(done));
    }

    private @Nullable Duration nodeTimeout(ExecutionSnapshot at, Visit visit) {
        if (visit.phase() != Phase.WORKING) {
            return null;
        }
        Duration own = interpreter.step(at).metadata().timeout();
        return own == null ? limits.nodeTimeout() : own;
    }

    static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.isBefore(one) ? other : one;
    }
}
