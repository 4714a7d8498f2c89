package io.flowscript.engine;

import io.flowscript.core.runtime.EngineClock;
import java.time.Duration;
import java.time.Instant;

/** Notices that the time of day jumps against the monotonic time. It compares them when it is asked. Safe for use by any thread. */
final class ClockJumps {

    /** How far the time of day may move against the monotonic time. */
    static final Duration MAX_JUMP = Duration.ofMinutes(1);

    /** How long a jump is remembered. A slower drift than {@link #MAX_JUMP} in this time is no jump. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    private final EngineClock clock;

    /** The time of day at the zero of the monotonic time, as it was last compared. */
    private Duration zero;

    private long comparedAt;
    private Duration jump = Duration.ZERO;
    private long jumpedAt;

    ClockJumps(EngineClock clock) {
        this.clock = clock;
        this.comparedAt = clock.nanoTime();
        this.zero = zero(clock.instant(), comparedAt);
    }

    /** {@return how far the time of day has jumped lately; zero when it has not} */
    Duration last() {
        Instant time = clock.instant();
        return last(time, clock.nanoTime());
    }

    private synchronized Duration last(Instant time, long nanos) {
        Duration now = zero(time, nanos);
        Duration moved = now.minus(zero);
        if (moved.abs().compareTo(MAX_JUMP) >= 0) {
            jump = moved;
            jumpedAt = nanos;
            zero = now;
            comparedAt = nanos;
            return jump;
        }
        if (nanos - jumpedAt > REMEMBERED.toNanos()) {
            jump = Duration.ZERO;
        }
        if (nanos - comparedAt > REMEMBERED.toNanos()) {
            zero = now;
            comparedAt = nanos;
        }
        return jump;
    }

    private static Duration zero(Instant time, long nanos) {
        return Duration.between(Instant.EPOCH, time).minusNanos(nanos);
    }
}
