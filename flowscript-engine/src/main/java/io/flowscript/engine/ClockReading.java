package io.flowscript.engine;

import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.engine.Timeline.Wait;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One reading of both times of the engine's clock, by which one decision about an execution is made. Immutable. */
final class ClockReading {

    /** The time of day. */
    final Instant time;

    /** The monotonic time. */
    final long nanos;

    /** How long the node has worked since the snapshot was made. */
    final Duration worked;

    private final Timeline timeline;

    ClockReading(Instant time, long nanos, Duration worked, Timeline timeline) {
        this.time = time;
        this.nanos = nanos;
        this.worked = worked;
        this.timeline = timeline;
    }

    /** A reading for a change that does not depend on durations. */
    static ClockReading of(Instant time) {
        return new ClockReading(time, 0, Duration.ZERO, Timeline.START);
    }

    /** Returns whether a wait is over; false when there is none. */
    boolean isOver(@Nullable Wait wait) {
        return wait != null && left(wait).compareTo(Duration.ZERO) <= 0;
    }

    /** Returns how long a wait still lasts, zero or less when it is over. */
    Duration left(Wait wait) {
        return timeline.left(wait, this);
    }

    /** Returns how long a visit has lasted, zero or more. */
    Duration lasted(Visit visit) {
        return timeline.lasted(visit, this);
    }

    /** Returns how long ago a time of day was; zero when the clock was set back since. */
    Duration since(Instant earlier) {
        if (earlier.equals(time)) {
            return Duration.ZERO;
        }
        Duration since = Duration.between(earlier, time);
        return since.isNegative() ? Duration.ZERO : since;
    }
}
