package io.flowscript.testkit.fault;

import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.protocol.EventFilter;
import io.flowscript.testkit.fault.SocketSchedules.ClientConnector;
import io.flowscript.testkit.fault.SocketSchedules.Listener;
import io.flowscript.testkit.fault.SocketSchedules.Server;
import io.flowscript.testkit.protocol.CheckedBridge;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One schedule over real sockets. Its own thread causes the events; each client has a thread of its own. */
final class SocketSchedule {

    private static final int CLIENTS = 2;
    private static final int FEW_EVENTS = 60;
    private static final long MOST_BYTES = 64L << 20;
    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMillis(700);
    /** Longer than the idle time of some proxies, and than a heartbeat. */
    private static final Duration QUIET = Duration.ofMillis(250);

    private static final Duration STALL = Duration.ofMillis(500);

    /** Connections after this number suffer no faults, so that a schedule ends. */
    private static final int TROUBLED = 16;

    private static final int TIME_LIMIT_SECONDS = 60;
    private static final String RUN = "run";

    private final long seed;
    private final Server server;
    private final List<String> names;
    private final Map<String, ClientConnector> ways;
    private final Executor threads;
    private final Random random;
    private final FaultPlan plan;
    private final Retention retention;
    private final BridgeLimits limits;
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private final CountDownLatch failed = new CountDownLatch(1);
    private final List<CompletableFuture<Void>> closings = new ArrayList<>();

    SocketSchedule(long seed, Server server, Map<String, ClientConnector> ways, Executor threads) {
        this.seed = seed;
        this.server = server;
        this.ways = Map.copyOf(ways);
        this.names = List.copyOf(ways.keySet());
        this.threads = threads;
        random = ConnectionFaults.random(seed, 0);
        plan = FaultPlan.draw(random);
        retention = new Retention(pick(FEW_EVENTS, 100_000, 100_000), MOST_BYTES, Duration.ofHours(1));
        limits = BridgeLimits.defaults()
                .messagesPerSecond(1_000_000)
                .messageBurst(1_000_000)
                .batchBytes(pick(700, 64 << 10))
                .batchFrames(pick(5, 256))
                .encodedBytes(pick(0, 64 << 20));
    }

    Map<String, Integer> play() {
        CompletableFuture<ExecutionContext> entered = new CompletableFuture<>();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        try (FlowScript flows = FlowScript.builder()
                .retention(retention)
                .node("busy", Node.async(context -> {
                    entered.complete(context);
                    return outcome;
                }))
                .workflow(WorkflowDefinition.of(Map.of("id", "busy", "nodes", List.of("busy"))))
                .build()) {
            Execution execution = flows.start("busy", Map.of(), RUN);
            ExpectedEvents truth = new ExpectedEvents(execution.events());
            FlowScriptBridge bridge = bridge(flows);
            Listener listener = server.start(flows, bridge);
            try (FaultyProxy proxy = FaultyProxy.start(plan, seed, listener.port())) {
                List<CompletableFuture<Void>> clients = new ArrayList<>();
                List<DeliveryCheck> checks = new ArrayList<>();
                for (int i = 1; i <= CLIENTS; i++) {
                    DeliveryCheck check = new DeliveryCheck(truth, filter(), random.nextInt(3) == 0);
                    Random draws = ConnectionFaults.random(seed, -i * 1_000L);
                    checks.add(check);
                    clients.add(CompletableFuture.runAsync(() -> follow(proxy, check, draws), threads));
                }
                try {
                    ExecutionContext context = entered.get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
                    int restarts = random.nextInt(3);
                    for (int i = 0; i <= restarts; i++) {
                        emit(context, truth);
                        if (i < restarts) {
                            FlowScriptBridge old = bridge;
                            bridge = random.nextBoolean() ? bridge : bridge(flows);
                            listener = restart(flows, proxy, listener, bridge);
                            if (!old.equals(bridge)) {
                                old.close();
                                note("bridge restarted", 1);
                            }
                        }
                    }
                    outcome.complete(Edge.of("done"));
                    for (CompletableFuture<Void> client : clients) {
                        client.get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
                    }
                    checks.forEach(this::finish);
                } catch (Exception e) {
                    failed.countDown();
                    throw new AssertionError(
                            "seed " + seed + "; repeat it with -Dflowscript.fault.seed=" + seed + "; " + proxy + ", "
                                    + retention + "\n" + checks,
                            e.getCause() instanceof AssertionError wrong ? wrong : e);
                }
                proxy.struck().forEach((fault, times) -> note("fault " + fault, times));
            }
            close(listener);
            closings.forEach(CompletableFuture::join);
            bridge.close();
        }
        return seen;
    }

    private FlowScriptBridge bridge(FlowScript flows) {
        return CheckedBridge.of(FlowScriptBridge.builder(flows)
                .limits(limits)
                .heartbeat(HEARTBEAT)
                .stallTimeout(STALL)
                .build());
    }

    private void emit(ExecutionContext context, ExpectedEvents truth) throws InterruptedException {
        for (int i = random.nextInt(30, 120); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> context.runtime().emit("test:text", "x".repeat(random.nextInt(400)));
                case 1 -> context.runtime().emit("test:tick", i);
                default -> context.runtime().emit("test:progress", i, "thing-" + random.nextInt(3));
            }
            truth.record();
            if (random.nextInt(25) == 0) {
                pause(random);
            }
        }
        if (random.nextInt(2) == 0) {
            failed.await(QUIET.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Restarts the listener: one after the other with a gap, or the new one before the old one closes. */
    private Listener restart(FlowScript flows, FaultyProxy proxy, Listener old, FlowScriptBridge bridge)
            throws InterruptedException {
        note("listener restarted", 1);
        boolean gap = random.nextBoolean();
        if (gap) {
            close(old);
            pause(random);
        }
        Listener fresh = server.start(flows, bridge);
        proxy.target(fresh.port());
        if (!gap) {
            close(old);
        }
        return fresh;
    }

    /** Closes a listener on a separate thread, because closing takes time if clients do not respond. */
    private void close(Listener listener) {
        closings.add(CompletableFuture.runAsync(listener::close, threads));
    }

    /** Waits a few milliseconds, unless the schedule has ended. {@return whether it has} */
    private boolean pause(Random draws) throws InterruptedException {
        return failed.await(draws.nextInt(1, 15), TimeUnit.MILLISECONDS);
    }

    private void follow(FaultyProxy proxy, DeliveryCheck check, Random draws) {
        try {
            while (!check.isOver()) {
                if (proxy.connections() > TROUBLED) {
                    proxy.plan(FaultPlan.CALM);
                }
                String name = names.get(draws.nextInt(names.size()));
                note("visit " + name, 1);
                try {
                    Objects.requireNonNull(ways.get(name)).visit(proxy.port(), check, draws, PATIENCE);
                } catch (IOException cut) {
                    note("cut", 1);
                }
                if (pause(draws)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(DeliveryCheck check) {
        check.finish();
        note("events", check.events());
        note("holes", check.holes());
        note("skips", check.skips());
        note("marks", check.marks());
    }

    private EventFilter filter() {
        return switch (random.nextInt(5)) {
            case 0 -> new EventFilter(Set.of("node_started", "workflow_completed"), Set.of());
            case 1 -> new EventFilter(Set.of("workflow_event"), Set.of("busy"));
            default -> EventFilter.NONE;
        };
    }

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private void note(String what, int times) {
        if (times > 0) {
            seen.merge(what, times, Integer::sum);
        }
    }
}
