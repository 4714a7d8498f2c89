package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.testkit.fault.ExpectedEvents;
import io.flowscript.testkit.fault.Fault;
import io.flowscript.testkit.fault.FaultPlan;
import io.flowscript.testkit.fault.FaultyProxy;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * One schedule: a busy execution, a server that is restarted, a network with faults, and one client with several subscriptions and
 * commands. The readers are fast, slow, choosy, and one that subscribes anew from kept positions.
 */
final class ClientSchedule {

    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final Duration STALL = Duration.ofMillis(500);
    private static final int TROUBLED = 40;
    private static final int SECONDS = 60;
    private static final EventType[] SOME = {EventType.NODE_EXECUTING, EventType.WORKFLOW_COMPLETED};
    private static final List<List<ClientTransport>> TRANSPORTS = List.of(
            List.of(ClientTransport.WEBSOCKET),
            List.of(ClientTransport.SSE),
            List.of(ClientTransport.POLL),
            List.of(ClientTransport.values()),
            List.of(ClientTransport.WEBSOCKET, ClientTransport.POLL));

    private final long seed;
    private final Random random;
    private final FaultPlan plan;
    private final ExecutorService threads;
    private final CountDownLatch failed = new CountDownLatch(1);
    private final List<CompletableFuture<Void>> closings = new ArrayList<>();
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private final Queue<String> changes = new ConcurrentLinkedQueue<>();

    /**
     * Creates a schedule.
     *
     * @param threads run what waits in the schedule
     */
    ClientSchedule(long seed, ExecutorService threads) {
        this.seed = seed;
        this.threads = threads;
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

    /** {@return what was seen, and how often} */
    Map<String, Integer> play() throws Exception {
        CompletableFuture<ExecutionContext> entered = new CompletableFuture<>();
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Map<String, Integer> started = new ConcurrentHashMap<>();
        int runs = random.nextInt(1, 5);
        List<ClientTransport> transports = TRANSPORTS.get((int) (seed % TRANSPORTS.size()));
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
            String about = "seed " + seed + " over " + transports;
            try (FaultyProxy proxy = FaultyProxy.start(plan, seed, server.port());
                    FlowScriptClient client = client(proxy.port(), transports)) {
                RemoteExecution execution = client.execution("run");
                List<CompletableFuture<List<String>>> readers = List.of(
                        collect(execution.events(), 0),
                        collect(execution.events().buffer(5), 3),
                        collect(execution.events().types(SOME), 0),
                        CompletableFuture.supplyAsync(() -> again(execution), threads));
                List<String> gaps = Collections.synchronizedList(new ArrayList<>());
                Map<String, Long> followed = new ConcurrentHashMap<>();
                EventSubscription many = client.workflow("asks").forEach(event -> follow(event, followed, gaps));
                CompletableFuture<Void> work = CompletableFuture.runAsync(() -> work(client, runs), threads);
                ExecutionContext context = entered.get(SECONDS, TimeUnit.SECONDS);
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
                run.result().get(SECONDS, TimeUnit.SECONDS);
                truth.record();
                List<CompletableFuture<?>> all = new ArrayList<>(readers);
                all.add(work);
                waitFor(all, proxy, about, client);
                check(readers, truth, about + " " + proxy);
                assertThat(gaps).as(about).isEmpty();
                assertThat(started)
                        .as("commands, " + about)
                        .hasSize(runs)
                        .allSatisfy((key, times) -> assertThat(times).as(key).isOne());
                many.close();
                ClientStats stats = client.stats();
                note("connects", (int) stats.connects());
                note("doubles dropped", (int) stats.doubles());
                note("events", (int) truth.latest());
                note("commands", runs * 2);
                proxy.struck().forEach((fault, times) -> note("fault " + fault, times));
            } finally {
                failed.countDown();
            }
            close(server);
            closings.forEach(CompletableFuture::join);
            bridge.close();
        }
        return seen;
    }

