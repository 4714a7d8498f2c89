package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.EventFilter;
import io.flowscript.testkit.fault.DeliveryCheck;
import io.flowscript.testkit.fault.ExpectedEvents;
import io.flowscript.testkit.fault.Fault;
import io.flowscript.testkit.fault.FaultPlan;
import io.flowscript.testkit.fault.FaultyProxy;
import io.flowscript.testkit.fault.SocketSchedules;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.EventSource;
import io.flowscript.testsupport.server.RawClient;
import io.flowscript.testsupport.server.SocketClients;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands between servers and clients: proxies that cut what is idle, and networks that fall silent. */
@Timeout(60)
@Tag("slow")
class BehindProxiesTest {

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration BEAT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final SocketClients CLIENTS = new SocketClients(false);

    private final CompletableFuture<ExecutionContext> entered = new CompletableFuture<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private FlowScript flows;
    private Execution run;
    private DeliveryCheck check;
    private FlowScriptBridge bridge;
    private FlowScriptWebSocketServer server;
    private FaultyProxy proxy;

    private void serve(Duration heartbeat, Duration stall, FaultPlan plan) {
        serve(FlowScript.builder(), heartbeat, stall, plan);
    }

    private void serve(FlowScriptBuilder engine, Duration heartbeat, Duration stall, FaultPlan plan) {
        flows = engine.node("live", Node.async(context -> {
                    entered.complete(context);
                    return outcome;
                }))
                .workflow(WorkflowDefinition.of(Map.of("id", "live", "nodes", List.of("live"))))
                .build();
        run = flows.start("live", Map.of());
        check = new DeliveryCheck(new ExpectedEvents(run.events()), EventFilter.NONE, false);
        bridge = CheckedBridge.of(FlowScriptBridge.builder(flows)
                .heartbeat(heartbeat)
                .stallTimeout(stall)
                .build());
        server = FlowScriptWebSocketServer.builder(bridge).start();
        proxy = FaultyProxy.start(plan, 1, server.port());
    }

    @AfterEach
    void end() {
        proxy.close();
        server.close();
        bridge.close();
        flows.close();
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of("WebSocket", (SocketSchedules.ClientConnector) CLIENTS::webSocket),
                Arguments.of("stream", (SocketSchedules.ClientConnector) CLIENTS::stream),
                Arguments.of("long poll", (SocketSchedules.ClientConnector) CLIENTS::poll));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    @DisplayName("I2: behind a proxy that cuts what is idle sooner than the heartbeat comes, a client loses nothing")
    void isCutAgainAndAgain(String name, SocketSchedules.ClientConnector way) throws Exception {
        serve(LONG, LONG, FaultPlan.CALM.with(Fault.IDLE, 100).lasting(SHORT));
        CompletableFuture<Void> client = CompletableFuture.runAsync(() -> {
            Random random = new Random(1);
            while (!check.isOver()) {
                try {
                    way.visit(proxy.port(), check, random, PATIENCE);
                } catch (IOException cut) {
                    // and again
                }
            }
        });
        for (int cuts = 1; cuts <= 5; cuts++) {
            int more = cuts;
            await().until(() -> proxy.struck().getOrDefault(Fault.IDLE, 0) >= more);
            entered.get().runtime().emit("test:tick", cuts);
        }
        outcome.complete(Edge.of("done"));
        client.get(20, TimeUnit.SECONDS);
        check.finish();
        assertThat(check.events()).isEqualTo((int) run.events().latest());
    }

