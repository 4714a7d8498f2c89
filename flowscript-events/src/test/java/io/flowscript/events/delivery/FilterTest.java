package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.code;
import static io.flowscript.events.delivery.Messages.data;
import static io.flowscript.events.delivery.Messages.ofType;
import static io.flowscript.events.delivery.Messages.seqs;
import static io.flowscript.events.delivery.Messages.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.log.Position;
import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@DisplayName("Filters, and the marks that tell a client with a filter where it stands")
class FilterTest {

    private Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    @DisplayName("By type: only those go out, and nothing else is encoded")
    void byType(Framing framing) {
        Live live = fixture.startLive("run");
        live.emit(500);
        MemoryClient client = fixture.connect(framing);
        client.subscribe(of("run", "types", List.of("workflow_started", "workflow_completed")));
        fixture.run();
        live.end();
        fixture.run();

        assertThat(types(client.events("run"))).containsExactly("workflow_started", "workflow_completed");
        String version = framing == Framing.SINGLE ? "v1 " : "";
        assertThat(fixture.encodings.keySet()).containsExactlyInAnyOrder(version + "run/1", version + "run/504");
    }

    @Test
    @DisplayName("By node: the events of its visits, and of the interactions that it asks")
    void byNode() {
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "nodes", List.of("ask")));
        fixture.run();
        fixture.flows.start("ask-twice", Map.of(), "run");
        fixture.run();
        for (int i = 0; i < 2; i++) {
            client.resume(
                    "run", (String) data(client, "human_interaction_required").get("nodeId"), 1);
            fixture.run();
        }

        List<String> visit = List.of(
                "node_started",
                "workflow_paused",
                "human_interaction_required",
                "human_interaction_received",
                "workflow_resumed",
                "node_completed");
        assertThat(types(client.events("run")))
                .isEqualTo(
                        IntStream.range(0, 12).mapToObj(i -> visit.get(i % 6)).toList());
    }

    @Test
    void byTypeAndNode() {
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "types", List.of("node_started", "workflow_event"), "nodes", List.of("live")));
        Live live = fixture.startLive("run");
        live.emit(2);
        live.end();
        fixture.run();

        assertThat(types(client.events("run"))).containsExactly("node_started", "workflow_event", "workflow_event");
    }

    @Test
    @DisplayName("An event is encoded once, for clients with filters and for those without")
    void encodesOnce() {
        Live live = fixture.startLive("run");
        for (int i = 0; i < 10; i++) {
            MemoryClient client = fixture.connect(i % 3 == 0 ? Framing.SINGLE : Framing.LINES);
            client.subscribe(
                    i % 2 == 0 ? of("run", "after", 0) : of("run", "after", 0, "types", List.of("workflow_event")));
        }
        for (int i = 0; i < 50; i++) {
            live.emit(20);
            live.set("$.x", i);
            fixture.run();
        }
        live.end();
        fixture.run();

        assertThat(fixture.encodings.values()).containsOnly(1);
    }

    @Test
    @DisplayName("A client without a filter still gets runs of events in one frame when one with a filter was first")
    void runsStayRuns() {
        Live live = fixture.startLive("run");
        for (int i = 0; i < 1_000; i++) {
            live.emit(i % 3 == 0 ? "test:odd" : "test:tick", i);
        }
        MemoryClient filtered = fixture.connect();
        filtered.subscribe(of("run", "types", List.of("workflow_event")));
        fixture.run();
        MemoryClient plain = fixture.connect();
        int before = plain.frames();
        plain.subscribe("run");
        fixture.run();

        assertSeqs(plain, "run", 1, 1_002);
        assertThat(plain.frames() - before).isLessThan(40);
        assertThat(fixture.encodings.values()).containsOnly(1);
    }

    @Test
    @DisplayName("A mark comes at once when there is nothing more, then every second at the most, then not any more")
    void marksWhenIdle() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "types", List.of("workflow_completed")));
        fixture.run();
        assertThat(marks(client)).containsExactly(2L);

        for (int i = 0; i < 10; i++) {
            live.emit(1);
            fixture.pass(Duration.ofMillis(50));
        }
        assertThat(marks(client)).containsExactly(2L);
        fixture.pass(Duration.ofMillis(500));
        assertThat(marks(client)).containsExactly(2L, 12L);
        assertThat(data(client, "position"))
                .containsEntry("executionId", "run")
                .containsEntry("epoch", live.execution().events().epoch());

        fixture.pass(Duration.ofSeconds(20));
        assertThat(marks(client)).containsExactly(2L, 12L);
    }

    @Test
    @DisplayName("Marks come now and then while events go by that are held back")
    void marksInReplay() {
        Live live = fixture.startLive("run");
        live.emit(1_000);
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "types", List.of("workflow_completed")));
        fixture.run();

        assertThat(marks(client)).containsExactly(256L, 512L, 768L, 1_002L);
    }

    @Test
    @DisplayName("I2: coming back with the position of a mark begins there, and loses nothing")
    void comesBackWhereTheMarkWas() {
        Live live = fixture.startLive("run");
        live.emit(1_000);
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "types", List.of("workflow_completed")));
        fixture.run();
        client.disconnect();
        live.end();
        fixture.run();

        client.reconnect();
        fixture.run();

        assertThat(data(client, "subscribed")).containsEntry("after", 1_002);
        assertThat(types(client.events("run"))).containsExactly("workflow_completed");
    }

    @Test
    @DisplayName("The last mark comes at the end of an execution, where its last event is held back")
    void marksTheEnd() {
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "types", List.of("workflow_started")));
        fixture.runBurst("run", 3);

        assertThat(types(client).get(types(client).size() - 1)).isEqualTo("position");
        assertThat(marks(client)).endsWith(7L);
    }

    @Test
    void noMarkWithoutAFilter() {
        MemoryClient v2 = fixture.connect();
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        v2.subscribe("run");
        v1.subscribe("run");
        fixture.run();
        fixture.flows.start("write", Map.of(), "run");
        fixture.pass(Duration.ofSeconds(10));

        assertThat(types(v2)).doesNotContain("position");
        assertThat(types(v1)).doesNotContain("position");
    }

    @Test
    @DisplayName("A filter that is changed counts from there on; what the old one held back is accounted for")
    void changes() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "types", List.of("workflow_started")));
        fixture.run();
        live.emit(3);
        fixture.run();
        client.subscribe("run");
        fixture.run();
        live.emit(2);
        fixture.run();

        assertThat(data(client, "subscribed")).containsEntry("after", 5);
        assertThat(seqs(client, "run")).containsExactly(1L, 6L, 7L);
    }

    @Test
    @DisplayName("Given back to a wildcard without a filter, what was held back is marked first")
    void marksBeforeGivingBack() {
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("all", true));
        client.subscribe(of("run", "types", List.of("workflow_started")));
        Live live = fixture.startLive("run");
        live.emit(3);
        fixture.run();
        client.clear();
        client.unsubscribe("run");
        fixture.run();
        live.emit(2);
        fixture.run();

        assertThat(types(client)).containsExactly("unsubscribed", "position", "workflow_event", "workflow_event");
        assertThat(marks(client)).containsExactly(5L);
        assertThat(seqs(client, "run")).containsExactly(6L, 7L);
    }

    @Test
    @DisplayName("A client of the first version gets state_updated when it names it")
    void versionOneNamesState() {
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        v1.subscribe(of("run", "types", List.of("state_updated", "workflow_failed")));
        fixture.flows.start("write", Map.of(), "run");
        fixture.run();

        assertThat(types(v1.events("run"))).containsExactly("state_updated");
    }

    @Test
    @DisplayName("I1: a hole is announced to a client with a filter too, right after what was held back before it")
    void announcesHoles() {
        fixture.close();
        fixture = Fixture.with().retention(10).build();
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "types", List.of("workflow_completed")));
        fixture.run();
        live.emit(1);
        fixture.run();
        live.emit(100);
        client.clear();
        fixture.run();
        live.end();
        fixture.run();

        assertThat(types(client))
                .containsExactly("position", "events_missed", "execution_status", "workflow_completed");
        assertThat(marks(client)).containsExactly(3L);
        assertThat(data(client, "events_missed")).containsEntry("from", 4).containsEntry("to", 93);
    }

    @Test
    @DisplayName("I5: the names in a client's filters are bounded")
    void namesAreBounded() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.maxFilterEntries(3)).build();
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "nodes", List.of("a", "b")));
        String more = client.subscribe(of("other", "nodes", List.of("c"), "types", List.of("node_started")));
        fixture.run();
        assertThat(code(client, more)).isEqualTo("too_many_subscriptions");

        client.subscribe(of("run", "nodes", List.of("live"), "types", List.of("node_started", "node_completed")));
        live.end();
        fixture.run();
        assertThat(types(client.events("run"))).containsExactly("node_completed");
        assertThat(ofType(client, "error")).hasSize(1);
    }

    @Test
    void aPositionAndAFilterGoTogether() {
        Live live = fixture.startLive("run");
        live.emit(100);
        MemoryClient client = fixture.connect();
        client.subscribe(of("run", "types", List.of("workflow_event"), "after", 100));
        fixture.run();
        assertSeqs(client, "run", 101, 102);

        client.subscribe("run", Position.after(101));
        fixture.run();
        assertThat(seqs(client, "run")).containsExactly(101L, 102L, 102L);
    }

    private static Map<String, Object> of(String executionId, String key, Object value) {
        return Map.of("executionId", executionId, key, value);
    }

    private static Map<String, Object> of(String executionId, String key, Object value, String other, Object more) {
        return Map.of("executionId", executionId, key, value, other, more);
    }

    private static List<Long> marks(MemoryClient client) {
        return ofType(client, "position").stream()
                .map(message -> ((Number) MemoryClient.data(message).get("seq")).longValue())
                .toList();
    }
}