    private FlowScriptClient client(int port, List<ClientTransport> transports) {
        Random choices = new Random(seed);
        return FlowScriptClient.builder(URI.create("http://127.0.0.1:" + port))
                .credentials(refused -> TestServer.user("user-" + seed))
                .onConnectionChange(change -> {
                    if (change.error() != null && change.error().closeCode().isPresent()) {
                        note("closed with " + change.error().closeCode().getAsInt(), 1);
                    }
                    changes.add(change.connection() + " " + change.state() + " " + change.transport()
                            + (change.error() == null
                                    ? ""
                                    : " " + change.error().getMessage()));
                    note(change.state() + " " + change.transport(), 1);
                })
                .settings(ClientSettings.defaults()
                        .transports(transports.toArray(ClientTransport[]::new))
                        .connections(1 + choices.nextInt(3))
                        .backoff(Duration.ofMillis(2))
                        .maxBackoff(Duration.ofMillis(20))
                        .connectTimeout(Duration.ofMillis(600))
                        .pongTimeout(Duration.ofMillis(150))
                        .silence(Duration.ofMillis(500))
                        .requestTimeout(Duration.ofMillis(600))
                        .pollInterval(Duration.ofMillis(20))
                        .pollWait(Duration.ofSeconds(1))
                        .fallbackAfter(1 + choices.nextInt(2))
                        .upgrade(Duration.ofMillis(40))
                        .maxUpgrade(Duration.ofMillis(200)))
                .build();
    }

    /** Reads everything by a callback, which now and then takes its time. */
    private CompletableFuture<List<String>> collect(EventStream events, int slowness) {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Random pace = new Random(seed + slowness);
        EventSubscription subscription = events.forEach(event -> {
            lines.add(line(event));
            if (slowness > 0 && pace.nextInt(20) < slowness) {
                pause(pace);
            }
        });
        return subscription.ended().thenApply(done -> lines);
    }

    /** Reads with one reader after the other, each from the position of the one before. */
    private List<String> again(RemoteExecution execution) {
        List<String> lines = new ArrayList<>();
        Random choices = new Random(seed + 1);
        Position last = null;
        while (true) {
            EventStream events =
                    last == null ? execution.events() : execution.events().from(last);
            int most = 1 + choices.nextInt(60);
            try (EventReader reader = events.read(Duration.ofSeconds(SECONDS))) {
                for (int i = 0; i < most; i++) {
                    if (!reader.hasNext()) {
                        return lines;
                    }
                    ClientEvent event = reader.next();
                    lines.add(line(event));
                    last = event.position();
                }
            }
        }
    }

    /** Starts executions, claims and answers what they ask, and sees them end. */
    private void work(FlowScriptClient client, int runs) {
        Random choices = new Random(seed + 2);
        for (int i = 0; i < runs; i++) {
            RemoteExecution run =
                    client.execute("asks", Map.of("key", seed + "-" + i)).join();
            try (EventReader reader = run.events().read(Duration.ofSeconds(SECONDS))) {
                for (ClientEvent event : reader) {
                    if (event instanceof ClientEvent.Happened happened
                            && happened.event() instanceof HumanEvent.InputRequired asked) {
                        PauseToken token = new PauseToken(run.id(), asked.nodeId(), asked.tokenId());
                        if (choices.nextBoolean()) {
                            client.claim(token, Duration.ofMinutes(1)).join();
                        }
                        Receipt receipt =
                                client.answer(token, Map.of("amount", i)).join();
                        assertThat(receipt).isInstanceOf(Receipt.Accepted.class);
                    }
                }
            }
        }
    }

    private static void follow(ClientEvent event, Map<String, Long> followed, List<String> gaps) {
        long seq = event.position().seq();
        Long before = followed.put(event.executionId(), seq);
        if (before != null && seq != before + 1) {
            gaps.add(event.executionId() + ": " + seq + " after " + before);
        }
    }

