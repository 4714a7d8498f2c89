package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.bridge.CloseCode;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.RecordingBridge;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketFramesTest {

    private final RecordingBridge bridge = new RecordingBridge();
    private FlowScriptWebSocketServer server;
    private RawClient client;

    @BeforeEach
    void open() throws Exception {
        server = FlowScriptWebSocketServer.builder()
                .closingTime(Duration.ofSeconds(1))
                .start(bridge);
        client = RawClient.open(server.port());
        assertThat(client.read().text()).contains("connected");
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.close();
    }

    private RecordingBridge.Client session() {
        return bridge.client(0);
    }

    @Test
    void putsFragmentsTogetherAlsoWithAPingBetween() throws Exception {
        byte[] text = "grüße, 世界 👋".repeat(500).getBytes(StandardCharsets.UTF_8);
        int third = text.length / 3 + 1; // in the midst of a character
        client.send(RawClient.frame(false, RawClient.TEXT, java.util.Arrays.copyOfRange(text, 0, third)));
        client.send(RawClient.frame(true, RawClient.PING, new byte[] {7}));
        client.send(RawClient.frame(false, RawClient.CONTINUATION, new byte[0]));
        client.send(
                RawClient.frame(false, RawClient.CONTINUATION, java.util.Arrays.copyOfRange(text, third, 2 * third)));
        client.send(RawClient.frame(
                true, RawClient.CONTINUATION, java.util.Arrays.copyOfRange(text, 2 * third, text.length)));
        assertThat(client.readUntil(RawClient.PONG).payload()).containsExactly(7);
        await().until(() -> !session().received.isEmpty());
        assertThat(session().received).containsExactly(new String(text, StandardCharsets.UTF_8));
    }

    @Test
    void takesABodyByteByByte() throws Exception {
        for (byte b : RawClient.frame(true, RawClient.TEXT, "slowly".getBytes(StandardCharsets.UTF_8))) {
            client.send(new byte[] {b});
        }
        await().until(() -> session().received.equals(List.of("slowly")));
    }

    @Test
    void answersAPing() throws Exception {
        client.send(RawClient.frame(true, RawClient.PING, "hello".getBytes(StandardCharsets.UTF_8)));
        assertThat(client.readUntil(RawClient.PONG).text()).isEqualTo("hello");
    }

    @Test
    void rejectsABinaryMessageAndLivesOn() throws Exception {
        client.send(RawClient.frame(true, RawClient.BINARY, new byte[] {1, 2, 3}));
        client.send(RawClient.frame(false, RawClient.BINARY, new byte[] {1}));
        client.send(RawClient.frame(true, RawClient.CONTINUATION, new byte[] {2}));
        client.text("after");
        await().until(() -> session().received.equals(List.of("after")));
        assertThat(session().rejected).containsExactly("invalid_message", "invalid_message");
    }

    @Test
    void endsAConnectionWhoseTextIsNotUtf8With1007() throws Exception {
        client.send(RawClient.frame(true, RawClient.TEXT, new byte[] {'a', (byte) 0xC3, 'b'}));
        assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.INVALID_DATA);
        await().until(() -> session().ends.get() == 1);
        assertThat(session().received).isEmpty();
    }

    @Test
    void endsAConnectionWhoseTextEndsInTheMidstOfACharacterWith1007() throws Exception {
        client.send(RawClient.frame(true, RawClient.TEXT, new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0x91}));
        assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.INVALID_DATA);
    }

    @Test
    void endsAConnectionWhoseMessageIsTooLargeWith1009() throws Exception {
        client.text("x".repeat(RecordingBridge.MAX_MESSAGE_BYTES + 1));
        assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.MESSAGE_TOO_BIG);
        assertThat(session().rejected).containsExactly("message_too_large");
        assertThat(session().received).isEmpty();
        await().until(() -> session().ends.get() == 1);
    }

    @Test
    void endsAConnectionWhoseFragmentsGrowTooLargeWith1009() throws Exception {
        byte[] half = new byte[RecordingBridge.MAX_MESSAGE_BYTES / 2 + 1];
        client.send(RawClient.frame(false, RawClient.TEXT, half));
        client.send(RawClient.frame(false, RawClient.CONTINUATION, half));
        assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.MESSAGE_TOO_BIG);
    }

    @Test
    @DisplayName("I5: a frame that claims a gigabyte costs no more than what has come of it")
    void doesNotTrustTheLengthOfAFrame() throws Exception {
        client.send(RawClient.header(true, RawClient.TEXT, 1L << 30));
        client.send(new byte[RecordingBridge.MAX_MESSAGE_BYTES + 1]);
        assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.MESSAGE_TOO_BIG);
        await().until(() -> session().ends.get() == 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 11})
    void endsAConnectionWithAFrameOfNoKind(int opcode) throws Exception {
        client.send(RawClient.frame(true, opcode, new byte[] {1}));
        assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(1002);
        await().until(() -> session().ends.get() == 1);
    }

    @Test
    void endsAConnectionWithAFrameThatIsNotMasked() throws Exception {
        client.send(new byte[] {(byte) 0x81, 1, 'x'});
        assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(1002);
        await().until(() -> session().ends.get() == 1);
    }

    @Test
    void endsAConnectionWithAContinuationOfNothing() throws Exception {
        client.send(RawClient.frame(true, RawClient.CONTINUATION, new byte[] {1}));
        assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(1002);
        await().until(() -> session().ends.get() == 1);
    }

    /** Lengths around the sizes at which headers grow, blocks end, and frames go out by themselves. */
    private static final int[] LENGTHS = {
        0, 1, 125, 126, 127, 300, 8_191, 8_192, 8_193, 300, 300, 32_763, 32_768, 65_535, 65_536, 70_000, 5, 8_192,
        8_192, 8_192, 8_192, 8_180, 1, 0
    };

    @Test
    @DisplayName(
            "many messages in one batch arrive as one frame each, whole and in their order, at every client that shares them")
    void sendsAFrameForEachMessageOfABatch() throws Exception {
        List<ByteBuffer> batch = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 3_000; i++) {
            int length = i < LENGTHS.length ? LENGTHS[i] : random.nextInt(400);
            String text = (i + ":" + "abcdefghij".repeat(length / 10 + 1)).substring(0, length);
            expected.add(text);
            ByteBuffer within = ByteBuffer.wrap(("[" + text + "]").getBytes(StandardCharsets.US_ASCII));
            batch.add(within.position(1).limit(length + 1).slice().asReadOnlyBuffer());
        }
        try (RawClient other = RawClient.open(server.port())) {
            assertThat(other.read().text()).contains("connected");
            for (int i = 0; i < 2; i++) {
                CompletableFuture<Void> sent = bridge.client(i).sending(batch);
                RawClient receiver = i == 0 ? client : other;
                for (String text : expected) {
                    RawClient.Frame frame = receiver.read();
                    assertThat(frame.fin()).isTrue();
                    assertThat(frame.opcode()).isEqualTo(RawClient.TEXT);
                    assertThat(frame.text()).isEqualTo(text);
                }
                sent.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(batch).as("the bridge's buffers stay as they are").allMatch(frame -> frame.position() == 0);
    }
}
