package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.ofType;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("A client that comes back with many subscriptions")
class MassSubscribeTest {

    private Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {250, 500, 1_000})
    @DisplayName("Sent one by one, faster than the rate: each is confirmed, none is refused or lost")
    void oneByOne(int count) {
        MemoryClient client = fixture.connect();
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(client.subscribe("run-" + i));
        }
        fixture.run();
        assertThat(ofType(client, "subscribed")).as("the burst").hasSizeBetween(200, 201);

        fixture.passSlowly((count - 200) / 100 + 1);

        assertThat(types(client)).doesNotContain("error");
        assertThat(ofType(client, "subscribed"))
                .extracting(message -> message.get("replyTo"))
                .containsExactlyElementsOf(requests);
        assertThat(client.isConnected()).isTrue();
    }

    @Test
    @DisplayName("The rate is that of the setting, and an idle client has its burst again")
    void theRate() {
        MemoryClient client = fixture.connect();
        IntStream.range(0, 400).forEach(i -> client.ping());
        fixture.run();
        assertThat(ofType(client, "pong")).hasSize(201);
        fixture.pass(Duration.ofMillis(500));
        fixture.passFinely(1);
        assertThat(ofType(client, "pong").size()).isBetween(300, 352);
        fixture.passSlowly(10);
        assertThat(ofType(client, "pong")).hasSize(400);

        client.clear();
        IntStream.range(0, 200).forEach(i -> client.ping());
        fixture.run();
        assertThat(ofType(client, "pong")).hasSize(200);
        assertThat(types(client)).containsOnly("pong");
    }

    @Test
    @DisplayName("A client that is held back is not taken for dead, and its commands are carried out in the end")
    void theHeartbeatWaits() {
        fixture.close();
        fixture = Fixture.with()
                .bridge(bridges -> bridges.heartbeat(Duration.ofSeconds(1))
                        .limits(BridgeLimits.defaults().messagesPerSecond(1).messageBurst(1)))
                .build();
        MemoryClient client = fixture.connect();
        client.playDead(); // as one whose answer stands behind its messages
        IntStream.range(0, 10).forEach(i -> client.ping());
        fixture.passSlowly(8);
        assertThat(client.isConnected()).isTrue();
        assertThat(ofType(client, "pong").size()).isBetween(8, 10);
    }

    @Test
    @DisplayName("Sent in one message with positions: each gets its reply, in order, and goes on where it was")
    void inOneMessage() {
        List<Live> lives = IntStream.range(0, 1_000)
                .mapToObj(i -> fixture.startLive("run-" + i))
                .toList();
        MemoryClient client = fixture.connect();
        String epoch = lives.get(0).execution().events().epoch();

        String request = client.subscribe(Map.of(
                "executions",
                IntStream.range(0, 1_000)
                        .mapToObj(i -> i == 0
                                ? Map.of("executionId", "run-0", "after", 1, "epoch", epoch)
                                : i == 1
                                        ? Map.of("executionId", "run-1", "after", "latest")
                                        : Map.of("executionId", "run-" + i))
                        .toList()));
        fixture.run();
        lives.forEach(live -> live.emit(1));
        fixture.run();

        assertThat(ofType(client, "subscribed"))
                .hasSize(1_000)
                .allSatisfy(reply -> assertThat(reply).containsEntry("replyTo", request));
        assertThat(ofType(client, "subscribed"))
                .extracting(reply -> MemoryClient.data(reply).get("executionId"))
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_000).mapToObj(i -> "run-" + i).toList());
        assertSeqs(client, "run-0", 2, 3);
        assertSeqs(client, "run-1", 3, 3);
        IntStream.range(2, 1_000).forEach(i -> assertSeqs(client, "run-" + i, 1, 3));
    }

    @Test
    @DisplayName("One of several that is refused is named; the others are subscribed")
    void oneIsRefused() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.maxSubscriptions(2)).build();
        MemoryClient client = fixture.connect();
        String request = client.subscribe(Map.of("executions", executions(3)));
        fixture.run();

        assertThat(types(client)).containsExactly("connected", "subscribed", "subscribed", "error");
        Map<String, Object> error = ofType(client, "error").get(0);
        assertThat(error).containsEntry("replyTo", request);
        assertThat(MemoryClient.data(error))
                .containsEntry("code", "too_many_subscriptions")
                .containsEntry("details", Map.of("executionId", "run-2"));
    }

    @Test
    @DisplayName("I5: the filter that they share counts once")
    void theFilterCountsOnce() {
        MemoryClient client = fixture.connect();
        client.subscribe(Map.of("executions", executions(600), "types", List.of("node_started", "workflow_failed")));
        fixture.run();
        assertThat(ofType(client, "subscribed")).hasSize(600);

        String more = client.subscribe(Map.of("executionId", "other", "nodes", names(998)));
        String tooMany = client.subscribe(Map.of("executionId", "another", "nodes", List.of("one")));
        fixture.run();
        assertThat(client.awaitReply(more)).containsEntry("type", "subscribed");
        assertThat(client.awaitReply(tooMany)).containsEntry("type", "error");
    }

    @Test
    @DisplayName(
            "I5: the replies are written as the client takes them, and the next message waits for the last of them")
    void repliesDoNotPileUp() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.batchBytes(1_024)).build();
        FakeChannel channel = new FakeChannel();
        ClientSession session = fixture.bridge.connect(channel, new ClientInfo(Identity.of("ann"), Framing.LINES));
        fixture.run();
        channel.sent();
        fixture.run();
        AtomicInteger demanded = new AtomicInteger();
        StringBuilder message = new StringBuilder("{\"type\":\"subscribe\",\"id\":\"s\",\"data\":{\"executions\":[");
        IntStream.range(0, 1_000)
                .forEach(i -> message.append(i == 0 ? "" : ",").append("{\"executionId\":\"run-" + i + "\"}"));
        session.receive(
                ByteBuffer.wrap(message.append("]}}").toString().getBytes(StandardCharsets.UTF_8)),
                demanded::incrementAndGet);
        fixture.run();
        assertThat(fixture.bridge.stats().subscriptions()).isLessThan(30);

        for (int batches = 0; channel.isBusy(); batches++) {
            assertThat(batches).isLessThan(1_000);
            assertThat(demanded).hasValue(0);
            channel.sent();
            fixture.run();
        }
        assertThat(fixture.bridge.stats().subscriptions()).isEqualTo(1_000);
        assertThat(demanded).hasValue(1);
        assertThat(String.join("", channel.frames).split("\"subscribed\"", -1)).hasSize(1_001);
    }

    private static List<Map<String, String>> executions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Map.of("executionId", "run-" + i))
                .toList();
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "node-" + i).toList();
    }
}
