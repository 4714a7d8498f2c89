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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class SubscribeTest {

    private Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    void saysConnectedBeforeAnythingElse(Framing framing) {
        MemoryClient client = fixture.connect(framing);

        assertThat(types(client)).containsExactly("connected");
        assertThat(data(client, "connected"))
                .containsEntry("protocol", framing == Framing.LINES ? "flowscript.v2" : "flowscript.v1")
                .containsEntry("heartbeatMillis", 30_000)
                .containsEntry("maxMessageBytes", 1 << 20);
    }

    @Test
    void aSubscriberIsToldHowThingsStandThenGetsEveryEvent() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();

        String request = client.subscribe("run");
        fixture.run();

        assertThat(types(client))
                .containsExactly("connected", "subscribed", "execution_status", "workflow_started", "node_started");
        assertThat(client.awaitReply(request)).containsEntry("type", "subscribed");
        assertThat(data(client, "subscribed"))
                .containsEntry("executionId", "run")
                .containsEntry("epoch", live.execution().events().epoch())
                .containsEntry("oldest", 1)
                .containsEntry("latest", 2)
                .containsEntry("status", "running");
        assertThat(data(client, "execution_status")).containsEntry("latest", 2).containsEntry("workflowId", "live");
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    @DisplayName("I2, F1: subscribed before, during or after a run of 0 ms: the same complete sequence")
    void wheneverOneSubscribesTheSequenceIsTheSame(Framing framing) {
        MemoryClient before = fixture.connect(framing);
        before.subscribe("run", Position.START);
        fixture.run();
        MemoryClient during = fixture.connect(framing);
        MemoryClient after = fixture.connect(framing);

        fixture.flows.start("burst", Map.of("count", 5), "run");
        during.subscribe("run", Position.START);
        fixture.run();
        after.subscribe("run", Position.START);
        fixture.run();

        assertThat(types(before.events("run")))
                .containsExactly(
                        "workflow_started",
                        "node_started",
                        "workflow_event",
                        "workflow_event",
                        "workflow_event",
                        "workflow_event",
                        "workflow_event",
                        "node_completed",
                        "workflow_completed");
        assertSeqs(before, "run", 1, 9);
        assertThat(during.events("run")).isEqualTo(before.events("run"));
        assertThat(after.events("run")).isEqualTo(before.events("run"));
    }

    @Test
    @DisplayName("F2, I2: a client that comes back with its position misses nothing and sees nothing twice")
    void comesBack() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        fixture.run();
        live.emit(10);
        fixture.run();
        client.disconnect();
        live.emit(10);
        fixture.run();

        client.reconnect();
        fixture.run();
        live.emit(5);
        live.end();
        fixture.run();

        assertSeqs(client, "run", 1, 29);
        assertThat(types(client)).doesNotContain("events_missed");
    }

    @Test
    void latestSeesOnlyWhatComesFromNowOn() {
        Live live = fixture.startLive("run");
        live.emit(10);
        MemoryClient client = fixture.connect();

        client.subscribeToLatest("run");
        fixture.run();
        assertThat(types(client)).containsExactly("connected", "subscribed", "execution_status");
        live.emit(2);
        fixture.run();

        assertSeqs(client, "run", 13, 14);
    }

    @Test
    @DisplayName("The status is atomic at latest: with the events after it, it is the whole story")
    void theStatusIsAtomicAtLatest() {
        fixture.flows.start("ask", Map.of(), "run");
        fixture.run();
        MemoryClient client = fixture.connect();

        client.subscribeToLatest("run");
        fixture.run();

        Map<String, Object> status = data(client, "execution_status");
        assertThat(status)
                .containsEntry("status", "paused")
                .containsEntry("currentNodeName", "ask")
                .containsEntry("latest", (int) fixture.flows
                        .executions()
                        .find("run")
                        .orElseThrow()
                        .events()
                        .latest());
        assertThat((List<?>) status.get("pauseTokens")).hasSize(1);
        assertThat(String.valueOf(status.get("interactions"))).contains("formSchema", "integer");
        assertThat(client.events("run")).isEmpty();
    }

    @Test
    void askedForOnceMoreTheCursorStaysWhereItIs() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        fixture.run();

        String again = client.subscribe("run");
        live.emit(1);
        fixture.run();

        assertThat(client.awaitReply(again)).containsEntry("type", "subscribed");
        assertSeqs(client, "run", 1, 3);
    }

    @Test
    @DisplayName("An explicit position moves the cursor, and subscribed stands between the old events and the new")
    void movesTheCursor() {
        Live live = fixture.startLive("run");
        live.emit(500);
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        fixture.run();
        live.emit(10);
        client.stall();
        fixture.run();
        client.subscribe("run", Position.after(500));
        fixture.run();
        client.resumeReading();
        fixture.run();

        List<Long> numbers = seqs(client, "run");
        List<String> types = types(client);
        int moved = types.lastIndexOf("subscribed");
        long before = types.subList(0, moved).stream()
                .filter(type -> type.equals("workflow_event"))
                .count();
        assertThat(before).isEqualTo(510);
        assertThat(numbers.subList(512, numbers.size()))
                .isEqualTo(List.of(501L, 502L, 503L, 504L, 505L, 506L, 507L, 508L, 509L, 510L, 511L, 512L));
    }

    @Test
    void unsubscribedMeansNoMore() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        fixture.run();

        String request = client.unsubscribe("run");
        live.emit(5);
        fixture.run();

        assertThat(client.awaitReply(request)).containsEntry("type", "unsubscribed");
        assertSeqs(client, "run", 1, 2);
    }

    @Test
    @DisplayName("I1: what retention has dropped is announced, then the status, then the rest")
    void announcesWhatRetentionDropped() {
        fixture.close();
        fixture = Fixture.with().retention(10).build();
        Live live = fixture.startLive("run");
        live.emit(100);
        MemoryClient client = fixture.connect();

        client.subscribe("run");
        fixture.run();

        assertThat(types(client).subList(0, 6))
                .containsExactly(
                        "connected",
                        "subscribed",
                        "execution_status",
                        "events_missed",
                        "execution_status",
                        "workflow_event");
        assertThat(data(client, "events_missed")).containsEntry("from", 1).containsEntry("to", 92);
        assertSeqs(client, "run", 93, 102);
    }

    @Test
    void aPositionOfAnotherEpochIsAnnounced() {
        fixture.startLive("run");
        MemoryClient client = fixture.connect();

        client.subscribe("run", Position.after("long-ago", 70));
        fixture.run();

        assertThat(data(client, "events_missed"))
                .containsEntry("epoch", "long-ago")
                .containsEntry("from", 71)
                .doesNotContainKey("to");
        assertThat(types(client))
                .containsExactly(
                        "connected",
                        "subscribed",
                        "execution_status",
                        "events_missed",
                        "execution_status",
                        "workflow_started",
                        "node_started");
    }

    @Test
    void aPositionPastTheEndIsAnnounced() {
        Live live = fixture.startLive("run");
        MemoryClient client = fixture.connect();

        client.subscribe("run", Position.after(70));
        fixture.run();
        live.emit(1);
        fixture.run();

        assertThat(data(client, "events_missed")).containsEntry("from", 3).containsEntry("to", 70);
        assertSeqs(client, "run", 3, 3);
    }

    @Test
    void whoIsBehindWhenAnExecutionIsForgottenIsTold() {
        fixture.close();
        fixture = Fixture.with()
                .bridge(bridges -> bridges.stallTimeout(Duration.ofDays(1)).heartbeat(Duration.ofDays(1)))
                .build();
        Live other = fixture.startLive("run");
        MemoryClient slow = fixture.connect();
        slow.subscribe("run");
        fixture.run();
        slow.stall();
        other.emit(5_000);
        other.end();
        fixture.run();
        fixture.pass(Duration.ofHours(2));
        assertThat(fixture.flows.executions().find("run")).isEmpty();

        slow.resumeReading();
        fixture.run();

        Map<String, Object> missed = data(slow, "events_missed");
        List<Long> seen = seqs(slow, "run");
        assertSeqs(slow, "run", 1, seen.size());
        assertThat(missed).containsEntry("from", seen.size() + 1).containsEntry("to", 5_004);
        assertThat(data(slow, "execution_status")).containsEntry("status", "completed");
    }

    @Test
    void waitsForAnExecutionToCome() {
        MemoryClient client = fixture.connect();
        int timers = fixture.clock.pending();
        fixture.startLive("other");
        int timersOfAnExecution = fixture.clock.pending() - timers;
        String request = client.subscribe("run");
        fixture.run();
        assertThat(types(client)).containsExactly("connected", "subscribed");
        assertThat(client.awaitReply(request)).containsEntry("type", "subscribed");
        assertThat(data(client, "subscribed")).doesNotContainKey("epoch");

        fixture.startLive("run");

        assertThat(types(client))
                .containsExactly(
                        "connected",
                        "subscribed",
                        "subscribed",
                        "execution_status",
                        "workflow_started",
                        "node_started");
        assertThat(data(client, "subscribed")).containsKey("epoch");
        assertThat(fixture.clock.pending()).as("no timer is left over").isEqualTo(timers + 2 * timersOfAnExecution);
    }

    @Test
    void doesNotWaitForEver() {
        MemoryClient client = fixture.connect();
        String request = client.subscribe("run");
        fixture.run();

        fixture.pass(Duration.ofMinutes(5));
        fixture.startLive("run");

        assertThat(types(client)).containsExactly("connected", "subscribed", "error");
        assertThat(data(client, "error")).containsEntry("code", "execution_not_found");
        assertThat(ofType(client, "error").get(0)).containsEntry("replyTo", request);
    }

    @Test
    @DisplayName("F30: what one may not see and what does not exist look alike, byte for byte and in time")
    void whatIsHiddenLooksLikeWhatIsNot() {
        fixture.close();
        fixture = Fixture.with()
                .policy((who, action, workflow, execution) -> who.name().equals("bob"))
                .build();
        fixture.startLive("real");
        MemoryClient client = fixture.connect("alice", Framing.LINES);

        for (String id : List.of("real", "none")) {
            client.subscribe(id);
            fixture.run();
        }
        fixture.pass(Duration.ofMinutes(5));

        List<String> real = withoutIds(client, "real");
        assertThat(real).hasSize(2).isEqualTo(withoutIds(client, "none"));
        MemoryClient bob = fixture.connect("bob", Framing.LINES);
        bob.subscribe("real");
        fixture.run();
        assertSeqs(bob, "real", 1, 2);
    }

    @Test
    @DisplayName("Rights are checked when a pending subscription attaches, and again when it is asked for again")
    void rightsAreCheckedEachTime() {
        fixture.close();
        Set<String> allowed = ConcurrentHashMap.newKeySet();
        fixture = Fixture.with()
                .policy((who, action, workflow, execution) -> allowed.contains(execution))
                .build();
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        fixture.run();
        Live live = fixture.startLive("run");
        assertThat(client.events("run")).isEmpty();

        allowed.add("run");
        client.subscribe("run");
        fixture.run();
        assertSeqs(client, "run", 1, 2);

        allowed.clear();
        client.subscribe("run");
        fixture.run();
        live.emit(5);
        fixture.run();
        assertSeqs(client, "run", 1, 2);
    }

    @Test
    void hasSoManySubscriptionsAndNoMore() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.maxSubscriptions(2)).build();
        for (String id : List.of("a", "b", "c")) {
            fixture.startLive(id);
        }
        MemoryClient client = fixture.connect();
        client.subscribe("a");
        client.subscribe("b");
        String third = client.subscribe("c");
        fixture.run();

        assertThat(code(client, third)).isEqualTo("too_many_subscriptions");
        client.unsubscribe("a");
        client.subscribe("c");
        fixture.run();
        assertSeqs(client, "c", 1, 2);
    }

    @Test
    void soManyCanBePendingAndNoMore() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.maxPending(2)).build();
        MemoryClient client = fixture.connect();
        client.subscribe("a");
        client.subscribe("b");
        String third = client.subscribe("c");
        fixture.run();
        assertThat(code(client, third)).isEqualTo("too_many_subscriptions");

        fixture.pass(Duration.ofMinutes(5));
        client.subscribe("c");
        fixture.run();
        fixture.startLive("c");
        assertSeqs(client, "c", 1, 2);
    }

    @Test
    void endedSubscriptionsCountNoMoreAndGoOnWhereTheyEnded() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.maxSubscriptions(3)).build();
        MemoryClient client = fixture.connect();
        for (int i = 0; i < 20; i++) {
            fixture.runBurst("run-" + i, 1);
            client.subscribe("run-" + i);
            fixture.run();
            assertSeqs(client, "run-" + i, 1, 5);
        }

        client.subscribe("run-19");
        fixture.run();

        assertSeqs(client, "run-19", 1, 5);
        assertThat(ofType(client, "error")).isEmpty();
    }

    private static List<String> withoutIds(MemoryClient client, String executionId) {
        return client.received().stream()
                .map(String::valueOf)
                .filter(message -> message.contains(executionId))
                .map(message -> message.replace(executionId, "ID").replaceAll("replyTo=[^,}]*", "REQUEST"))
                .toList();
    }
}
