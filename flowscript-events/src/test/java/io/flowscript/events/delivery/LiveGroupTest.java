package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.events.memory.MemoryClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Clients that stand at the end of a log get what follows in groups, as each would by itself")
class LiveGroupTest {

    private static final int CLIENTS = 2 * LiveGroups.CLIENTS_PER_GROUP;

    private Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<MemoryClient> connect(int count, Framing framing) {
        List<MemoryClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(fixture.connect(framing));
            clients.get(i).subscribe("run");
        }
        fixture.run();
        return clients;
    }

    private int turns() {
        int turns = 0;
        while (fixture.executor.runOne()) {
            turns++;
        }
        return turns;
    }

    private LiveGroups groups(Live live) {
        return groups(live, Framing.LINES);
    }

    private LiveGroups groups(Live live, Framing framing) {
        return fixture.bridge
                .delivery(framing)
                .encoded()
                .of(live.execution().events())
                .liveGroups();
    }

    private FakeChannel fake(Framing framing) {
        FakeChannel channel = new FakeChannel();
        channel.automatic = true;
        ClientSession unused = connect(channel, framing);
        return channel;
    }

    private ClientSession connect(FakeChannel channel, Framing framing) {
        ClientSession session = fixture.bridge.connect(channel, new ClientInfo(Identity.of("alice"), framing));
        fixture.run();
        receive(session, "{\"type\":\"subscribe\",\"data\":{\"executionId\":\"run\",\"after\":0}}");
        fixture.run();
        return session;
    }

    private static void receive(ClientSession session, String message) {
        session.receive(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), () -> {});
    }

    private static long ticks(FakeChannel channel) {
        return channel.frames.stream()
                .flatMap(String::lines)
                .filter(line -> line.contains("test:tick"))
                .count();
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    @DisplayName("an event costs a turn for each group, and none for each client")
    void oneTurnForMany(Framing framing) {
        Live live = fixture.startLive("run");
        List<MemoryClient> clients = connect(CLIENTS, framing);
        long latest = live.execution().events().latest();
        assertThat(groups(live, framing).size()).isEqualTo(2);

        for (int i = 1; i <= 5; i++) {
            live.emit(1);
            assertThat(turns()).as("turns for one event").isLessThan(8);
        }
        for (MemoryClient client : clients) {
            assertSeqs(client, "run", 1, latest + 5);
        }
        assertThat(groups(live, framing).size()).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "a client that cannot take an event reads on by itself, holds up nobody, and comes back when it has caught up")
    void whoIsSlowLeaves() {
        Live live = fixture.startLive("run");
        FakeChannel slow = fake(Framing.LINES);
        FakeChannel fast = fake(Framing.LINES);
        assertThat(groups(live).size()).isEqualTo(1);

        slow.automatic = false;
        for (int i = 1; i <= 10; i++) {
            live.emit(1);
            fixture.run();
            assertThat(ticks(fast)).isEqualTo(i);
        }
        assertThat(ticks(slow)).as("one batch is outstanding").isEqualTo(1);
        slow.automatic = true;
        slow.sent();
        fixture.run();
        assertThat(ticks(slow)).isEqualTo(10);

        live.emit(1);
        assertThat(turns()).as("both are in one group again").isLessThan(5);
        assertThat(ticks(slow)).isEqualTo(11);
    }

    @Test
    @DisplayName("a client whose channel throws is disconnected, and the others of its group go on")
    void whoFailsLeaves() {
        Live live = fixture.startLive("run");
        FakeChannel broken = fake(Framing.LINES);
        FakeChannel other = fake(Framing.LINES);
        broken.automatic = false;
        live.emit(1);
        fixture.run();
        broken.failed();
        fixture.run();
        live.emit(1);
        fixture.run();
        assertThat(ticks(other)).isEqualTo(2);
        assertThat(fixture.bridge.stats().connections()).isEqualTo(1);
    }

    @Test
    @DisplayName("who has unsubscribed gets nothing more, and an empty group is removed")
    void whoUnsubscribes() {
        Live live = fixture.startLive("run");
        List<MemoryClient> clients = connect(3, Framing.LINES);
        long latest = live.execution().events().latest();
        clients.get(0).unsubscribe("run");
        fixture.run();
        live.emit(1);
        fixture.run();
        assertSeqs(clients.get(0), "run", 1, latest);
        assertSeqs(clients.get(1), "run", 1, latest + 1);
        clients.get(1).unsubscribe("run");
        clients.get(2).disconnect();
        fixture.run();
        assertThat(groups(live).size()).isZero();
    }

    @Test
    @DisplayName("who subscribes again gets its position from the group, and neither a hole nor an event twice")
    void whoSubscribesAgain() {
        Live live = fixture.startLive("run");
        MemoryClient client = connect(1, Framing.LINES).get(0);
        for (int i = 0; i < 3; i++) {
            live.emit(1);
            fixture.run();
        }
        client.subscribe("run");
        fixture.run();
        live.emit(1);
        fixture.run();
        assertSeqs(client, "run", 1, live.execution().events().latest());
    }

    @Test
    @DisplayName("who leaves its group and comes back while an event is handed out does not get the event twice")
    void whoComesBackMeanwhile() {
        Live live = fixture.startLive("run");
        AtomicReference<Runnable> meanwhile = new AtomicReference<>();
        FakeChannel first = new FakeChannel() {
            @Override
            public void send(List<ByteBuffer> batch, SendCallback done) {
                super.send(batch, done);
                Runnable now = meanwhile.getAndSet(null);
                if (now != null) {
                    now.run();
                }
            }
        };
        first.automatic = true;
        ClientSession unused = connect(first, Framing.LINES);
        FakeChannel second = new FakeChannel();
        second.automatic = true;
        ClientSession other = connect(second, Framing.LINES);
        assertThat(groups(live).size()).isEqualTo(1);

        meanwhile.set(() -> {
            receive(other, "{\"type\":\"subscribe\",\"data\":{\"executionId\":\"run\"}}");
            fixture.run();
        });
        live.emit(1);
        fixture.run();
        live.emit(1);
        fixture.run();
        assertThat(ticks(first)).isEqualTo(2);
        assertThat(ticks(second)).isEqualTo(2);
    }

    @Test
    @DisplayName("the first version sees no state, and a cancelled execution as a failed one")
    void firstVersion() {
        Live live = fixture.startLive("run");
        MemoryClient first = connect(1, Framing.SINGLE).get(0);
        MemoryClient second = connect(1, Framing.LINES).get(0);
        live.emit(1);
        live.set("$.seen", 1);
        live.emit(1);
        fixture.run();
        live.execution().cancel("no", null);
        fixture.run();
        assertThat(types(first)).doesNotContain("state_updated").endsWith("workflow_failed");
        assertThat(types(second)).endsWith("workflow_cancelled");
        assertThat(first.events("run")).hasSize(second.events("run").size());
    }

    @Test
    @DisplayName("many events at once are left to the clients, whose batches grow")
    void manyAtOnce() {
        Live live = fixture.startLive("run");
        FakeChannel channel = fake(Framing.LINES);
        live.emit(10_000);
        fixture.run();
        assertThat(ticks(channel)).isEqualTo(10_000);
        assertThat(channel.batches)
                .anySatisfy(bytes -> assertThat(bytes)
                        .isGreaterThan(2 * BridgeLimits.defaults().batchBytes()));
        assertThat(groups(live).size()).isEqualTo(1);
    }

    @Test
    @DisplayName("an execution that leaves memory takes its clients along, and each hears of what follows")
    void endsForAll() {
        Live live = fixture.startLive("run");
        List<MemoryClient> clients = connect(3, Framing.LINES);
        live.end();
        fixture.run();
        for (MemoryClient client : clients) {
            assertThat(types(client)).endsWith("workflow_completed");
        }
        assertThat(groups(live).size()).isZero();
        assertThat(fixture.bridge.stats().followed()).isZero();
    }

    @Test
    @DisplayName("the reply to a command comes before the events that the command causes")
    void replyFirst() {
        fixture.flows.start("ask-twice", Map.of(), "run");
        fixture.run();
        MemoryClient client = connect(1, Framing.LINES).get(0);
        String node =
                (String) Messages.data(client, "human_interaction_required").get("nodeId");
        client.resume("run", node, 1);
        fixture.run();
        List<String> types = types(client);
        assertThat(types.indexOf("resume_success")).isLessThan(types.indexOf("human_interaction_received"));
        assertThat(types).contains("human_interaction_received");
    }

    @Test
    @DisplayName("a client in a group is pinged, and closed when it does not answer")
    void heartbeat() {
        Live live = fixture.startLive("run");
        FakeChannel mute = fake(Framing.LINES);
        for (int i = 0; i < 300 && mute.closeCode == 0; i++) {
            live.emit(1);
            fixture.pass(Duration.ofSeconds(1));
        }
        assertThat(mute.pings.get()).isPositive();
        assertThat(mute.closeCode).isNotZero();
    }
}
