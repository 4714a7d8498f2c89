package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.RecordingBridge;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionTest {

    private static final int THRESHOLD = 500;
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

    private final RecordingBridge bridge = new RecordingBridge();
    private FlowScriptWebSocketServer server;

    @BeforeEach
    void start() {
        server = FlowScriptWebSocketServer.builder()
                .compress(THRESHOLD)
                .closingTime(Duration.ofSeconds(1))
                .start(bridge);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void compressesWhatIsLargeAndLeavesWhatIsSmall() throws Exception {
        try (RawClient client = RawClient.open(server.port(), OFFER)) {
            assertThat(client.read().text()).contains("connected");
            List<ByteBuffer> frames = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            Random random = new Random(7);
            for (int i = 0; i < 300; i++) {
                int size = i % 3 == 0 ? 20 : i % 50 == 1 ? 200_000 : 2_000;
                StringBuilder text = new StringBuilder();
                while (text.length() < size) {
                    text.append("event ").append(random.nextInt(1000)).append(' ');
                }
                texts.add(text.toString());
                frames.add(RecordingBridge.utf8(text.toString()));
            }
            var sent = bridge.client(0).sending(frames);
            for (String text : texts) {
                RawClient.Frame frame = client.read();
                assertThat(frame.fin()).isTrue();
                assertThat(frame.rsv1()).isEqualTo(text.length() >= THRESHOLD);
                assertThat(frame.rsv1() ? inflate(frame.payload()) : frame.text())
                        .isEqualTo(text);
                if (frame.rsv1()) {
                    assertThat(frame.payload().length).isLessThan(text.length());
                }
            }
            sent.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void compressesWhatCannotBeMadeSmaller() throws Exception {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) ('!' + (noise[i] & 0x3F));
        }
        try (RawClient client = RawClient.open(server.port(), OFFER)) {
            client.read();
            var sent = bridge.client(0).sending(List.of(ByteBuffer.wrap(noise).asReadOnlyBuffer()));
            assertThat(inflate(client.read().payload())).isEqualTo(new String(noise, StandardCharsets.US_ASCII));
            sent.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void inflatesWhatComesIn() throws Exception {
        try (RawClient client = RawClient.open(server.port(), OFFER)) {
            for (int i = 0; i < 3; i++) {
                byte[] frame = RawClient.frame(true, RawClient.TEXT, deflate("{\"type\":\"ping\"}".repeat(200)));
                frame[0] |= 0x40;
                client.send(frame);
                client.text("plain");
            }
            await().until(() -> bridge.client(0).received.size() == 6);
            assertThat(bridge.client(0).received.get(4)).isEqualTo("{\"type\":\"ping\"}".repeat(200));
            assertThat(bridge.client(0).received.get(5)).isEqualTo("plain");
        }
    }

    @Test
    @DisplayName("I5: a few bytes that inflate to gigabytes are cut off at the largest message")
    void cutsOffABomb() throws Exception {
        try (RawClient client = RawClient.open(server.port(), OFFER)) {
            byte[] frame = RawClient.frame(true, RawClient.TEXT, deflate("0".repeat(16 << 20)));
            assertThat(frame.length).isLessThan(RecordingBridge.MAX_MESSAGE_BYTES);
            frame[0] |= 0x40;
            client.send(frame);
            assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(1009);
            await().until(() -> bridge.client(0).ends.get() == 1);
            assertThat(bridge.client(0).received).isEmpty();
        }
    }

    @Test
    void saysWhatIsWrongWithBadDataWithoutAClassOfJava() throws Exception {
        try (RawClient client = RawClient.open(server.port(), OFFER)) {
            byte[] frame = RawClient.frame(true, RawClient.TEXT, new byte[] {(byte) 0xFF, 1, 2, 3, 4, 5});
            frame[0] |= 0x40;
            client.send(frame);
            RawClient.Frame close = client.readUntil(RawClient.CLOSE);
            assertThat(close.closeCode()).isEqualTo(1007);
            assertThat(close.closeReason()).isEqualTo("the compressed data is not valid");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate | true",
                "permessage-deflate; client_max_window_bits | true",
                "permessage-deflate; server_max_window_bits=15 | true",
                "permessage-deflate; server_max_window_bits=10 | false",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate | true",
                "permessage-deflate; server_max_window_bits=x | false",
                "permessage-deflate; server_max_window_bits | false",
                "permessage-deflate; server_max_window_bits=15; server_no_context_takeover | true",
                "permessage-deflate; client_max_window_bits=8 | true",
                "permessage-deflate; client_max_window_bits=15 | true",
                "permessage-deflate; client_max_window_bits=7 | false",
                "permessage-deflate; client_max_window_bits=16 | false",
                "permessage-deflate; client_max_window_bits=x | false",
                "permessage-deflate; client_max_window_bits=010 | false",
                "permessage-deflate; client_no_context_takeover=1 | false",
                "permessage-deflate; server_no_context_takeover=yes | false",
                "permessage-deflate; unknown | false",
                "permessage-deflate; unknown=1, permessage-deflate | true",
                "x-webkit-deflate-frame | false",
            })
    void answersAnOffer(String offer, boolean taken) throws Exception {
        try (RawClient client = RawClient.to(server.port())) {
            RawClient.Answer answer = client.upgrade("Sec-WebSocket-Extensions: " + offer);
            assertThat(answer.status()).isEqualTo(101);
            String extensions = answer.header("Sec-WebSocket-Extensions");
            if (taken) {
                assertThat(extensions)
                        .startsWith("permessage-deflate")
                        .contains("server_no_context_takeover")
                        .contains("client_no_context_takeover");
            } else {
                assertThat(extensions).isNull();
            }
        }
    }

    private static String inflate(byte[] payload) throws Exception {
        Inflater inflater = new Inflater(true); // a new one for each message: no context is taken over
        inflater.setInput(payload);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        int made = inflater.inflate(chunk);
        while (made > 0) {
            out.write(chunk, 0, made);
            made = inflater.inflate(chunk);
        }
        inflater.setInput(new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF});
        for (made = inflater.inflate(chunk); made > 0; made = inflater.inflate(chunk)) {
            out.write(chunk, 0, made);
        }
        inflater.end();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static byte[] deflate(String text) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
        byte[] out = new byte[text.length() + 100];
        int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return java.util.Arrays.copyOf(out, size - 4);
    }
}
