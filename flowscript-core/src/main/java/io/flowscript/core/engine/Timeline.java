package io.flowscript.core.engine;

import io.flowscript.core.engine.ExecutionSnapshot.Visit;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the instants of a snapshot are on the monotonic time: the begin of the visit and the end of each wait. It is not
 * part of the snapshot, because the monotonic time of another process is another one. Immutable.
 *
 * <p>A wait of less than {@link #MOMENTS_FROM} is a duration: setting the system's clock neither ends it nor prolongs it.
 * A longer wait ends at a moment of the time of day, because people plan by its date, and because the monotonic time
 * stands still while a computer is suspended. After a restore, what is left of a wait decides.
 */
final class Timeline {

    /** A wait that is at least this long ends at a moment of the time of day. */
    private static final Duration MOMENTS_FROM = Duration.ofDays(1);

    /** The timeline of an execution that has no visit and waits for nothing. */
    static final Timeline EMPTY = new Timeline(null, 0, Map.of());

    private final @Nullable String visitId;
    private final long visitBegan;
    private final Map<Wait, End> ends;

    private Timeline(@Nullable String visitId, long visitBegan, Map<Wait, End> ends) {
        this.visitId = visitId;
        this.visitBegan = visitBegan;
        this.ends = ends;
    }

    /**
     * A wait of an execution.
     *
     * @param of what waits; together with the end it tells the waits of an execution apart
     * @param end the end, by the time of day at which the wait began
     */
    record Wait(Object of, Instant end) {

        /** The sleep of a visit, or its pause before the next attempt; null when it does not sleep. */
        static @Nullable Wait sleep(Visit visit) {
            return visit.wakeAt() == null ? null : new Wait(visit.nodeId(), visit.wakeAt());
        }

        static @Nullable Wait deadline(Interaction interaction) {
            return interaction.deadline() == null ? null : new Wait(interaction.token(), interaction.deadline());
        }

        static Wait claim(Claim claim) {
            return new Wait(claim, claim.until());
        }

        /** A reminder or an escalation. */
        static Wait due(Due due) {
            return new Wait(due, due.at());
        }
    }

    /** The end of a wait: a moment of the time of day, or a monotonic time. */
    private record End(boolean isMoment, long nanos) {
        static final End MOMENT = new End(true, 0);
    }

    /** Returns the timeline of the snapshot that follows. Waits that are new in it begin now. */
    Timeline follow(ExecutionSnapshot next, ClockReading now) {
        Visit visit = next.visit();
        boolean sleeps = visit != null && visit.wakeAt() != null;
        Map<Wait, End> waits = sleeps || !next.open().isEmpty() ? ends(visit, next.open(), now) : Map.of();
        if (visit == null) {
            return waits.isEmpty() ? EMPTY : new Timeline(null, 0, waits);
        }
        if (!visit.nodeId().equals(visitId)) {
            return new Timeline(
                    visit.nodeId(), now.nanos - TimeUnit.NANOSECONDS.convert(now.since(visit.startedAt())), waits);
        }
        return waits.isEmpty() && ends.isEmpty() ? this : new Timeline(visitId, visitBegan, waits);
    }

    private Map<Wait, End> ends(@Nullable Visit visit, List<Interaction> open, ClockReading now) {
        Map<Wait, End> waits = new HashMap<>();
        if (visit != null) {
            put(waits, Wait.sleep(visit), now.time, now.nanos);
        }
        for (Interaction interaction : open) {
            // When the clock was set back since the request, the wait is not longer than it was to be.
            Instant from = interaction.requestedAt().isAfter(now.time) ? interaction.requestedAt() : now.time;
            put(waits, Wait.deadline(interaction), from, now.nanos);
            interaction.schedule().forEach(due -> put(waits, Wait.due(due), from, now.nanos));
            if (interaction.claim() != null) {
                put(waits, Wait.claim(interaction.claim()), now.time, now.nanos);
            }
        }
        return Map.copyOf(waits);
    }

    private void put(Map<Wait, End> waits, @Nullable Wait wait, Instant time, long nanos) {
        if (wait == null) {
            return;
        }
        End end = ends.get(wait);
        if (end == null) {
            Duration left = Duration.between(time, wait.end());
            boolean isShort = left.compareTo(MOMENTS_FROM) < 0;
            end = isShort ? new End(false, nanos + Math.max(0, TimeUnit.NANOSECONDS.convert(left))) : End.MOMENT;
        }
        waits.put(wait, end);
    }

    /** Returns how long the visit has lasted. */
    Duration lasted(Visit visit, ClockReading now) {
        return visit.nodeId().equals(visitId)
                ? Duration.ofNanos(Math.max(0, now.nanos - visitBegan))
                : now.since(visit.startedAt());
    }

    /** Returns how long a wait still lasts, zero or less when it is over. One that has only just begun goes by the time of day. */
    Duration left(Wait wait, ClockReading now) {
        End end = ends.get(wait);
        return end == null || end.isMoment()
                ? Duration.between(now.time, wait.end())
                : Duration.ofNanos(end.nanos() - now.nanos);
    }

    /** Returns how long the shortest wait still lasts that is a duration, in nanoseconds; the greatest number when there is none. */
    long shortest(ClockReading now) {
        long shortest = Long.MAX_VALUE;
        if (ends.isEmpty()) {
            return shortest;
        }
        for (End end : ends.values()) {
            if (!end.isMoment()) {
                shortest = Math.min(shortest, end.nanos() - now.nanos);
            }
        }
        return shortest;
    }

    /** Returns the first moment at which a wait ends; null when none ends at a moment. */
    @Nullable
    Instant firstMoment() {
        Instant first = null;
        if (ends.isEmpty()) {
            return first;
        }
        for (Map.Entry<Wait, End> wait : ends.entrySet()) {
            Instant at = wait.getKey().end();
            if (wait.getValue().isMoment() && (first == null || at.isBefore(first))) {
                first = at;
            }
        }
        return first;
    }
}
