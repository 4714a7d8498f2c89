package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.util.List;
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

    @Test
    @DisplayName("a client that takes nothing is slow after a second, and its events are counted as they come")
    void slowClientsAreKnown() {
        try (Fixture fixture = new Fixture()) {
            Live live = fixture.startLive("e1");
            MemoryClient fast = fixture.connect();
            MemoryClient slow = fixture.connect();
            fast.subscribe("e1");
            slow.subscribe("e1");
            fixture.run();
            assertThat(fixture.bridge.lag()).isEqualTo(new DeliveryLag(2, 0, 0, 0, List.of()));

            slow.stall();
            live.emit(10);
            fixture.run();
            live.emit(5);
            fixture.run();
            assertThat(fixture.bridge.lag().slow()).as("within a second").isZero();

            fixture.clock.advance(Duration.ofSeconds(2));
            fixture.run();
            assertThat(fixture.bridge.lag().slow()).isEqualTo(1);
            fixture.run();
            DeliveryLag lag = fixture.bridge.lag();
            assertThat(lag.max()).as("the ten are under way").isEqualTo(5);
            assertThat(lag.p99()).isEqualTo(5);
            assertThat(lag.slowest()).singleElement().satisfies(client -> {
                assertThat(client.behind()).isEqualTo(5);
                assertThat(client.millis()).isEqualTo(2_000);
            });
            live.emit(100);
            assertThat(fixture.bridge.lag().max())
                    .as("without a run of its pump")
                    .isEqualTo(105);

            slow.resumeReading();
            fixture.run();
            assertThat(fixture.bridge.lag()).isEqualTo(new DeliveryLag(2, 0, 0, 0, List.of()));
        }
    }
}
