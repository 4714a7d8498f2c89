package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.bridge.CloseCode;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.RecordingBridge;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketLifeTest {

    private final RecordingBridge bridge = new RecordingBridge();
    private FlowScriptWebSocketServer server =
            FlowScriptWebSocketServer.builder().start(bridge);

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient open() throws Exception {
        RawClient client = RawClient.open(server.port());
        assertThat(client.read().text()).contains("connected");
        return client;
    }

    @Test
    void answersTheClientsCloseAndEndsItsSessionOnce() throws Exception {
        try (RawClient client = open()) {
            client.send(RawClient.frame(true, RawClient.CLOSE, new byte[] {3, (byte) 0xE8}));
            assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.NORMAL);
            assertThat(client.isEnded()).isTrue();
        }
        await().until(() -> bridge.client(0).ends.get() == 1);
    }

    @Test
    void endsTheSessionOfAClientThatHangsUp() throws Exception {
        open().close();
        await().until(() -> bridge.client(0).ends.get() == 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, 1007, 1008, 1009, 1011, 1013, 4401, 4403, 4409})
    @DisplayName(
            "A client that is still sending sees the code: its connection is not reset before it has answered the close")
    void waitsForTheAnswerToAClose(int code) throws Exception {
        try (RawClient client = open()) {
            bridge.client(0).channel.close(code, "because");
            RawClient.Frame close = client.readUntil(RawClient.CLOSE);
            assertThat(close.closeCode()).isEqualTo(code);
            byte[] more = RawClient.frame(true, RawClient.TEXT, new byte[64 << 10]);
            for (int i = 0; i < 64; i++) {
                client.send(more);
            }
            client.send(RawClient.frame(true, RawClient.CLOSE, close.payload()));
            assertThat(client.isEnded()).isTrue();
        }
        await().until(() -> bridge.client(0).ends.get() == 1);
        assertThat(bridge.client(0).received).isEmpty();
    }

    @Test
    @DisplayName("I8: a client that does not answer the close, or goes on talking, is cut off")
    void cutsOffAClientThatDoesNotAnswerTheClose() throws Exception {
        server.close();
        server = FlowScriptWebSocketServer.builder()
                .closingTime(Duration.ofMillis(300))
                .start(bridge);
        try (RawClient client = open()) {
            bridge.client(0).channel.close(CloseCode.TOO_SLOW, "too slow");
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Void> talking = CompletableFuture.runAsync(() -> {
                try {
                    while (!stop.get()) {
                        client.text("x".repeat(100));
                        Thread.onSpinWait();
                    }
                } catch (java.io.IOException e) {
                    // it was cut off
                }
            });
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bridge.client(0).ends.get() == 1);
            stop.set(true);
            talking.get(10, TimeUnit.SECONDS);
            assertThat(bridge.client(0).received).isEmpty();
        }
    }

    @Test
    void tellsTheBridgeOfASignOfLife() throws Exception {
        try (RawClient client = open()) {
            AtomicInteger pongs = new AtomicInteger();
            assertThat(bridge.client(0).channel.ping(pongs::incrementAndGet)).isTrue();
            RawClient.Frame ping = client.readUntil(RawClient.PING);
            assertThat(pongs).hasValue(0);
            client.send(RawClient.frame(true, RawClient.PONG, ping.payload()));
            await().until(() -> pongs.get() == 1);
            client.send(RawClient.frame(true, RawClient.PONG, ping.payload())); // unasked for: does nothing
            client.text("still here");
            await().until(() -> bridge.client(0).received.size() == 1);
            assertThat(pongs).hasValue(1);
        }
    }

    @Test
    @DisplayName("a client that stops to read holds nobody up, and is cut off when the bridge gives it up")
    void givesUpAClientThatDoesNotRead() throws Exception {
        server.close();
        server = FlowScriptWebSocketServer.builder()
                .closingTime(Duration.ofSeconds(1))
                .start(bridge);
        try (RawClient slow = RawClient.upgraded(RawClient.withSmallWindow(server.port()))) {
            // Before the other one opens, which could be taken in first.
            CompletableFuture<Void> stuck = bridge.client(0)
                    .sending(List.of(ByteBuffer.allocate(64 << 20).asReadOnlyBuffer()));
            try (RawClient quick = open()) {
                for (int i = 0; i < 100; i++) {
                    bridge.client(1).sending("event " + i).get(5, TimeUnit.SECONDS);
                    assertThat(quick.read().text()).isEqualTo("event " + i);
                }
                assertThat(stuck).isNotDone();
                bridge.client(0).channel.close(CloseCode.TOO_SLOW, "too slow");
                assertThatThrownBy(() -> stuck.get(20, TimeUnit.SECONDS)).isNotNull();
                await().until(() -> bridge.client(0).ends.get() >= 1);
                assertThat(slow.isEnded()).isTrue();
                assertThat(bridge.client(1).ends.get()).isZero();
            }
        }
    }

    @Test
    void tellsEveryClientThatTheServerGoesAway() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(open());
        }
        CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
        for (RawClient client : clients) {
            assertThat(client.readUntil(RawClient.CLOSE).closeCode()).isEqualTo(CloseCode.GOING_AWAY);
            client.close();
        }
        closed.get(15, TimeUnit.SECONDS);
        bridge.clients.forEach(c -> assertThat(c.ends.get()).isPositive());
        server.close();
    }
}