    private static String line(ClientEvent event) {
        return event instanceof ClientEvent.Happened happened
                ? happened.seq() + " " + happened.event().type().wireName()
                : event.toString();
    }

    private static String line(RecordedEvent event) {
        return event.seq() + " " + event.event().type().wireName();
    }

    private void waitFor(List<CompletableFuture<?>> all, FaultyProxy proxy, String about, FlowScriptClient client)
            throws Exception {
        CompletableFuture<Void> done = CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
        for (int i = 0; i < SECONDS * 100; i++) {
            calm(proxy);
            if (failed.await(10, TimeUnit.MILLISECONDS) || done.isDone()) {
                break;
            }
        }
        List<Boolean> which = all.stream().map(CompletableFuture::isDone).toList();
        List<String> last = List.copyOf(changes);
        assertThat(done)
                .as(() -> about + " " + proxy + " done " + which + " " + client.stats() + " "
                        + last.subList(Math.max(0, last.size() - 40), last.size()))
                .isDone();
        done.get(1, TimeUnit.SECONDS);
    }

    private static void check(List<CompletableFuture<List<String>>> readers, ExpectedEvents truth, String about) {
        List<String> all = LongStream.rangeClosed(1, truth.latest())
                .mapToObj(truth::event)
                .map(ClientSchedule::line)
                .toList();
        List<String> some = LongStream.rangeClosed(1, truth.latest())
                .mapToObj(truth::event)
                .filter(event -> Arrays.asList(SOME).contains(event.event().type()))
                .map(ClientSchedule::line)
                .toList();
        same("all", readers.get(0).join(), all, about);
        same("slow", readers.get(1).join(), all, about);
        same("some", readers.get(2).join(), some, about);
        same("again", readers.get(3).join(), all, about);
    }

    /** Names the first event that is lost, doubled or out of order. */
    private static void same(String reader, List<String> got, List<String> expected, String about) {
        int equal = 0;
        while (equal < Math.min(got.size(), expected.size()) && got.get(equal).equals(expected.get(equal))) {
            equal++;
        }
        assertThat(got.subList(equal, Math.min(got.size(), equal + 5)))
                .as(reader + " after " + equal + " of " + expected.size() + " events, " + about)
                .isEqualTo(expected.subList(equal, Math.min(expected.size(), equal + 5)));
    }

    private void note(String what, int times) {
        seen.merge(what, times, Integer::sum);
    }

    private void emit(ExecutionContext context, ExpectedEvents truth) throws InterruptedException {
        for (int i = random.nextInt(30, 120); i > 0; i--) {
            context.runtime().emit("test:text", "x".repeat(random.nextInt(400)));
            truth.record();
            if (random.nextInt(10) == 0) {
                failed.await(random.nextInt(1, 15), TimeUnit.MILLISECONDS);
            }
        }
    }

    private FlowScriptWebSocketServer restart(FaultyProxy proxy, FlowScriptWebSocketServer old, FlowScriptBridge bridge)
            throws InterruptedException {
        note("restarts", 1);
        boolean gap = random.nextBoolean();
        if (gap) {
            close(old);
            failed.await(random.nextInt(1, 15), TimeUnit.MILLISECONDS);
        }
        FlowScriptWebSocketServer fresh = server(bridge);
        proxy.target(fresh.port());
        if (!gap) {
            close(old);
        }
        return fresh;
    }

    /** A schedule ends, so the network does not stay bad for ever. */
    private static void calm(FaultyProxy proxy) {
        if (proxy.connections() > TROUBLED) {
            proxy.plan(FaultPlan.CALM);
        }
    }

    private void close(FlowScriptWebSocketServer server) {
        closings.add(CompletableFuture.runAsync(server::close));
    }

    private void pause(Random pace) {
        try {
            failed.await(pace.nextInt(1, 15), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
