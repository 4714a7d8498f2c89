package io.flowscript.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.Login;
import io.flowscript.http.Admission;
import io.flowscript.http.HttpApi;
import io.flowscript.http.HttpSettings;
import io.flowscript.testsupport.server.RecordingBridge;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A WebSocket in a container that waits for its client without an end, as the API lets it. */
@Timeout(60)
class WebSocketChannelTest {

    private static final Duration CLOSING_TIME = Duration.ofMillis(50);

    private final IdleEngine idle = new IdleEngine();
    private final HttpApi http =
            HttpApi.of(idle.bridge, idle.bridge, HttpSettings.builder().build());
    private final WebSocketThreads threads = WebSocketThreads.of(idle.flows, 1);
    private final List<Waiting> sockets = new ArrayList<>();

    @AfterEach
    void close() {
        sockets.forEach(socket -> socket.released.countDown());
        idle.close();
    }

    @Test
    @DisplayName("clients that hold all threads for pings are cut when their time is over, and others are pinged again")
    void cutsClientsThatHoldAllThreads() throws Exception {
        List<WebSocketChannel> holding = new ArrayList<>();
        for (int i = 0; i < WebSocketThreads.MAX_BLOCKED; i++) {
            holding.add(pinged());
        }
        await().until(() -> sockets.stream().allMatch(socket -> socket.pinged.getCount() == 0));
        pinged();
        Waiting last = sockets.get(WebSocketThreads.MAX_BLOCKED);

        holding.forEach(channel -> channel.close(CloseCode.HEARTBEAT_MISSED, "no pong"));

        assertThat(last.pinged.await(20, TimeUnit.SECONDS)).isTrue();
        for (WebSocketChannel channel : holding) {
            channel.ended().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("a client to whom nothing can be sent has gone, also when the container does not say so")
    void endsWhenNothingCanBeSent() throws Exception {
        RecordingBridge bridge = new RecordingBridge();
        Waiting socket = new Waiting();
        socket.failure = new IOException("Connection reset by the test");
        WebSocketChannel channel = open(socket, bridge); // the bridge greets it

        channel.ended().get(20, TimeUnit.SECONDS);
        await().until(() -> socket.isClosed);
        assertThat(bridge.client(0).ends).hasValue(1);
        channel.gone();
        assertThat(bridge.client(0).ends).hasValue(1);
    }

    private WebSocketChannel pinged() {
        WebSocketChannel channel = open(new Waiting(), new RecordingBridge());
        channel.ping(() -> {});
        return channel;
    }

    private WebSocketChannel open(Waiting socket, RecordingBridge bridge) {
        WebSocketChannel channel = new WebSocketChannel(
                socket.session,
                bridge,
                new Admission.Admitted(Login.ANONYMOUS, "192.0.2.1", ClientInfo.Renewal.NONE, Map.of()),
                http,
                idle.flows.clock(),
                threads,
                CLOSING_TIME);
        socket.channel = channel;
        sockets.add(socket);
        channel.open();
        return channel;
    }

    /** A WebSocket of the container, which waits in a ping until the client takes it or its idle time is over. */
    private static final class Waiting {

        private final CountDownLatch pinged = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final Map<String, Object> properties = new HashMap<>();
        private volatile WebSocketChannel channel;
        private volatile boolean isClosed;

        /** Why nothing can be sent; null when it can. */
        private volatile IOException failure;

        private final RemoteEndpoint.Async remote =
                proxy(RemoteEndpoint.Async.class, (self, method, arguments) -> switch (method.getName()) {
                    case "sendPing" -> ping();
                    case "sendText" -> sent((SendHandler) arguments[1]);
                    default -> null;
                });
        private final Session session = proxy(Session.class, (self, method, arguments) -> switch (method.getName()) {
            case "getAsyncRemote" -> remote;
            case "getUserProperties" -> properties;
            case "setMaxIdleTimeout" -> idle((Long) arguments[0]);
            case "close" -> end();
            default -> null;
        });

        private Object ping() throws InterruptedException {
            pinged.countDown();
            released.await();
            return null;
        }

        private Object sent(SendHandler handler) {
            handler.onResult(failure == null ? new SendResult(session) : new SendResult(session, failure));
            return null;
        }

        private Object idle(long millis) {
            if (millis > 0) {
                released.countDown();
            }
            return null;
        }

        private Object end() throws InterruptedException {
            if (failure == null) {
                channel.gone();
            } else {
                released.await();
            }
            isClosed = true;
            return null;
        }

        private static <T> T proxy(Class<T> type, InvocationHandler handler) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
        }
    }
}
