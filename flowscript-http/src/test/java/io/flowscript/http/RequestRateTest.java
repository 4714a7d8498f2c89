package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.testing.ManualClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RequestRateTest {

    private final ManualClock clock = new ManualClock();

    @Test
    @DisplayName("I5: the table of rates forgets the address that was not heard of for the longest time")
    void boundsTheTableOfRates() {
        RequestRate rate = new RequestRate(clock, 1);
        for (int i = 0; i < 25_000; i++) {
            assertThat(rate.take("10.0." + i)).isTrue();
        }
        assertThat(rate.addresses()).isEqualTo(10_000);
    }
}