    @Test
    @DisplayName("behind a proxy that cuts what is idle later than the heartbeat comes, a WebSocket lives on")
    void pingsKeepAWebSocketOpen() throws Exception {
        // A pong must come within a heartbeat.
        serve(BEAT, LONG, FaultPlan.CALM.with(Fault.IDLE, 100).lasting(BEAT.multipliedBy(2)));
        try (RawClient client = RawClient.open(proxy.port(), "Sec-WebSocket-Protocol: flowscript.v2")) {
            for (int pings = 0; pings < 5; pings++) {
                client.send(RawClient.frame(
                        true, RawClient.PONG, client.readUntil(RawClient.PING).payload()));
            }
            client.text(subscribe());
            assertThat(client.readUntil(RawClient.TEXT).text()).contains("subscribed");
        }
        assertThat(proxy.struck()).isEmpty();
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    @DisplayName("behind a proxy that cuts what is idle later than the heartbeat comes, a stream lives on")
    void commentsKeepAStreamOpen() throws Exception {
        serve(SHORT, LONG, FaultPlan.CALM.with(Fault.IDLE, 100).lasting(SHORT.multipliedBy(7)));
        URI uri = URI.create("http://localhost:" + proxy.port() + "/executions/" + run.id() + "/events");
        try (EventSource source = EventSource.open(HttpClient.newHttpClient(), uri)) {
            await().until(() -> source.comments.get() >= 15);
            outcome.complete(Edge.of("done"));
            source.awaitEvent("workflow_completed");
        }
        assertThat(proxy.struck()).isEmpty();
    }

    @Test
    @DisplayName(
            "I5: WebSockets in a network that has fallen silent, either way or both, are ended by the heartbeat, and their seats given back")
    void endsHalfOpenWebSockets() throws Exception {
        ManualClock clock = new ManualClock();
        AtomicInteger missed = new AtomicInteger();
        serve(
                FlowScript.builder().clock(clock).observer(new FlowScriptObserver() {
                    @Override
                    public void closed(String transport, int closeCode) {
                        missed.addAndGet(closeCode == CloseCode.HEARTBEAT_MISSED ? 1 : 0);
                    }
                }),
                SHORT,
                LONG,
                FaultPlan.CALM.with(Fault.HALF_OPEN, 100).after(300, 300));
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                RawClient client = RawClient.open(proxy.port(), "Sec-WebSocket-Protocol: flowscript.v2");
                client.text(subscribe());
                clients.add(client);
            }
            await().until(() -> proxy.struck().getOrDefault(Fault.HALF_OPEN, 0) == 8);
            assertThat(server.clients()).isEqualTo(8);
            await().until(() -> {
                clock.advance(SHORT);
                return missed.get() == 8;
            });
            int told = 0;
            for (RawClient client : clients) {
                told += isToldOfItsEnd(client) ? 1 : 0;
            }
            assertThat(told)
                    .as("clients that hear the server, though it does not hear them")
                    .isBetween(1, 7);
            await().atMost(Duration.ofSeconds(20)).until(() -> server.clients() == 0);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        proxy.plan(FaultPlan.CALM);
        outcome.complete(Edge.of("done"));
        CLIENTS.webSocket(proxy.port(), check, new Random(2), PATIENCE);
        check.finish();
    }

    @Test
    @DisplayName(
            "I5: a stream and a WebSocket of which nothing is taken any more are ended as too slow, lose nothing, and their seats are given back")
    void endsWhatIsStalled() throws Exception {
        serve(
                LONG,
                Duration.ofSeconds(1),
                FaultPlan.CALM.with(Fault.STALL, 100).after(5_000, 5_000).lasting(Duration.ofHours(1)));
        CompletableFuture<Void> clients = CompletableFuture.allOf(
                CompletableFuture.runAsync(() -> follow(CLIENTS::stream, check)),
                CompletableFuture.runAsync(
                        () -> follow(CLIENTS::webSocket, new DeliveryCheck(check.truth(), EventFilter.NONE, false))));
        await().until(() -> server.clients() == 2);
        for (int i = 0; i < 2_000; i++) { // more than the buffers of the sockets take
            entered.get().runtime().emit("test:text", "x".repeat(8_000));
        }
        await().until(() -> proxy.struck().getOrDefault(Fault.STALL, 0) >= 2);
        await().atMost(Duration.ofSeconds(30)).until(() -> server.clients() == 0);
        proxy.plan(FaultPlan.CALM);
        outcome.complete(Edge.of("done"));
        clients.get(30, TimeUnit.SECONDS);
        check.finish();
    }

    /** Comes back until it has everything, but not before it is let through. */
    private void follow(SocketSchedules.ClientConnector way, DeliveryCheck client) {
        Random random = new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean nextBoolean() {
                return true; // it stays
            }
        };
        while (!client.isOver()) {
            try {
                way.visit(proxy.port(), client, random, Duration.ofSeconds(3));
            } catch (IOException cut) {
                await().until(() -> outcome.isDone());
            }
        }
        client.finish();
    }

    private boolean isToldOfItsEnd(RawClient client) throws IOException {
        client.socket.setSoTimeout(1_000);
        try {
            return client.readUntil(RawClient.CLOSE).closeCode() == 4408;
        } catch (SocketTimeoutException | EOFException silence) {
            return false;
        }
    }

    private String subscribe() {
        byte[] text = JsonWriter.write(Map.of("type", "subscribe", "data", check.subscription()));
        return new String(text, StandardCharsets.UTF_8);
    }
}
