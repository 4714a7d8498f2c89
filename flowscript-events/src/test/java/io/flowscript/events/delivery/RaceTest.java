package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.log.Position;
import io.flowscript.engine.Execution;
import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code -Dflowscript.races=10000} repeats each race more often. */
@Timeout(300)
@DisplayName("I2: whenever one subscribes, goes and comes back, every event comes once and in order")
@Tag("slow")
class RaceTest {

    private static final int ROUNDS = Integer.getInteger("flowscript.races", 1_000);
    private static final int EVENTS = 4;
    private static final int ALL = EVENTS + 4;

    /** Every schedule is drawn from a seed, so one that fails can be repeated. */
    @Test
    @DisplayName("Subscribing while it starts in many schedules of tasks")
    void subscribeWhileStartingInManySchedules() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            try (Fixture fixture = Fixture.with().seed(seed).build()) {
                MemoryClient client = fixture.transport.connect();
                List<Runnable> steps = new ArrayList<>(List.of(
                        () -> client.subscribe("run", Position.START),
                        () -> fixture.flows.start("burst", Map.of("count", EVENTS), "run")));
                if (random.nextBoolean()) {
                    Collections.reverse(steps);
                }
                for (Runnable step : steps) {
                    step.run();
                    runSome(fixture, random);
                }
                fixture.run();
                assertComplete(client, "run", ALL, "seed " + seed);
            }
        }
    }

    @Test
    @DisplayName("Going and coming back while it emits in many schedules of tasks")
    void disconnectWhileEmittingInManySchedules() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            try (Fixture fixture = Fixture.with().seed(seed).build()) {
                Live live = fixture.startLive("run");
                MemoryClient client = fixture.transport.connect();
                client.subscribe("run");
                for (int i = 0; i < EVENTS; i++) {
                    runSome(fixture, random);
                    live.emit(1);
                    if (random.nextInt(3) == 0) {
                        runSome(fixture, random);
                        client.reconnect();
                    }
                    if (random.nextInt(4) == 0) {
                        client.stall();
                        runSome(fixture, random);
                        client.resumeReading();
                    }
                }
                live.end();
                fixture.run();
                assertComplete(client, "run", ALL, "seed " + seed);
            }
        }
    }

    @Test
    @DisplayName("Subscribing while it starts many times with threads")
    void subscribeWhileStartingWithThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        ExecutorService tester = Executors.newSingleThreadExecutor();
        try (Fixture fixture = Fixture.with()
                .executor(threads)
                .limits(limits -> limits.messagesPerSecond(1_000_000).messageBurst(1_000_000))
                .build()) {
            MemoryClient before = fixture.transport.connect();
            CyclicBarrier start = new CyclicBarrier(2);
            for (int round = 0; round < ROUNDS; round++) {
                String id = "run-" + round;
                MemoryClient client = round % 2 == 0
                        ? before
                        : fixture.transport.connect(
                                Identity.ANONYMOUS, round % 4 == 1 ? Framing.SINGLE : Framing.LINES);
                Future<Execution> started = tester.submit(() -> {
                    start.await();
                    return fixture.flows.start("burst", Map.of("count", EVENTS), id);
                });
                start.await();
                client.subscribe(id, Position.START);
                started.get();
                client.await(message -> isLast(message, id), Duration.ofSeconds(20));
                assertComplete(client, id, ALL, "round " + round);
                if (client == before) {
                    client.clear();
                } else {
                    client.disconnect();
                }
            }
        } finally {
            stop(tester);
            stop(threads);
        }
    }

    @Test
    @DisplayName("Going and coming back while it emits many times with threads")
    void disconnectWhileEmittingWithThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        ExecutorService tester = Executors.newSingleThreadExecutor();
        int perRun = 500;
        try (Fixture fixture = Fixture.with().executor(threads).build()) {
            for (int run = 0; run < 20; run++) {
                String id = "run-" + run;
                fixture.live(id).is(fixture.flows.start("live", Map.of(), id));
                MemoryClient client = fixture.transport.connect();
                client.subscribe(id);
                Live live = fixture.live(id);
                Future<?> emitting = tester.submit(() -> {
                    for (int i = 0; i < perRun * 4; i++) {
                        live.emit(1);
                    }
                    live.end();
                });
                for (int round = 0; round < ROUNDS / 20; round++) {
                    for (int spins = ThreadLocalRandom.current().nextInt(2_000); spins > 0; spins--) {
                        Thread.onSpinWait();
                    }
                    client.reconnect();
                }
                emitting.get();
                client.await(message -> isLast(message, id), Duration.ofSeconds(20));
                assertComplete(client, id, perRun * 4 + 4, "run " + run);
            }
        } finally {
            stop(tester);
            stop(threads);
        }
    }

    @Test
    @DisplayName(
            "Subscribing to all while executions start, 1,000 times with threads: none that starts after the reply is missed")
    void subscribeToAllWhileTheyStartWithThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        ExecutorService tester = Executors.newFixedThreadPool(2);
        int perRound = 8;
        try (Fixture fixture = Fixture.with()
                .executor(threads)
                .limits(limits -> limits.messagesPerSecond(1_000_000).messageBurst(1_000_000))
                .build()) {
            for (int round = 0; round < 1_000; round++) {
                MemoryClient client = fixture.transport.connect();
                String name = "round-" + round + "-";
                CyclicBarrier start = new CyclicBarrier(3);
                AtomicBoolean replied = new AtomicBoolean();
                Set<String> later = ConcurrentHashMap.newKeySet();
                List<Future<?>> starting = new ArrayList<>();
                for (int thread = 0; thread < 2; thread++) {
                    String prefix = name + thread + "-";
                    starting.add(tester.submit(() -> {
                        start.await();
                        for (int i = 0; i < perRound; i++) {
                            if (replied.get()) {
                                later.add(prefix + i);
                            }
                            fixture.flows.start("burst", Map.of("count", EVENTS), prefix + i);
                        }
                        return null;
                    }));
                }
                start.await();
                client.awaitReply(client.subscribe(Map.of("all", true)));
                replied.set(true);
                for (Future<?> each : starting) {
                    each.get();
                }
                String last = name + "last";
                later.add(last);
                fixture.flows.start("burst", Map.of("count", EVENTS), last);
                for (String id : later) {
                    client.await(message -> isLast(message, id), Duration.ofSeconds(20));
                    assertComplete(client, id, ALL, "round " + round);
                }
                client.disconnect();
            }
        } finally {
            stop(tester);
            stop(threads);
        }
    }

    @Test
    @DisplayName(
            "Clients with all kinds of filters and framings at one busy execution, with threads: each gets what it asked for")
    void filtersWithThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        int events = 20_000;
        try (Fixture fixture = Fixture.with().executor(threads).build()) {
            Execution execution = fixture.flows.start("live", Map.of(), "run");
            Live live = fixture.live("run");
            live.is(execution);
            List<MemoryClient> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                MemoryClient client =
                        fixture.transport.connect(Identity.ANONYMOUS, i % 4 == 3 ? Framing.SINGLE : Framing.LINES);
                client.subscribe(
                        i % 2 == 0
                                ? Map.of("executionId", "run", "after", 0)
                                : Map.of(
                                        "executionId",
                                        "run",
                                        "after",
                                        0,
                                        "types",
                                        List.of("workflow_event", "workflow_completed")));
                clients.add(client);
            }
            live.emit(events);
            live.end();
            for (int i = 0; i < 8; i++) {
                MemoryClient client = clients.get(i);
                client.await(message -> isLast(message, "run"), Duration.ofSeconds(60));
                assertThat(client.events("run")).hasSize(i % 2 == 0 ? events + 4 : events + 1);
                assertThat(client.position("run").seq()).isEqualTo(events + 4);
            }
            assertThat(fixture.encodings.values()).containsOnly(1);
        } finally {
            stop(threads);
        }
    }

    private static boolean isLast(Map<String, Object> message, String executionId) {
        return "workflow_completed".equals(message.get("type"))
                && executionId.equals(MemoryClient.data(message).get("executionId"));
    }

    private static void assertComplete(MemoryClient client, String id, long last, String what) {
        assertSeqs(client, id, 1, last);
        assertThat(client.received())
                .as(what)
                .noneMatch(
                        message -> "events_missed".equals(message.get("type")) || "error".equals(message.get("type")));
    }

    private static void runSome(Fixture fixture, Random random) {
        for (int i = random.nextInt(6); i > 0; i--) {
            fixture.executor.runOne();
        }
    }

    private static void stop(ExecutorService threads) throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
}
