package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.testing.ManualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboundRateTest {

    private final ManualClock clock = new ManualClock();
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicInteger demanded = new AtomicInteger();
    private final InboundRate rate = new InboundRate(
            BridgeLimits.defaults().messagesPerSecond(10).messageBurst(1), clock, signals::incrementAndGet);

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    @DisplayName("a client that sends too fast is read at its rate, also while the system's clock is set")
    void keepsTheRateWhileTheClockIsSet(int hours) {
        rate.demand(1, demanded::incrementAndGet);
        assertThat(demanded).hasValue(1);
        for (int i = 1; i <= 5; i++) {
            clock.jump(Duration.ofHours(hours));
            rate.demand(1, demanded::incrementAndGet);
            clock.advance(Duration.ofMillis(99));
            rate.resume();
            assertThat(demanded).as("before its time").hasValue(i);
            assertThat(rate.isHoldingBack()).isTrue();

            clock.advance(Duration.ofMillis(1));
            assertThat(signals).hasValue(i);
            rate.resume();
            assertThat(demanded).hasValue(i + 1);
        }
    }
}
