package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.ofType;
import static io.flowscript.events.delivery.Messages.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.log.Position;
import io.flowscript.events.memory.MemoryClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@DisplayName("I5: what one client does or does not do costs a bounded amount, and others never notice")
class BoundsTest {

    private Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    @DisplayName(
            "I4, F2: a slow client is a cursor that stays behind; the run and the others go on, and it misses nothing")
    void aSlowClientIsACursorThatStaysBehind() {
        MemoryClient slow = fixture.connect();
        MemoryClient fast = fixture.connect();
        slow.subscribe("run");
        fast.subscribe("run");
        fixture.run();
        slow.stall();
        Live live = fixture.startLive("run");

        for (int i = 0; i < 20; i++) {
            live.emit(500);
            fixture.run();
            assertSeqs(fast, "run", 1, 2 + (i + 1) * 500L);
        }

        slow.resumeReading();
        fixture.run();
        assertThat(slow.events("run")).isEqualTo(fast.events("run"));
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    @DisplayName("What is outstanding to a client that does not read is one batch, whatever waits for it")
    void oneBatchIsOutstanding(Framing framing) {
        FakeChannel channel = new FakeChannel();
        ClientSession session = connect(channel, framing);
        channel.sent();
        fixture.run();
        Live live = fixture.startLive("run");
        live.emit(20_000);
        receive(session, subscribe("run"), () -> {});
        fixture.run();

        assertThat(channel.batches).hasSize(2);
        while (channel.isBusy()) {
            assertThat(channel.batches.get(channel.batches.size() - 1))
                    .isLessThan(BridgeLimits.defaults().batchBytes() + 1_000);
            channel.sent();
            fixture.run();
        }
        long messages = channel.frames.stream()
                .mapToLong(
                        frame -> framing == Framing.SINGLE ? 1 : frame.lines().count())
                .sum();
        assertThat(messages).isEqualTo(20_005);
        if (framing == Framing.LINES) {
            assertThat(channel.frames).as("runs of events in one frame").hasSizeLessThan(20_005 / 20);
        }
    }

    @Test
    @DisplayName("I6: batches without a bound of bytes to speak of grow no further than a number goes")
    void batchesDoNotGrowBeyondNumbers() {
        fixture.close();
        fixture = Fixture.with()
                .limits(limits -> limits.batchBytes(Integer.MAX_VALUE))
                .build();
        FakeChannel channel = new FakeChannel();
        channel.automatic = true;
        ClientSession session = connect(channel, Framing.SINGLE);
        Live live = fixture.startLive("run");
        live.emit(2_000);
        receive(session, subscribe("run"), () -> {});
        fixture.run();

        assertThat(channel.frames.stream().filter(frame -> frame.contains("test:tick")))
                .hasSize(2_000);
    }

    @Test
    @DisplayName(
            "Batches grow four times while a client takes each at once, and are as small as before when one takes time")
    void batchesGrowForAClientThatIsQuick() {
        FakeChannel channel = new FakeChannel();
        ClientSession session = connect(channel, Framing.LINES);
        channel.sent();
        fixture.run();
        Live live = fixture.startLive("run");
        live.emit(20_000);
        channel.automatic = true;
        receive(session, subscribe("run"), () -> {});
        fixture.run();
        int usual = BridgeLimits.defaults().batchBytes();
        assertThat(channel.batches).allSatisfy(bytes -> assertThat(bytes).isLessThan(4 * usual + 1_000));
        assertThat(channel.batches).anySatisfy(bytes -> assertThat(bytes).isGreaterThan(3 * usual));

        channel.automatic = false;
        live.emit(20_000);
        fixture.run();
        int grown = channel.batches.get(channel.batches.size() - 1);
        assertThat(grown).isGreaterThan(3 * usual);
        channel.sent();
        fixture.run();
        assertThat(channel.batches.get(channel.batches.size() - 1)).isLessThan(usual + 1_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"executionId\":\"run\",\"after\":0,\"types\":[\"workflow_event\"]",
                "\"executionId\":\"run\",\"after\":0,\"conflate\":true",
                "\"all\":true"
            })
    @DisplayName(
            "One batch is outstanding whatever was subscribed to, and the cursor stays where the client's channel is")
    void oneBatchIsOutstandingWhateverWasAsked(String data) {
        Live live = fixture.startLive("run");
        FakeChannel channel = new FakeChannel();
        ClientSession session = connect(channel, Framing.LINES);
        channel.sent();
        receive(session, "{\"type\":\"subscribe\",\"data\":{" + data + "}}", () -> {});
        fixture.run();
        while (channel.isBusy()) {
            channel.sent();
            fixture.run();
        }
        int before = channel.batches.size();
        live.emit(20_000);
        for (int i = 0; i < 100; i++) {
            fixture.run();
        }
        assertThat(channel.batches).hasSize(before + 1);
        assertThat(fixture.encodings)
                .as("nothing is prepared that cannot be sent")
                .hasSizeLessThan(1_000);
        while (channel.isBusy()) {
            assertThat(channel.batches.get(channel.batches.size() - 1))
                    .isLessThan(BridgeLimits.defaults().batchBytes() + 2_000);
            channel.sent();
            fixture.run();
        }
        assertThat(channel.frames.stream()
                        .flatMap(String::lines)
                        .filter(line -> line.contains("test:tick"))
                        .count())
                .isEqualTo(20_000);
    }

    @Test
    @DisplayName(
            "A client that takes nothing for the configured time is closed as too slow, and comes back where it was")
    void tooSlow() {
        MemoryClient slow = fixture.connect();
        slow.subscribe("run");
        fixture.run();
        slow.stall();
        Live live = fixture.startLive("run");
        live.emit(5_000);
        fixture.run();

        fixture.pass(Duration.ofSeconds(59));
        assertThat(slow.isConnected()).isTrue();
        fixture.pass(Duration.ofSeconds(1));

        assertThat(slow.closeCode()).isEqualTo(CloseCode.TOO_SLOW);
        assertThat(fixture.bridge.size()).isZero();
        slow.resumeReading();
        slow.reconnect();
        fixture.run();
        assertSeqs(slow, "run", 1, 5_002);
    }

    @Test
    void aSlowClientThatMakesProgressIsNotTooSlow() {
        FakeChannel channel = new FakeChannel();
        channel.pongs = true;
        ClientSession session = connect(channel, Framing.LINES);
        Live live = fixture.startLive("run");
        live.emit(20_000);
        channel.sent();
        receive(session, subscribe("run"), () -> {});
        fixture.run();

        for (int i = 0; i < 20; i++) {
            fixture.pass(Duration.ofSeconds(50));
            assertThat(channel.closeCode).isZero();
            channel.sent();
            fixture.run();
        }
    }

    @Test
    @DisplayName("No further message is demanded while replies wait to be written")
    void repliesDoNotPileUp() {
        FakeChannel channel = new FakeChannel();
        ClientSession session = connect(channel, Framing.SINGLE);
        AtomicInteger demanded = new AtomicInteger();
        receive(session, "{\"type\":\"ping\",\"data\":{}}", demanded::incrementAndGet);
        fixture.run();
        assertThat(demanded).as("connected is under way").hasValue(0);

        channel.sent();
        fixture.run();
        assertThat(channel.frames).hasSize(2);
        assertThat(demanded).as("pong is under way").hasValue(0);

        channel.sent();
        fixture.run();
        assertThat(demanded).as("pong was sent").hasValue(1);
    }

    @Test
    void whoeverIgnoresTheDemandIsToldSo() {
        ClientSession session = connect(new FakeChannel(), Framing.SINGLE);
        receive(session, "{\"type\":\"ping\",\"data\":{}}", () -> {});

        assertThatThrownBy(() -> receive(session, "{\"type\":\"ping\",\"data\":{}}", () -> {}))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("A flood of nonsense gets errors, then a close; another client never notices")
    void floods() {
        MemoryClient other = fixture.connect();
        other.subscribe("run");
        Live live = fixture.startLive("run");
        MemoryClient flooding = fixture.connect();
        List<String> nonsense = List.of(
                "",
                "hello",
                "{",
                "[]",
                "null",
                "{\"type\":7}",
                "{\"type\":\"nothing\",\"data\":{}}",
                "{\"type\":\"subscribe\",\"data\":{}}",
                "{\"type\":\"subscribe\",\"data\":{\"executionId\":\"../../etc/passwd\"}}",
                "{\"type\":\"ping\",\"type\":\"ping\",\"data\":{}}",
                "{\"type\":\"ping\",\"data\":{}} and more",
                "[".repeat(100_000));
        for (int i = 0; i < 600; i++) {
            flooding.send(nonsense.get(i % nonsense.size()));
        }
        flooding.send(ByteBuffer.wrap(new byte[] {'"', (byte) 0xC3, '"'}));
        fixture.run();
        live.emit(100);
        fixture.run();

        assertThat(flooding.closeCode()).isEqualTo(CloseCode.POLICY);
        assertThat(types(flooding).subList(1, types(flooding).size())).containsOnly("error");
        assertThat(ofType(flooding, "error")).hasSize(200);
        assertThat(flooding.received().toString()).contains("invalid_json", "unknown_type", "invalid_message");
        assertThat(flooding.received().toString()).doesNotContain("Exception", "io.flowscript", "jackson", ".java");
        assertSeqs(other, "run", 1, 102);
        assertThat(ofType(other, "error")).isEmpty();
    }

    @Test
    @DisplayName("A bad message gets an error and the connection lives on")
    void aBadMessageGetsAnError() {
        MemoryClient client = fixture.connect();
        client.send(ByteBuffer.wrap(new byte[] {'"', (byte) 0xC3, '"'}));
        client.send("x".repeat((1 << 20) + 1));
        client.send("{\"type\":\"fly\",\"id\":\"r1\",\"data\":{}}");
        String pong = client.ping();
        fixture.run();

        assertThat(ofType(client, "error"))
                .extracting(message -> MemoryClient.data(message).get("code"))
                .containsExactly("invalid_json", "message_too_large", "unknown_type");
        assertThat(ofType(client, "error").get(2)).containsEntry("replyTo", "r1");
        assertThat(client.awaitReply(pong)).containsEntry("type", "pong");
    }

    @Test
    void whatCannotBeAMessageIsRejected() {
        FakeChannel channel = new FakeChannel();
        channel.automatic = true;
        ClientSession session = connect(channel, Framing.SINGLE);
        AtomicInteger demanded = new AtomicInteger();
        session.reject("invalid_message", "Send text, not binary", ByteBuffer.allocate(0), demanded::incrementAndGet);
        fixture.run();

        assertThat(channel.frames.get(1)).contains("\"code\":\"invalid_message\"", "Send text, not binary");
        assertThat(demanded).hasValue(1);
    }

    @Test
    @DisplayName("A good message between bad ones shows a client that is no flood of nonsense")
    void aGoodMessageForgives() {
        MemoryClient client = fixture.connect();
        for (int i = 0; i < 5; i++) {
            IntStream.range(0, 200).forEach(bad -> client.send("{"));
            client.ping();
        }
        fixture.passSlowly(12);
        assertThat(client.isConnected()).isTrue();
        assertThat(ofType(client, "error")).hasSize(1_000);
        assertThat(ofType(client, "pong")).hasSize(5);
    }

    @Test
    @DisplayName("An error names the message whenever its id can be read")
    void errorsNameTheMessage() {
        MemoryClient client = fixture.connect();
        client.send("{\"id\":\"cut\",\"type\":\"ping\",\"data\":{");
        client.send("{\"type\":\"ping\",\"type\":\"ping\",\"id\":\"twice\"}");
        client.send("{\"id\":\"deep\",\"data\":" + "[".repeat(500));
        client.send("{\"id\":\"large\",\"data\":\"" + "x".repeat(1 << 20) + "\"}");
        client.send("{\"data\":\"" + "x".repeat(1 << 20) + "\",\"id\":\"large too\"}");
        client.send("{\"id\":\"fly\",\"type\":\"fly\"}");
        client.send(ByteBuffer.wrap("{\"id\":\"bytes\",\"type\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1)));
        client.send("{\"id\":\"one\",\"id\":\"other\",");
        client.send("{\"id\":7,");
        client.send("{\"data\":{\"id\":\"inner\"},");
        fixture.run();

        assertThat(ofType(client, "error"))
                .extracting(message -> message.get("replyTo"))
                .containsExactly("cut", "twice", "deep", "large", "large too", "fly", "bytes", null, null, null);
    }

    @Test
    void takesSoManyConnectionsAndNoMore() {
        fixture.close();
        fixture = Fixture.with().limits(limits -> limits.maxConnections(2)).build();
        MemoryClient first = fixture.connect();
        fixture.connect();
        assertThatThrownBy(() -> fixture.connect())
                .isInstanceOf(FlowScriptException.class)
                .extracting("code")
                .isEqualTo("too_many_connections");

        first.disconnect();
        fixture.run();
        assertThat(fixture.connect().isConnected()).isTrue();
    }

    @Test
    @DisplayName("Fair turns: a small execution is not kept waiting by a client's huge one")
    void turnsAreFair() {
        Live huge = fixture.startLive("huge");
        huge.emit(100_000);
        fixture.runBurst("small", 3);
        FakeChannel channel = new FakeChannel();
        ClientSession session = connect(channel, Framing.LINES);
        channel.sent();
        receive(session, subscribe("huge"), () -> receive(session, subscribe("small"), () -> {}));
        fixture.run();
        int batches = 0;
        while (channel.frames.stream().noneMatch(frame -> frame.contains("workflow_completed"))) {
            channel.sent();
            fixture.run();
            batches++;
        }
        assertThat(batches).isLessThan(5);
    }

    @Test
    @DisplayName("Turns are fair among many that are all busy: nobody is more than a few batches behind")
    void busyExecutionsShareTheClient() {
        int executions = 10;
        MemoryClient client = fixture.connect();
        for (int i = 0; i < executions; i++) {
            fixture.startLive("run-" + i);
            client.subscribe("run-" + i, Position.START);
        }
        fixture.run();
        for (int i = 0; i < executions; i++) {
            fixture.live("run-" + i).emit(3_000);
        }
        fixture.run();

        int[] seen = new int[executions];
        int largestLead = 0;
        for (var message : client.received()) {
            if (message.containsKey("seq")) {
                String id = (String) MemoryClient.data(message).get("executionId");
                seen[Integer.parseInt(id.substring(4))]++;
                boolean all = Arrays.stream(seen).allMatch(count -> count > 2 && count < 3_002);
                int lead = Arrays.stream(seen).max().orElse(0)
                        - Arrays.stream(seen).min().orElse(0);
                largestLead = all ? Math.max(largestLead, lead) : largestLead;
            }
        }
        assertThat(largestLead).isBetween(1, 1_500);
        assertThat(seen).containsOnly(3_002);
    }

    @Test
    @DisplayName("An event is encoded once for each version of the protocol, however many clients there are")
    void encodesOnce() {
        for (int i = 0; i < 20; i++) {
            MemoryClient client = fixture.connect(i % 2 == 0 ? Framing.LINES : Framing.SINGLE);
            client.subscribe("run", Position.START);
        }
        fixture.run();
        Live live = fixture.startLive("run");
        for (int i = 0; i < 50; i++) {
            live.emit(20);
            fixture.run();
        }

        assertThat(fixture.encodings).hasSize(2 * 1_002);
        assertThat(fixture.encodings.values()).containsOnly(1);
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    @DisplayName("The smallest bounds slow things down and lose nothing")
    void theSmallestBoundsLoseNothing(Framing framing) {
        fixture.close();
        fixture = Fixture.with()
                .limits(limits -> limits.batchBytes(1).batchFrames(1).encodedBytes(0))
                .build();
        MemoryClient one = fixture.connect(framing);
        MemoryClient other = fixture.connect(framing);
        one.subscribe("run", Position.START);
        other.subscribe("run", Position.START);
        fixture.run();
        fixture.runBurst("run", 500);

        assertSeqs(one, "run", 1, 504);
        assertThat(other.events("run")).isEqualTo(one.events("run"));
    }

    private ClientSession connect(FakeChannel channel, Framing framing) {
        ClientSession session = fixture.bridge.connect(channel, new ClientInfo(Identity.of("alice"), framing));
        fixture.run();
        return session;
    }

    private static void receive(ClientSession session, String message, Runnable next) {
        session.receive(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), next);
    }

    private static String subscribe(String executionId) {
        return "{\"type\":\"subscribe\",\"data\":{\"executionId\":\"" + executionId + "\",\"after\":0}}";
    }
}
