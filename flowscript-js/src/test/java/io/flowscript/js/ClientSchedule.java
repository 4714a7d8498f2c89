package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.testkit.fault.ExpectedEvents;
import io.flowscript.testkit.fault.Fault;
import io.flowscript.testkit.fault.FaultPlan;
import io.flowscript.testkit.fault.FaultyProxy;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.LongStream;

/** One schedule: a busy execution, a server that is restarted, a network with faults, and one JavaScript client. */
final class ClientSchedule {

    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final Duration STALL = Duration.ofMillis(500);
    private static final int TROUBLED = 40;
    private static final int TIME_LIMIT_SECONDS = 60;
    private static final int JSON_DEPTH = 64;
    private static final Set<String> SOME = Set.of("node_started", "workflow_completed");
    private static final List<List<String>> TRANSPORTS = List.of(
            List.of("websocket"),
            List.of("sse"),
            List.of("poll"),
            List.of("websocket", "sse", "poll"),
            List.of("websocket", "poll"));

    private final long seed;
    private final Random random;
    private final FaultPlan plan;
    private final Function<String, CompletableFuture<String>> client;
    private final CountDownLatch failed = new CountDownLatch(1);
    private final List<CompletableFuture<Void>> closings = new ArrayList<>();
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();

    /**
     * Creates a schedule.
     *
     * @param client plays the part of a schedule's client; the argument and the result are JSON
     */
    ClientSchedule(long seed, Function<String, CompletableFuture<String>> client) {
        this.seed = seed;
        this.client = client;
        random = new Random(seed * 7_919);
        plan = new FaultPlan(Map.of(), 200, pick(3_000, 20_000), Duration.ofMillis(pick(100, 400)))
                .with(Fault.DELAY, pick(0, 30))
                .with(Fault.STALL, pick(0, 30))
                .with(Fault.END, pick(0, 30))
                .with(Fault.RESET, pick(0, 30))
                .with(Fault.TRUNCATE, pick(0, 30))
                .with(Fault.HALF_OPEN, pick(0, 20, 30))
                .with(Fault.IDLE, pick(0, 50));
    }

    Map<String, Integer> play() throws Exception {
        CompletableFuture<ExecutionContext> entered = new CompletableFuture<>();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Map<String, Integer> started = new ConcurrentHashMap<>();
        int runs = random.nextInt(1, 5);
        boolean isShared = random.nextInt(3) == 0;
        List<String> transports = TRANSPORTS.get(random.nextInt(TRANSPORTS.size()));
        try (FlowScript flows = FlowScript.builder()
                .node("busy", Node.async(context -> {
                    entered.complete(context);
                    return outcome;
                }))
                .node("count", context -> {
                    started.merge(String.valueOf(context.state().get("key")), 1, Integer::sum);
                    return Edge.of("done");
                })
                .workflow(WorkflowDefinition.of(Map.of("id", "busy", "nodes", List.of("busy"))))
                .workflow(WorkflowDefinition.of(
                        Map.of("id", "asks", "nodes", List.of("count", Map.of("formInput", Map.of())))))
                .build()) {
            Execution run = flows.start("busy", Map.of(), "run");
            ExpectedEvents truth = new ExpectedEvents(run.events());
            FlowScriptBridge bridge = bridge(flows);
            FlowScriptWebSocketServer server = server(bridge);
            try (FaultyProxy proxy = FaultyProxy.start(plan, seed, server.port())) {
                CompletableFuture<String> played = client.apply(new String(
                        JsonWriter.write(Map.of(
                                "seed", seed,
                                "url", "http://127.0.0.1:" + proxy.port(),
                                "transports", transports,
                                "runs", runs,
                                "shared", isShared,
                                "types", List.copyOf(SOME))),
                        StandardCharsets.UTF_8));
                ExecutionContext context = entered.get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
                int restarts = random.nextInt(3);
                for (int i = 0; i <= restarts; i++) {
                    emit(context, truth);
                    calm(proxy);
                    if (i < restarts) {
                        FlowScriptBridge old = bridge;
                        bridge = random.nextBoolean() ? bridge : bridge(flows);
                        server = restart(proxy, server, bridge);
                        if (!old.equals(bridge)) {
                            old.close();
                        }
                    }
                }
                outcome.complete(Edge.of("done"));
                run.result().get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
                truth.record();
                check(
                        result(played, proxy),
                        truth,
                        started,
                        runs,
                        proxy + " over " + transports + (isShared ? " by the shared worker" : ""));
                proxy.struck().forEach((fault, times) -> seen.merge("fault " + fault, times, Integer::sum));
            } finally {
                failed.countDown();
            }
            close(server);
            closings.forEach(CompletableFuture::join);
            bridge.close();
        }
        return seen;
    }

