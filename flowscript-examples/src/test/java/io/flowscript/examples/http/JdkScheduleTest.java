package io.flowscript.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.HttpSettings;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.testkit.fault.DeliveryCheck;
import io.flowscript.testkit.fault.SocketSchedules;
import io.flowscript.testkit.fault.SocketSchedules.Listener;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
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
class JdkScheduleTest {

    private static final JsonReader JSON = new JsonReader(100);

    @Test
    @DisplayName(
            "I2: over streams of the JDK's HTTP server, whatever befalls connections and listeners, nothing is lost, doubled or reordered")
    void overServerSentEvents() {
        Map<String, Integer> seen = SocketSchedules.of(JdkScheduleTest::listen)
                .way("stream", JdkScheduleTest::follow)
                .play(30);
        assertThat(seen).containsKey("events");
    }

    private static Listener listen(FlowScript flows, FlowScriptBridge bridge) {
        HttpSettings settings = HttpSettings.builder()
                .requestsPerSecond(100_000)
                .maxEventRequestsPerClient(10_000)
                .build();
        JdkHttpServer server = new JdkHttpServer(bridge, settings, 0);
        server.start(bridge);
        int port = server.port();
        return new Listener() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    private static void follow(int port, DeliveryCheck check, Random random, Duration patience) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) patience.toMillis());
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String path = "/executions/" + check.truth().executionId() + "/events?types="
                    + String.join(",", check.filter().types()) + "&nodes="
                    + String.join(",", check.filter().nodes());
            String position = check.positionText();
            socket.getOutputStream()
                    .write(
                            position.isEmpty()
                                    ? StreamReader.request(path)
                                    : StreamReader.request(path, "Last-Event-ID: " + position));
            String status = StreamReader.line(in);
            if (status == null) {
                throw new EOFException("cut");
            }
            if (StreamReader.statusOf(status) == 204) {
                check.finish();
                return;
            }
            assertThat(StreamReader.statusOf(status)).isEqualTo(200);
            read(in, check, random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(10, 200));
        }
    }

    @SuppressWarnings("unchecked") // every message is a JSON object
    private static void read(InputStream in, DeliveryCheck check, int lines) throws IOException {
        String id = "";
        String line = StreamReader.line(in);
        for (int left = lines; line != null && left > 0; left--) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: {\"type\":\"error\"")) {
                assertThat(line).containsAnyOf("server_closing", "too_many_connections");
                throw new EOFException("refused for now");
            } else if (line.startsWith("data: ")) {
                check.take((Map<String, Object>) JSON.read(line.substring(6)));
            } else if (line.isEmpty() && !id.isEmpty()) {
                check.reached(id);
                id = "";
            }
            line = StreamReader.line(in);
        }
    }
}
