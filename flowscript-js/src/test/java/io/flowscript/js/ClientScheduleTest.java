package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Login;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.ClientRequest;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.testkit.fault.SocketSchedules;
import io.flowscript.testsupport.NodeProcess;
import io.flowscript.testsupport.server.ClientSchedules;
import io.flowscript.testsupport.server.Listening;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Seeded schedules of the JavaScript client. See {@link ClientSchedules} for how to play more of them, or one. */
@Timeout(3_600)
@DisplayName(
        "I2: whatever befalls its connections, the JavaScript client loses, doubles and reorders nothing, and each command is carried out once")
@Tag("slow")
class ClientScheduleTest {

    private static final int USUAL = 30;
    private static final int LOGIN_MILLIS = 700;

    private final AtomicInteger renewals = new AtomicInteger();

    /** The lines that the process has printed and that are no results. */
    private final Queue<String> printed = new ConcurrentLinkedQueue<>();

    private final Map<Long, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();

    @BeforeEach
    void needs() {
        NodeProcess.require(Path.of(""));
    }

    @Test
    void overAFaultyNetwork() throws Exception {
        try (NodeProcess node = NodeProcess.start(Path.of(""), "src/test/js/faults.mjs")) {
            Thread reader = new Thread(() -> hear(node), "node-output");
            reader.setDaemon(true);
            reader.start();
            ClientSchedules.play(
                    USUAL,
                    (flows, bridge) -> listen(bridge),
                    (schedule, port) -> new ScheduledClient(schedule, port, line -> ask(node, schedule.seed(), line)),
                    "restarts",
                    "shared",
                    "alone",
                    "reconnects",
                    "doubles dropped",
                    "online websocket",
                    "online sse",
                    "online poll",
                    "fault END",
                    "fault RESET",
                    "fault TRUNCATE",
                    "fault HALF_OPEN",
                    "fault STALL");
            assertThat(renewals).as("renewals").hasPositiveValue();
            assertThat(printed).as("what else Node.js has printed").isEmpty();
        }
    }

    /** A login lasts for a moment. So connections are renewed, or end and come back, in the middle of everything. */
    private Optional<Login> login(ClientRequest request) {
        if (request.headers().keySet().equals(Set.of("authorization"))) {
            renewals.incrementAndGet(); // a request or a handshake has more fields than the token
        }
        Instant end = Instant.now().plusMillis(LOGIN_MILLIS);
        return request.bearerToken().map(name -> new Login(Identity.of(name), end));
    }

    private SocketSchedules.Listener listen(FlowScriptBridge bridge) {
        FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge)
                .authenticator(this::login)
                .requestsPerSecond(100_000)
                .handshakesPerSecond(100_000)
                .maxEventRequestsPerClient(10_000)
                .closingTime(Duration.ofMillis(300))
                .start();
        return new Listening(server, server.port());
    }

    private CompletableFuture<String> ask(NodeProcess node, long seed, String line) {
        CompletableFuture<String> result = new CompletableFuture<>();
        waiting.put(seed, result);
        node.say(line);
        return result;
    }

    /** Reads what the clients tell until the process ends. Whatever else it prints says why it has ended. */
    private void hear(NodeProcess node) {
        for (Optional<String> line = node.read(); line.isPresent(); line = node.read()) {
            String text = line.get();
            try {
                Map<?, ?> told = (Map<?, ?>) new JsonReader(ScheduledClient.JSON_DEPTH).read(text);
                waiting.get(((Number) told.get("seed")).longValue()).complete(text);
            } catch (RuntimeException e) {
                printed.add(text);
            }
        }
        AssertionError ended = new AssertionError("Node.js has ended. It printed: " + String.join("\n", printed));
        waiting.values().forEach(result -> result.completeExceptionally(ended));
    }
}
