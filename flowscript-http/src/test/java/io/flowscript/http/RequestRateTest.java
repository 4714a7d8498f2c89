package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.testing.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRateTest {

    private final ManualClock clock = new ManualClock();

    @Test
    @DisplayName("I5: the table of rates forgets the address that was not heard of for the longest time")
    void boundsTheTableOfRates() {
        RequestRate rate = new RequestRate(clock::nanoTime, 1);
        for (int i = 0; i < 25_000; i++) {
            assertThat(rate.take("10.0." + i)).isTrue();
        }
        assertThat(rate.addresses()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void theTimeOfDayHasNoEffectOnTheRate(long hours) {
        RequestRate rate = new RequestRate(clock::nanoTime, 10);
        for (int i = 0; i < 20; i++) {
            assertThat(rate.take("here")).isTrue();
        }
        clock.jump(Duration.ofHours(hours));
        assertThat(rate.take("here")).isFalse();
        for (int second = 0; second < 100; second++) {
            clock.advance(Duration.ofSeconds(1));
            for (int i = 0; i < 10; i++) {
                assertThat(rate.take("here")).isTrue();
            }
            assertThat(rate.take("here")).isFalse();
        }
    }

    @Test
    @DisplayName("an address of which nothing was counted takes no place, so that it puts out none of which much was")
    void askingTakesNoPlace() {
        RequestRate rate = new RequestRate(clock::nanoTime, 1);
        for (int i = 0; i < 3; i++) {
            rate.count("here");
        }
        for (int i = 0; i < 25_000; i++) {
            assertThat(rate.isExceeded("10.0." + i)).isFalse();
        }
        assertThat(rate.addresses()).isEqualTo(1);
        assertThat(rate.isExceeded("here")).isTrue();
    }
}
