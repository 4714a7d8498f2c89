package io.flowscript.examples.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.testkit.fault.DeliveryCheck;
import io.flowscript.testkit.fault.SocketSchedules;
import io.flowscript.testkit.fault.SocketSchedules.Listener;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same seeded schedules that FlowScript's own transports go through; see {@link SocketSchedules}. */
@Timeout(7_200)
@Tag("slow")
class LineScheduleTest {

    private static final JsonReader JSON = new JsonReader(100);

    @Test
    @DisplayName(
            "I2: over an application's own transport, no event is lost, doubled or reordered, whatever faults connections and listeners suffer")
    void overLines() {
        Map<String, Integer> seen = SocketSchedules.of((flows, bridge) -> listen(bridge))
                .way("lines", LineScheduleTest::follow)
                .play(60);
        assertThat(seen).containsKey("events");
        if (seen.get("events") > 1_000) {
            assertThat(seen)
                    .containsKeys("listener restarted", "bridge restarted", "cut", "holes", "skips", "marks")
                    .containsKeys("fault DELAY", "fault STALL", "fault END", "fault RESET", "fault TRUNCATE")
                    .containsKeys("fault HALF_OPEN", "fault IDLE");
        }
    }

    private static Listener listen(EventBridge bridge) {
        LineTransport transport = new LineTransport(0);
        transport.start(bridge);
        int port = transport.port();
        return new Listener() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void close() {
                transport.close();
            }
        };
    }

    private static void follow(int port, DeliveryCheck check, Random random, Duration patience) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) patience.toMillis());
            InputStream in = new BufferedInputStream(socket.getInputStream());
            ByteArrayOutputStream subscribe = new ByteArrayOutputStream();
            subscribe.writeBytes(JsonWriter.write(Map.of("type", "subscribe", "data", check.subscription())));
            subscribe.write('\n');
            socket.getOutputStream().write(subscribe.toByteArray());
            int lines = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(1, 200);
            while (lines-- > 0 && !check.isOver()) {
                check.take(line(in));
            }
        }
    }

    /** Returns a complete line; an incomplete one is ignored. */
    @SuppressWarnings("unchecked") // every message is a JSON object
    private static Map<String, Object> line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("cut");
            }
            line.write(c);
        }
        return (Map<String, Object>) JSON.read(ByteBuffer.wrap(line.toByteArray()));
    }
}
