package io.flowscript.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualClockTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualClock clock = new ManualClock(START);
    private final List<String> ran = new ArrayList<>();

    @Test
    void momentsAndDurationsComeInTheOrderInWhichTheyAreDueAndWereScheduled() {
        clock.schedule(Duration.ofSeconds(2), () -> ran.add("duration 2"));
        clock.schedule(START.plusSeconds(1), () -> ran.add("moment 1"));
        clock.schedule(START.plusSeconds(2), () -> ran.add("moment 2"));
        clock.schedule(Duration.ofSeconds(1), () -> ran.add("duration 1"));
        assertThat(clock.next()).isEqualTo(START.plusSeconds(1));
        clock.advance(Duration.ofSeconds(2));
        assertThat(ran).containsExactly("moment 1", "duration 1", "duration 2", "moment 2");
        assertThat(clock.next()).isNull();
    }

    @Test
    void timePassesOnlyWhenWorkOnOtherThreadsRests() {
        List<Runnable> work = new ArrayList<>();
        ManualClock waiting = new ManualClock(START, () -> {
            while (!work.isEmpty()) {
                work.remove(0).run();
            }
        });
        work.add(() -> waiting.schedule(HOUR, () -> work.add(() -> ran.add("work at " + waiting.instant()))));
        waiting.advance(HOUR.multipliedBy(2));
        assertThat(ran).containsExactly("work at " + START.plus(HOUR));
        assertThat(waiting.instant()).isEqualTo(START.plus(HOUR.multipliedBy(2)));
    }

    @Test
    void aJumpMovesMomentsAndLetsNoTimePass() {
        long before = clock.nanoTime();
        clock.schedule(START.plus(HOUR), () -> ran.add("moment at " + clock.instant()));
        clock.schedule(HOUR, () -> ran.add("duration at " + clock.instant()));
        clock.jump(HOUR.negated());
        assertThat(clock.instant()).isEqualTo(START.minus(HOUR));
        assertThat(clock.nanoTime()).isEqualTo(before);
        assertThat(clock.next()).isEqualTo(START);
        clock.advance(HOUR.multipliedBy(2));
        assertThat(ran).containsExactly("duration at " + START, "moment at " + START.plus(HOUR));
        assertThat(clock.nanoTime() - before).isEqualTo(HOUR.multipliedBy(2).toNanos());
    }

    @Test
    void aMomentThatAJumpHasPassedComesWithTheNextAdvance() {
        clock.schedule(START.plus(HOUR), () -> ran.add("moment"));
        clock.schedule(HOUR, () -> ran.add("duration"));
        clock.jump(HOUR.multipliedBy(3));
        assertThat(ran).isEmpty();
        clock.advance(Duration.ZERO);
        assertThat(ran).containsExactly("moment");
        assertThat(clock.instant()).isEqualTo(START.plus(HOUR.multipliedBy(3)));
        clock.advance(HOUR);
        assertThat(ran).containsExactly("moment", "duration");
    }

    @Test
    void whatIsCalledOffIsGoneAndWhatNeverEndsStays() {
        clock.schedule(HOUR, () -> ran.add("called off")).cancel();
        clock.schedule(START.plus(HOUR), () -> ran.add("called off")).cancel();
        assertThat(clock.pending()).isZero();
        clock.jump(HOUR);
        clock.schedule(ChronoUnit.FOREVER.getDuration(), () -> ran.add("never"));
        clock.schedule(Instant.MAX, () -> ran.add("never"));
        clock.advance(Duration.ofDays(100_000));
        assertThat(ran).isEmpty();
        assertThat(clock.next()).isEqualTo(Instant.MAX);
        assertThat(clock.pending()).isEqualTo(2);
    }
}