    private String result(CompletableFuture<String> played, FaultyProxy proxy) throws Exception {
        for (int i = 0; i < TIME_LIMIT_SECONDS * 100; i++) {
            calm(proxy);
            if (failed.await(10, TimeUnit.MILLISECONDS) || played.isDone()) {
                break;
            }
        }
        return played.get(1, TimeUnit.SECONDS);
    }

    /** A schedule ends, so the network does not stay bad for ever. */
    private static void calm(FaultyProxy proxy) {
        if (proxy.connections() > TROUBLED) {
            proxy.plan(FaultPlan.CALM);
        }
    }

    @SuppressWarnings("unchecked")
    private void check(
            String result, ExpectedEvents truth, Map<String, Integer> started, int runs, String circumstances) {
        String about = "seed " + seed + ", " + circumstances;
        Map<String, Object> told = (Map<String, Object>) new JsonReader(JSON_DEPTH).read(result);
        assertThat(told.get("failure")).as(about).isNull();
        List<String> all = LongStream.rangeClosed(1, truth.latest())
                .mapToObj(truth::event)
                .map(ClientSchedule::line)
                .toList();
        same("all", told, all, about);
        same("slow", told, all, about);
        same(
                "some",
                told,
                all.stream()
                        .filter(line -> SOME.contains(line.split(" ", -1)[1]))
                        .toList(),
                about);
        assertThat((List<Object>) told.get("gaps")).as(about).isEmpty();
        assertThat(started)
                .as("commands, " + about)
                .hasSize(runs)
                .allSatisfy((key, times) -> assertThat(times).as(key).isOne());
        Map<String, Object> stats = (Map<String, Object>) told.get("stats");
        note("events", all.size());
        note("reconnects", ((Number) stats.get("reconnects")).intValue());
        note("doubles dropped", ((Number) stats.get("doubles")).intValue());
        note("commands", runs);
        note(Boolean.TRUE.equals(stats.get("shared")) ? "shared" : "alone", 1);
        ((Map<String, Object>) told.get("states")).keySet().forEach(state -> note(state, 1));
    }

    /** Names the first event that is lost, doubled or out of order. */
    @SuppressWarnings("unchecked")
    private static void same(String reader, Map<String, Object> told, List<String> expected, String about) {
        List<String> got = (List<String>) told.get(reader);
        int equal = 0;
        while (equal < Math.min(got.size(), expected.size()) && got.get(equal).equals(expected.get(equal))) {
            equal++;
        }
        assertThat(got.subList(equal, Math.min(got.size(), equal + 5)))
                .as(reader + " after " + equal + " of " + expected.size() + " events, " + about)
                .isEqualTo(expected.subList(equal, Math.min(expected.size(), equal + 5)));
    }

    private static String line(RecordedEvent event) {
        return event.seq() + " " + event.event().type().wireName();
    }

    private void note(String what, int times) {
        seen.merge(what, times, Integer::sum);
    }

    private void emit(ExecutionContext context, ExpectedEvents truth) throws InterruptedException {
        for (int i = random.nextInt(30, 120); i > 0; i--) {
            context.runtime().emit("test:text", "x".repeat(random.nextInt(400)));
            truth.record();
            if (random.nextInt(10) == 0) {
                pause();
            }
        }
    }

    private FlowScriptWebSocketServer restart(FaultyProxy proxy, FlowScriptWebSocketServer old, FlowScriptBridge bridge)
            throws InterruptedException {
        note("restarts", 1);
        boolean gap = random.nextBoolean();
        if (gap) {
            close(old);
            pause();
        }
        FlowScriptWebSocketServer fresh = server(bridge);
        proxy.target(fresh.port());
        if (!gap) {
            close(old);
        }
        return fresh;
    }

    private void close(FlowScriptWebSocketServer server) {
        closings.add(CompletableFuture.runAsync(server::close));
    }

    private void pause() throws InterruptedException {
        failed.await(random.nextInt(1, 15), TimeUnit.MILLISECONDS);
    }

    private static FlowScriptBridge bridge(FlowScript flows) {
        return FlowScriptBridge.builder(flows)
                .limits(BridgeLimits.defaults().batchFrames(20))
                .heartbeat(HEARTBEAT)
                .stallTimeout(STALL)
                .build();
    }

    private static FlowScriptWebSocketServer server(FlowScriptBridge bridge) {
        return FlowScriptWebSocketServer.builder(bridge)
                .authenticator(Authenticator.development())
                .requestsPerSecond(100_000)
                .maxEventRequestsPerClient(10_000)
                .closingTime(Duration.ofMillis(300))
                .start();
    }

    private int pick(int... choices) {
        return Arrays.stream(choices)
                .skip(random.nextInt(choices.length))
                .findFirst()
                .orElseThrow();
    }
}
