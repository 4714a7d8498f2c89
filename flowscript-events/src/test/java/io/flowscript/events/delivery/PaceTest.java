package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("maxEventsPerSecond paces and drops nothing")
class PaceTest {

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 20, 39, 59, 100, 1_000})
    @DisplayName("In no second more than asked for, and nearly as many, whatever the rate")
    void neverMoreInAnySecond(int rate) {
        Live live = fixture.startLive("run");
        live.emit(5 * rate);
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executionId", "run", "maxEventsPerSecond", rate));
        fixture.run();
        List<Integer> sent = new ArrayList<>();
        for (int millis = 0; millis <= 5_000; millis += 5) {
            sent.add(client.events("run").size());
            fixture.pass(Duration.ofMillis(5));
        }

        for (int at = 200; at < sent.size(); at++) {
            assertThat(sent.get(at) - sent.get(at - 199))
                    .as("in the second before " + at * 5 + " ms")
                    .isLessThanOrEqualTo(rate);
        }
        assertThat(sent.get(sent.size() - 1)).isGreaterThan(4 * rate);
        fixture.passFinely(3);
        assertSeqs(client, "run", 1, 5L * rate + 2);
    }

    @Test
    @DisplayName("What was not used is not saved up")
    void savesNothingUp() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executionId", "run", "maxEventsPerSecond", 2));
        fixture.passSlowly(10);
        client.clear();
        live.emit(10);
        fixture.run();
        assertThat(seqs(client, "run")).hasSize(1);

        fixture.pass(Duration.ofMillis(500));
        assertThat(seqs(client, "run")).hasSize(2);
    }

    @Test
    @DisplayName("Only what goes out counts, not what a filter holds back")
    void countsWhatGoesOut() {
        Live live = fixture.startLive("run");
        live.emit(1_000);
        live.end();
        fixture.run();
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of(
                "executionId",
                "run",
                "maxEventsPerSecond",
                1,
                "types",
                List.of("node_completed", "workflow_completed")));
        fixture.run();
        assertThat(seqs(client, "run")).containsExactly(1_003L);

        fixture.pass(Duration.ofSeconds(1));
        assertThat(seqs(client, "run")).containsExactly(1_003L, 1_004L);
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    @DisplayName("The executions of one subscription share its pace, in turns; the others of the client go on at once")
    void sharedInTurns(Framing framing) {
        MemoryClient client = fixture.connect(framing);
        client.subscribe(Map.of("workflowId", "live", "maxEventsPerSecond", 10));
        client.subscribe("other");
        fixture.run();
        for (int i = 0; i < 5; i++) {
            fixture.startLive("run-" + i).emit(10);
        }
        fixture.runBurst("other", 100);
        assertThat(seqs(client, "other")).hasSize(104);

        for (int seconds = 1; seconds <= 5; seconds++) {
            fixture.passFinely(1);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(seqs(client, "run-" + i)).hasSizeBetween(9, 11);
        }
        fixture.passFinely(2);
        for (int i = 0; i < 5; i++) {
            assertSeqs(client, "run-" + i, 1, 12);
        }
    }

    @Test
    void aNewPaceCountsFromThereOn() {
        Live live = fixture.startLive("run");
        live.emit(100);
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executionId", "run", "maxEventsPerSecond", 1));
        fixture.run();
        client.subscribe("run");
        fixture.run();

        assertSeqs(client, "run", 1, 102);
    }

    @Test
    @DisplayName("Given back to a paced wildcard and taken from it again, nothing is lost and nobody is forgotten")
    void handedOver() {
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("all", true, "maxEventsPerSecond", 1));
        fixture.run();
        fixture.startLive("a").emit(3);
        fixture.startLive("b").emit(3);
        fixture.run();
        client.subscribe("a");
        fixture.run();
        assertSeqs(client, "a", 1, 5);
        fixture.live("a").emit(2);
        client.unsubscribe("a");
        fixture.run();
        fixture.passSlowly(10);

        assertSeqs(client, "a", 1, 7);
        assertSeqs(client, "b", 1, 5);
    }
}
