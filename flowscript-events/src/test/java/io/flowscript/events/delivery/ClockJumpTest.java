package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.ofType;
import static io.flowscript.events.delivery.Messages.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.CloseCode;
import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the time of day by some hours while clients are connected: they notice nothing. */
@Timeout(60)
@ParameterizedClass(name = "by {0} hours")
@ValueSource(longs = {-1, 1})
class ClockJumpTest {

    private final Duration jump;
    private final Fixture fixture = new Fixture();

    ClockJumpTest(long hours) {
        jump = Duration.ofHours(hours);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void thePaceStaysTheSame() {
        Live live = fixture.startLive("run");
        live.emit(100);
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executionId", "run", "maxEventsPerSecond", 20));
        fixture.passFinely(1);
        fixture.clock.jump(jump);
        int before = client.events("run").size();
        fixture.run();
        assertThat(client.events("run")).hasSize(before);
        fixture.passFinely(1);
        assertThat(client.events("run").size() - before).isBetween(19, 20);
        fixture.passFinely(4);
        assertSeqs(client, "run", 1, 102);
    }

    @Test
    void onlyTheDeadClientMissesItsHeartbeat() {
        MemoryClient dead = fixture.connect();
        MemoryClient alive = fixture.connect();
        dead.playDead();
        fixture.passSlowly(29);
        fixture.clock.jump(jump);
        fixture.run();
        assertThat(dead.isConnected()).isTrue();
        fixture.passSlowly(31);
        assertThat(dead.closeCode()).isEqualTo(CloseCode.HEARTBEAT_MISSED);
        assertThat(alive.isConnected()).isTrue();
    }

    @Test
    void aSlowClientHasItsWholeTimeAndNotMore() {
        MemoryClient slow = fixture.connect();
        slow.subscribe("run");
        fixture.run();
        slow.stall();
        Live live = fixture.startLive("run");
        live.emit(5_000);
        fixture.run();
        fixture.pass(Duration.ofSeconds(30));
        fixture.clock.jump(jump);
        live.emit(1);
        fixture.pass(Duration.ofSeconds(29));
        assertThat(slow.isConnected()).isTrue();
        fixture.pass(Duration.ofSeconds(1));
        assertThat(slow.closeCode()).isEqualTo(CloseCode.TOO_SLOW);
    }

    @Test
    void aClientThatWasWithinItsRateStaysWithinIt() {
        MemoryClient client = fixture.connect();
        client.ping();
        fixture.run();
        fixture.clock.jump(jump);
        for (int second = 0; second < 10; second++) {
            fixture.pass(Duration.ofSeconds(1));
            for (int i = 0; i < 100; i++) {
                client.ping();
            }
            fixture.run();
        }
        assertThat(ofType(client, "pong")).hasSize(1_001);
        assertThat(ofType(client, "error")).isEmpty();
    }

    @Test
    void aClientThatSendsTooMuchIsReadAtTheRate() {
        MemoryClient client = fixture.connect();
        for (int i = 0; i < 1_000; i++) {
            client.ping();
        }
        fixture.run();
        int burst = ofType(client, "pong").size();
        fixture.clock.jump(jump);
        fixture.run();
        assertThat(ofType(client, "pong")).hasSize(burst);
        fixture.passFinely(1);
        assertThat(ofType(client, "pong").size() - burst).isBetween(99, 101);
    }

    @Test
    void aSubscriptionWaitsForItsExecutionAsLongAsItMay() {
        MemoryClient client = fixture.connect();
        client.subscribe("later");
        fixture.run();
        Duration time = Timing.DEFAULTS.pending();
        fixture.clock.jump(jump);
        fixture.pass(time.minusSeconds(1));
        assertThat(fixture.bridge.pending()).isEqualTo(1);
        fixture.pass(Duration.ofSeconds(1));
        assertThat(fixture.bridge.pending()).isZero();
    }

    @Test
    void aClientWhoseFilterHoldsEventsBackIsToldItsPosition() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executionId", "run", "types", List.of("workflow_completed")));
        fixture.run();
        assertThat(ofType(client, "position")).hasSize(1);
        live.emit(1);
        fixture.clock.jump(jump);
        fixture.pass(Duration.ofMillis(999));
        assertThat(ofType(client, "position")).hasSize(1);
        fixture.pass(Duration.ofMillis(1));
        assertThat(ofType(client, "position")).hasSize(2);
        assertThat(seqs(client, "run")).isEmpty();
    }
}
