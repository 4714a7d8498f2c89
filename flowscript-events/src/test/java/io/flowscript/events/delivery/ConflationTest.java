package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.ofType;
import static io.flowscript.events.delivery.Messages.seqs;
import static io.flowscript.events.delivery.Messages.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.events.memory.MemoryClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("conflate: the newest event stands for older ones of the same thing, and it is told")
class ConflationTest {

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    @DisplayName(
            "By key and by path; what was skipped is told right before the next event, so that numbers stay provable")
    void byKeyAndPath() {
        Live live = fixture.startLive("run");
        live.emit("test:progress", 1, "a"); // 3, skipped
        live.emit("test:progress", 2, "a"); // 4, skipped
        live.emit("test:progress", 3, "b"); // 5
        live.emit("test:tick", 4); // 6, has no key
        live.emit("test:tick", 5); // 7
        live.emit("test:other", 6, "a"); // 8, another type
        live.emit("test:progress", 7, "a"); // 9
        live.set("$.x", 1); // 10, skipped
        live.set("$.y", 2); // 11
        live.set("$.x", 3); // 12
        live.end(); // 13, 14
        fixture.run();
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executionId", "run", "conflate", true));
        fixture.run();

        assertThat(story(client))
                .containsExactly("1", "2", "(3-4)", "5", "6", "7", "8", "9", "(10-10)", "11", "12", "13", "14");
        assertThat(client.events("run").get(6).toString()).contains("payload=7");
    }

    @Test
    @DisplayName("Not without being asked for")
    void onlyWhenAskedFor() {
        Live live = fixture.startLive("run");
        for (int i = 0; i < 10; i++) {
            live.emit("test:progress", i, "a");
        }
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        fixture.run();

        assertSeqs(client, "run", 1, 12);
        assertThat(types(client)).doesNotContain("events_skipped");
    }

    @Test
    @DisplayName("A client that keeps up sees everything; one that was slow gets the newest")
    void onlyWhoIsSlow() {
        Live live = fixture.startLive("run");
        MemoryClient fast = fixture.connect();
        MemoryClient slow = fixture.connect();
        fast.subscribe(Map.of("executionId", "run", "conflate", true));
        slow.subscribe(Map.of("executionId", "run", "conflate", true));
        fixture.run();
        slow.stall();
        for (int i = 0; i < 900; i++) {
            live.emit("test:progress", i, "a");
            fixture.run();
        }
        slow.resumeReading();
        fixture.run();

        assertSeqs(fast, "run", 1, 902);
        assertThat(story(slow)).containsExactly("1", "2", "3", "(4-901)", "902");
    }

    @Test
    @DisplayName("Only what the filter lets through stands for anything")
    void withAFilter() {
        Live live = fixture.startLive("run");
        live.emit("test:progress", 1, "a");
        live.set("$.x", 1);
        live.set("$.x", 2);
        live.emit("test:progress", 2, "a");
        live.end();
        fixture.run();
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executionId", "run", "conflate", true, "types", List.of("state_updated")));
        fixture.run();

        assertThat(story(client)).containsExactly("(5-5)", "6");
    }

    @Test
    @DisplayName("Cut between what was told as skipped and what stands for it, the client still gets the newest")
    void cutInBetween() {
        fixture.close();
        try (Fixture small =
                Fixture.with().limits(limits -> limits.batchFrames(1)).build()) {
            Live live = small.startLive("run");
            MemoryClient client = small.connect();
            client.subscribe(Map.of("executionId", "run", "conflate", true, "after", "latest"));
            small.run();
            client.stall();
            live.emit("test:tick", 0); // 3, under way
            small.run();
            live.emit("test:progress", 1, "a"); // 4
            live.emit("test:tick", 0); // 5
            live.emit("test:progress", 2, "a"); // 6
            client.disconnect();
            client.resumeReading();
            client.reconnect();
            small.run();
            live.emit("test:progress", 3, "a"); // 7
            small.run();

            assertThat(story(client)).containsExactly("3", "(4-4)", "5", "6", "7");
        }
    }

    @Test
    @DisplayName("A long way behind costs a bounded look ahead, and each thing comes with its newest value")
    void farBehind() {
        Live live = fixture.startLive("run");
        for (int i = 0; i < 20_000; i++) {
            live.emit("test:progress", i, "thing-" + i % 10);
        }
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executionId", "run", "conflate", true));
        fixture.run();

        List<Long> seqs = seqs(client, "run");
        assertThat(seqs)
                .hasSizeLessThan(300)
                .endsWith(20_000L, 20_001L, 20_002L)
                .isSorted();
        long accounted = seqs.size();
        for (Map<String, Object> skipped : ofType(client, "events_skipped")) {
            Map<String, Object> data = MemoryClient.data(skipped);
            accounted += ((Number) data.get("to")).longValue() - ((Number) data.get("from")).longValue() + 1;
        }
        assertThat(accounted).isEqualTo(20_002);
    }

    /** The numbers of the events in turn, and in brackets what was skipped. */
    private static List<String> story(MemoryClient client) {
        List<String> story = new ArrayList<>();
        for (Map<String, Object> message : client.received()) {
            Map<String, Object> data = MemoryClient.data(message);
            if (message.get("seq") != null) {
                story.add(message.get("seq").toString());
            } else if ("events_skipped".equals(message.get("type"))) {
                story.add("(" + data.get("from") + "-" + data.get("to") + ")");
            }
        }
        return story;
    }
}
