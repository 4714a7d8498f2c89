package io.flowscript.events.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.testing.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private final ManualClock clock = new ManualClock();
    private final TokenBucket rate = new TokenBucket(100, 200, clock.nanoTime());

    @Test
    void takesABurstThenRefuses() {
        assertThat(take(1_000)).isEqualTo(200);
        clock.advance(Duration.ofMillis(10));
        assertThat(take(10)).isEqualTo(1);
    }

    @Test
    void takesTheRateForEver() {
        take(200);
        for (int second = 0; second < 1_000; second++) {
            clock.advance(Duration.ofSeconds(1));
            assertThat(take(200)).isEqualTo(100);
        }
    }

    @Test
    void savesUpNoMoreThanABurst() {
        clock.advance(Duration.ofDays(1));
        assertThat(take(1_000)).isEqualTo(200);
    }

    @Test
    void saysHowLongToWait() {
        assertThat(rate.spend(200, clock.nanoTime())).isZero();
        assertThat(rate.spend(1, clock.nanoTime())).isEqualTo(Duration.ofMillis(10));
        assertThat(rate.spend(100, clock.nanoTime())).isEqualTo(Duration.ofMillis(1_010));
        clock.advance(Duration.ofMillis(1_010));
        assertThat(rate.spend(0, clock.nanoTime())).isZero();
    }

    private int take(int requests) {
        int taken = 0;
        for (int i = 0; i < requests; i++) {
            taken += rate.take(clock.nanoTime()) ? 1 : 0;
        }
        return taken;
    }
}
