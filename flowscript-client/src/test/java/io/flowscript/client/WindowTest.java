package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.client.ConnectionChange.State;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.engine.Execution;
import io.flowscript.events.delivery.BridgeLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A subscription to more executions than a server takes subscriptions of a connection. */
@Timeout(60)
class WindowTest {

    private static final int EXECUTIONS = 2 * Window.SIZE + 50;

    private final Map<String, List<ClientEvent>> seen = new ConcurrentHashMap<>();
    private final List<ConnectionChange> changes = new CopyOnWriteArrayList<>();

    /** The network, whose WebSockets can be cut. */
    private static final class CutNetwork implements Network {

        private final Network network = new JdkNetwork(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
        private final List<SocketListener> listeners = new CopyOnWriteArrayList<>();

        @Override
        public Socket open(URI address, Map<String, String> headers, Duration timeout, SocketListener listener) {
            listeners.add(listener);
            return network.open(address, headers, timeout, listener);
        }

        @Override
        public CompletableFuture<Reply> send(Request request) {
            return network.send(request);
        }

        @Override
        public CompletableFuture<Reply> stream(Request request, StreamListener listener) {
            return network.stream(request, listener);
        }

        void cut() {
            listeners
                    .get(listeners.size() - 1)
                    .ended(new ConnectionException("connection_lost", "cut", 1006, null), Duration.ZERO);
        }
    }

    private ClientCore core(TestServer server, Network network, SystemTimers timers, ExecutorService callbacks) {
        Loop loop = new Loop(timers, timers);
        return new ClientCore(new ClientContext(
                server.address(),
                ClientSettings.defaults().transports(ClientTransport.WEBSOCKET),
                loop,
                network,
                callbacks,
                new Keyring(refused -> TestServer.user("ann"), callbacks, loop),
                () -> 0.1,
                new ClientContext.Counters(),
                changes::add,
                () -> null));
    }

    @Test
    @DisplayName("It comes back from a lost connection without a gap")
    void itComesBackWithoutAGap() {
        CutNetwork network = new CutNetwork();
        SystemTimers timers = new SystemTimers();
        ExecutorService callbacks = Executors.newFixedThreadPool(2);
        try (TestServer server = TestServer.start(BridgeLimits.defaults().maxSubscriptions(Window.SIZE + 1))) {
            List<Execution> running = new ArrayList<>();
            for (int i = 0; i < EXECUTIONS; i++) {
                running.add(server.flows.start("asks", Map.of("key", i), "run-" + i));
            }
            await(() -> running.stream()
                    .noneMatch(execution -> execution.interactions().isEmpty()));
            ClientCore core = core(server, network, timers, callbacks);
            EventSubscription many = new EventStream(core, null, "asks").forEach(this::see);
            await(() -> core.stats().join().executions() == EXECUTIONS);
            Map<String, Long> before = running.stream()
                    .collect(Collectors.toMap(
                            Execution::id, execution -> execution.events().latest()));
            network.cut();
            running.subList(0, 100).forEach(execution -> execution.cancel("one", null));
            await(() -> changes.stream()
                            .filter(change -> change.state() == State.ONLINE)
                            .count()
                    == 2);
            running.subList(100, EXECUTIONS).forEach(execution -> execution.cancel("other", null));
            await(() -> seen.values().stream().filter(WindowTest::isOver).count() == EXECUTIONS);
            assertThat(many.ended()).isNotDone();
            assertThat(seen).allSatisfy((id, events) -> hasNoGap(events, before.get(id)));
            core.close().join();
        } finally {
            timers.close();
            callbacks.shutdownNow();
        }
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(TestServer.SECONDS)).until(condition);
    }

    private void see(ClientEvent event) {
        seen.computeIfAbsent(event.executionId(), id -> new CopyOnWriteArrayList<>())
                .add(event);
    }

    private static boolean isOver(List<ClientEvent> events) {
        return events.get(events.size() - 1) instanceof ClientEvent.Happened last
                && last.event() instanceof WorkflowEvent.Cancelled;
    }

    private static void hasNoGap(List<ClientEvent> events, long before) {
        assertThat(events).hasOnlyElementsOfType(ClientEvent.Happened.class);
        long first = events.get(0).position().seq();
        assertThat(first).isLessThanOrEqualTo(before + 1);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).position().seq()).isEqualTo(first + i);
        }
    }
}
