package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.testing.SharedMemoryStore;
import io.flowscript.engine.EngineHealth.Problem;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("The health of an engine names what is wrong")
class HealthTest {

    private final ManualClock clock = new ManualClock();

    private FlowScript engine() {
        return FlowScript.builder().clock(clock).build();
    }

    @Test
    @DisplayName("all is well in a new engine, and time that passes changes nothing")
    void well() {
        try (FlowScript flows = engine()) {
            assertThat(flows.health().problems()).isEmpty();
            assertThat(flows.health().isUp()).isTrue();
            clock.advance(Duration.ofDays(400));
            assertThat(flows.health().problems()).isEmpty();
            assertThat(flows.health().shards()).isNull();
        }
    }

    @Test
    @DisplayName("a clock that jumps is a warning for an hour, in both directions; a slow drift is none")
    void clock() {
        try (FlowScript flows = engine()) {
            clock.jump(Duration.ofSeconds(-59));
            assertThat(flows.health().problems()).isEmpty();
            clock.jump(Duration.ofSeconds(-1));
            assertThat(flows.health().problems()).containsExactly(Problem.CLOCK_JUMPED);
            assertThat(flows.health().isUp()).isTrue();
            assertThat(flows.health().clockJump()).isEqualTo(Duration.ofMinutes(-1));
            clock.advance(Duration.ofHours(1));
            assertThat(flows.health().problems()).containsExactly(Problem.CLOCK_JUMPED);
            clock.advance(Duration.ofMillis(1));
            assertThat(flows.health().problems()).isEmpty();

            clock.jump(Duration.ofDays(2));
            assertThat(flows.health().clockJump()).isEqualTo(Duration.ofDays(2));
            clock.advance(Duration.ofHours(2));
            assertThat(flows.health().clockJump()).isZero();
            for (int hour = 0; hour < 50; hour++) {
                clock.advance(Duration.ofMinutes(61));
                clock.jump(Duration.ofSeconds(10));
                assertThat(flows.health().problems()).as("a drift").isEmpty();
            }
        }
    }

    @Test
    @DisplayName("the store: what stalls for longer than the limit is serious, and shorter is only shown")
    void store() {
        HeldStore store = new HeldStore().letThrough();
        try (FlowScript flows = FlowScript.builder()
                .clock(clock)
                .store(store)
                .limits(EngineLimits.defaults().maxStoreStall(Duration.ofSeconds(5)))
                .build()) {
            store.stalled(Duration.ofSeconds(5));
            assertThat(flows.health().isUp()).isTrue();
            assertThat(flows.health().storeStalled()).isEqualTo(Duration.ofSeconds(5));
            store.stalled(Duration.ofMillis(5001));
            assertThat(flows.health().problems()).containsExactly(Problem.STORE_UNAVAILABLE);
            assertThat(flows.health().isUp()).isFalse();
            store.stalled(Duration.ZERO);
            assertThat(flows.health().problems()).isEmpty();
        }
    }

    /** A shared store whose leases cannot be renewed while it is away. */
    private static SharedStore renewedUnless(AtomicBoolean away, SharedMemoryStore shared) {
        return (SharedStore) Proxy.newProxyInstance(
                HealthTest.class.getClassLoader(), new Class<?>[] {SharedStore.class}, (self, method, arguments) -> {
                    if (method.getName().equals("renew") && away.get()) {
                        throw new FlowScriptException("store_failed", "away");
                    }
                    return method.invoke(shared, arguments);
                });
    }

    @Test
    @DisplayName(
            "where processes share a store: a lease that was not renewed is first in danger and then over, until it is renewed")
    void lease() {
        ManualExecutor executor = new ManualExecutor();
        Duration lease = Duration.ofSeconds(15);
        AtomicBoolean away = new AtomicBoolean();
        SharedStore store = renewedUnless(away, SharedMemoryStore.create(clock, lease));
        try (FlowScript flows = FlowScript.builder()
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .store(store)
                .build()) {
            executor.runAll();
            assertThat(flows.health().problems()).isEmpty();
            assertThat(flows.health().shards())
                    .isEqualTo(new EngineHealth.Shards(SharedStore.SHARDS, SharedStore.SHARDS, Duration.ZERO, lease));

            away.set(true);
            clock.advance(Duration.ofSeconds(10));
            executor.runAll();
            assertThat(flows.health().problems()).isEmpty();
            clock.advance(Duration.ofMillis(1));
            executor.runAll();
            assertThat(flows.health().problems()).containsExactly(Problem.LEASE_IN_DANGER);
            assertThat(flows.health().isUp()).isTrue();
            clock.advance(Duration.ofSeconds(5));
            executor.runAll();
            assertThat(flows.health().problems()).containsExactly(Problem.LEASE_OVER);
            assertThat(flows.health().isUp()).isFalse();

            away.set(false);
            clock.advance(lease);
            executor.runAll();
            assertThat(flows.health().problems()).isEmpty();
        }
    }

    @Test
    @DisplayName("a queue of nodes is a warning when none of them gets a thread, not when it is long")
    void nodes() throws Exception {
        Semaphore mayEnd = new Semaphore(0);
        CountDownLatch runs = new CountDownLatch(1);
        var oneThread = Executors.newSingleThreadExecutor();
        try (FlowScript flows = FlowScript.builder()
                .clock(clock)
                .executor(oneThread)
                .limits(EngineLimits.defaults().maxNodeStall(Duration.ofSeconds(3)))
                .node("blocks", context -> {
                    runs.countDown();
                    mayEnd.acquire();
                    return Edge.of("done");
                })
                .workflow(workflow("blocks"))
                .build()) {
            flows.start("w", Map.of());
            runs.await();
            assertThat(flows.health().waitingNodes()).isZero();
            clock.advance(Duration.ofSeconds(30));
            for (int i = 0; i < 3; i++) {
                flows.start("w", Map.of());
            }
            assertThat(flows.health().problems()).as("they wait since now").isEmpty();
            clock.advance(Duration.ofSeconds(3));
            assertThat(flows.health().problems()).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(flows.health().problems()).containsExactly(Problem.NODES_STALLED);
            assertThat(flows.health().nodesStalled()).isEqualTo(Duration.ofMillis(3001));

            mayEnd.release();
            await().until(() -> flows.health().waitingNodes() == 2);
            assertThat(flows.health().problems()).as("they get on").isEmpty();
            mayEnd.release(10);
            await().until(() -> flows.health().waitingNodes() == 0);
            assertThat(flows.health().nodesStalled()).isZero();
        } finally {
            oneThread.shutdownNow();
        }
    }

    @Test
    @DisplayName("sizes: events and their memory, and what the store keeps of ended executions")
    void sizes() {
        MemoryStore store = new MemoryStore();
        try (TestEngine engine = TestEngine.of(
                workflow("done"), builder -> builder.store(store).node("done", context -> Edge.of("done")))) {
            assertThat(engine.flows.sizes()).isEqualTo(new EngineSizes(0, 0, 0, new StoreUsage(0, 0)));
            Execution execution = engine.start();
            EngineSizes sizes = engine.flows.sizes();
            assertThat(sizes.logEvents()).isEqualTo(execution.events().latest()).isPositive();
            assertThat(sizes.logBytes()).isPositive();
            assertThat(sizes.stored()).isEqualTo(store.usage());
            assertThat(sizes.stored().ended()).isEqualTo(1);
        }
        try (FlowScript flows = engine()) {
            assertThat(flows.sizes().stored()).isNull();
        }
    }
}
