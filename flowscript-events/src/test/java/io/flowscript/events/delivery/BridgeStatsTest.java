package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.events.memory.MemoryClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a bridge has in hand can be watched, and goes back to nothing")
class BridgeStatsTest {

    @Test
    void countWhatClientsHold() {
        try (Fixture fixture = new Fixture()) {
            fixture.runBurst("e1", 3);
            Live live = fixture.startLive("e2");
            MemoryClient one = fixture.connect();
            MemoryClient other = fixture.connect();
            one.subscribe("e1");
            one.subscribe("e2");
            other.subscribe("e2");
            other.subscribe("not-there");
            fixture.run();

            // What has ended is delivered, and held no longer.
            assertThat(fixture.bridge.stats())
                    .extracting(
                            BridgeStats::connections,
                            BridgeStats::subscriptions,
                            BridgeStats::followed,
                            BridgeStats::pending)
                    .containsExactly(2, 3, 3, 1);
            assertThat(fixture.bridge.stats().outstandingBytes()).isZero();
            assertThat(fixture.bridge.stats().encodedBytes()).isPositive();

            other.stall();
            live.emit(10);
            fixture.run();
            assertThat(fixture.bridge.stats().outstandingBytes())
                    .as("bytes that a client does not take")
                    .isPositive();

            one.disconnect();
            other.disconnect();
            fixture.run();
            assertThat(fixture.bridge.stats())
                    .extracting(
                            BridgeStats::connections,
                            BridgeStats::subscriptions,
                            BridgeStats::followed,
                            BridgeStats::pending,
                            BridgeStats::outstandingBytes)
                    .containsExactly(0, 0, 0, 0, 0L);
        }
    }
}
