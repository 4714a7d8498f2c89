package io.flowscript.engine;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Due;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

    /** The timeline of an execution that has not begun here: all its waits are new. */
    static final Timeline START = new Timeline(null, 0, Map.of());

    /** The timeline of an execution that has no visit and no duration to wait for. */
    private static final Timeline EMPTY = new Timeline(null, 0, Map.of());

    private final @Nullable String visitId;
    private final long visitBegan;

    /** The monotonic time at which each wait ends that is a duration. All other waits end at a moment. */
    private final Map<Wait, Long> ends;

    private Timeline(@Nullable String visitId, long visitBegan, Map<Wait, Long> ends) {
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

    /** Returns the timeline of the next snapshot. Waits that are new in it begin now. */
    Timeline follow(ExecutionSnapshot before, ExecutionSnapshot next, ClockReading now) {
        Map<Wait, Long> durations = durations(before, next, now);
        Visit visit = next.visit();
        if (visit == null) {
            return durations.isEmpty() ? EMPTY : new Timeline(null, 0, durations);
        }
        if (!visit.nodeId().equals(visitId)) {
            return new Timeline(
                    visit.nodeId(), now.nanos - TimeUnit.NANOSECONDS.convert(now.since(visit.startedAt())), durations);
        }
        return durations.isEmpty() && ends.isEmpty() ? this : new Timeline(visitId, visitBegan, durations);
    }

    private Map<Wait, Long> durations(ExecutionSnapshot before, ExecutionSnapshot next, ClockReading now) {
        Map<Wait, Instant> waits = waits(next, now.time);
        if (waits.isEmpty()) {
            return Map.of();
        }
        Set<Wait> known = this == START ? Set.of() : waits(before, now.time).keySet();
        Map<Wait, Long> durations = new HashMap<>();
        waits.forEach((wait, from) -> {
            Long end = ends.get(wait);
            if (end == null && !known.contains(wait)) {
                Duration left = Duration.between(from, wait.end());
                if (left.compareTo(MOMENTS_FROM) < 0) {
                    end = now.nanos + Math.max(0, TimeUnit.NANOSECONDS.convert(left));
                }
            }
            if (end != null) {
                durations.put(wait, end);
            }
        });
        return durations.isEmpty() ? Map.of() : Map.copyOf(durations);
    }

    /** Returns all waits of a snapshot, each with the time of day from which it counts. */
    private static Map<Wait, Instant> waits(ExecutionSnapshot at, Instant now) {
        Visit visit = at.visit();
        boolean sleeps = visit != null && visit.wakeAt() != null;
        if (!sleeps && at.open().isEmpty()) {
            return Map.of();
        }
        Map<Wait, Instant> waits = new HashMap<>();
        if (visit != null) {
            put(waits, Wait.sleep(visit), now);
        }
        for (Interaction interaction : at.open()) {
            // When the clock was set back since the request, the wait is not longer than it was to be.
            Instant from = interaction.requestedAt().isAfter(now) ? interaction.requestedAt() : now;
            put(waits, Wait.deadline(interaction), from);
            interaction.schedule().forEach(due -> put(waits, Wait.due(due), from));
            if (interaction.claim() != null) {
                put(waits, Wait.claim(interaction.claim()), now);
            }
        }
        return waits;
    }

    private static void put(Map<Wait, Instant> waits, @Nullable Wait wait, Instant from) {
        if (wait != null) {
            waits.put(wait, from);
        }
    }

    /** Returns how long the visit has lasted. */
    Duration lasted(Visit visit, ClockReading now) {
        return visit.nodeId().equals(visitId)
                ? Duration.ofNanos(Math.max(0, now.nanos - visitBegan))
                : now.since(visit.startedAt());
    }

    /** Returns how long a wait still lasts, zero or less when it is over. One that has only just begun goes by the time of day. */
    Duration left(Wait wait, ClockReading now) {
        Long end = ends.get(wait);
        return end == null ? Duration.between(now.time, wait.end()) : Duration.ofNanos(end - now.nanos);
    }

    /** Returns how long the shortest wait still lasts that is a duration, in nanoseconds; the greatest number when there is none. */
    long shortest(ClockReading now) {
        long shortest = Long.MAX_VALUE;
        if (!ends.isEmpty()) {
            for (long end : ends.values()) {
                shortest = Math.min(shortest, end - now.nanos);
            }
        }
        return shortest;
    }

    /** Returns the first moment at which a wait of a snapshot ends; null when none ends at a moment. */
    @Nullable
    Instant firstMoment(ExecutionSnapshot at) {
        Map<Wait, Instant> waits = waits(at, Instant.MIN);
        if (waits.isEmpty()) {
            return null;
        }
        Instant first = null;
        for (Wait wait : waits.keySet()) {
            if (!ends.containsKey(wait) && (first == null || wait.end().isBefore(first))) {
                first = wait.end();
            }
        }
        return first;
    }
}
