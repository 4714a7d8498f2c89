package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.events.delivery.BridgeLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many subscriptions over few connections. {@code -Dflowscript.client.subscriptions=10000 -Dflowscript.client.connections=8} has as
 * many as that.
 */
@Timeout(600)
class PoolTest {

    private static final int SUBSCRIPTIONS = Integer.getInteger("flowscript.client.subscriptions", 300);
    private static final int CONNECTIONS = Integer.getInteger("flowscript.client.connections", 3);
    private static final int SECONDS = 300;

    @Test
    @DisplayName(
            "Many subscriptions share few connections and few threads, and each receives all of its execution in order")
    void manySubscriptionsShareFewConnections() throws Exception {
        try (TestServer server = TestServer.start(
                        BridgeLimits.defaults().maxSubscriptions(SUBSCRIPTIONS).maxFollowed(SUBSCRIPTIONS));
                FlowScriptClient client = server.client()
                        .settings(ClientSettings.defaults().connections(CONNECTIONS))
                        .build()) {
            Map<String, Integer> seen = new ConcurrentHashMap<>();
            List<String> wrong = new ArrayList<>();
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            int before = Thread.activeCount();
            long start = System.nanoTime();
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                String id = "run-" + i;
                ends.add(client.execution(id)
                        .events()
                        .forEach(event -> {
                            int count = seen.merge(id, 1, Integer::sum);
                            if (event.position().seq() != count
                                    || !event.executionId().equals(id)) {
                                synchronized (wrong) {
                                    wrong.add(id + " got " + event);
                                }
                            }
                        })
                        .ended());
            }
            // Half of the executions begin when they are followed already.
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                server.flows.start("counts", Map.of("key", i), "run-" + i);
                if (i == SUBSCRIPTIONS / 2) {
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(SECONDS))
                            .until(() -> client.stats().connections() == CONNECTIONS);
                }
            }
            int threads = Thread.activeCount() - before;
            CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new)).get(SECONDS, TimeUnit.SECONDS);
            ClientStats stats = client.stats();
            System.out.println(SUBSCRIPTIONS + " subscriptions over " + stats.connects() + " connections: "
                    + stats.events() + " events in " + (System.nanoTime() - start) / 1_000_000 + " ms");
            assertThat(wrong).isEmpty();
            assertThat(seen).hasSize(SUBSCRIPTIONS);
            assertThat(stats.connects()).isEqualTo(CONNECTIONS);
            assertThat(stats.subscriptions()).isZero();
            assertThat(stats.executions()).isZero();
            assertThat(threads).as("threads of the server and the client").isLessThan(200);
        }
    }

    @Test
    void aSubscriberThatBlocksHoldsBackOnlyItselfAndLosesNothing() throws Exception {
        CompletableFuture<Void> block = new CompletableFuture<>();
        try (TestServer server = TestServer.start();
                FlowScriptClient client = server.client().build()) {
            RemoteExecution run = client.execute("busy", Map.of()).get(TestServer.SECONDS, TimeUnit.SECONDS);
            List<Long> slow = new ArrayList<>();
            CompletableFuture<Void> slowEnds = run.events()
                    .buffer(10)
                    .forEach(event -> {
                        block.join();
                        slow.add(event.position().seq());
                    })
                    .ended();
            List<Long> fast = new ArrayList<>();
            CompletableFuture<Void> fastEnds = run.events()
                    .forEach(event -> fast.add(event.position().seq()))
                    .ended();
            server.emit(3_000);
            server.outcome.complete(Edge.of("done"));
            fastEnds.get(TestServer.SECONDS, TimeUnit.SECONDS);
            assertThat(slow).isEmpty();
            assertThat(client.stats().connections()).isOne();
            block.complete(null);
            slowEnds.get(TestServer.SECONDS, TimeUnit.SECONDS);
            assertThat(slow).isEqualTo(fast).hasSizeGreaterThan(3_000);
        }
    }
}
