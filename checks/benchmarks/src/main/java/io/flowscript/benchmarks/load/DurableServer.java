package io.flowscript.benchmarks.load;

import io.flowscript.benchmarks.store.TestDatabase;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * FlowScript with a store: executions that loop over a node, which waits until it is let through. Each round is two durable steps with six
 * events.
 */
final class DurableServer implements LoadServer {

    private static final int STEPS_PER_ROUND = 2;

    private final Queue<CompletableFuture<Outcome>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong steps = new AtomicLong();
    private final TestDatabase database;
    private final FlowScript flows;
    private final FlowScriptBridge bridge;
    private final FlowScriptWebSocketServer server;
    private final List<Execution> executions = new ArrayList<>();

    DurableServer(Settings settings) throws IOException {
        int count = settings.number("executions", 1_000);
        CommitTimes times = CommitTimes.in(Path.of(settings.text("times", "")), count);
        database = TestDatabase.of(settings.text("on", "sqlite"));
        flows = FlowScript.builder()
                .store(new TimingStore(database.store(), times))
                .limits(EngineLimits.defaults().maxSteps(EngineLimits.NO_LIMIT).executionTimeout(null))
                .node("again", context -> Edge.nextIteration())
                .node("work", Node.async(context -> {
                    context.state().set("count", steps.addAndGet(STEPS_PER_ROUND));
                    CompletableFuture<Outcome> through = new CompletableFuture<>();
                    waiting.add(through);
                    return through;
                }))
                .workflow(WorkflowDefinition.of(
                        Map.of("id", "loop", "nodes", List.of(List.of("again", List.of("work"))))))
                .build();
        bridge = FlowScriptBridge.builder(flows)
                .limits(BridgeLimits.defaults().maxConnections(20_000).maxConnectionsPerSender(20_000))
                .build();
        server = FlowScriptWebSocketServer.builder(bridge)
                .requestsPerSecond(100_000)
                .handshakesPerSecond(100_000)
                .maxConnections(40_000)
                .start();
        Map<String, Object> input = new LinkedHashMap<>();
        for (int i = 0; i < 8; i++) {
            input.put("key" + i, "v".repeat(60));
        }
        for (int i = 0; i < count; i++) {
            executions.add(flows.start("loop", input, id(i)));
        }
    }

    /** The id of an execution. */
    static String id(int number) {
        return "run-" + number;
    }

    /** Notes when the events of a commit are durable, before the engine is told. */
    private static final class TimingStore extends ForwardingStore {

        private final CommitTimes times;

        TimingStore(ExecutionStore store, CommitTimes times) {
            super(store);
            this.times = times;
        }

        @Override
        public CompletionStage<@Nullable Void> commit(Commit commit) {
            return super.commit(commit).thenApply(nothing -> {
                long now = System.nanoTime();
                int execution = Integer.parseInt(commit.executionId().substring(id(0).length() - 1));
                for (RecordedEvent event : commit.events()) {
                    times.set(execution, event.seq(), now);
                }
                return nothing;
            });
        }
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public long burst(int events) {
        throw new UnsupportedOperationException("Its executions have a steady rate");
    }

    /** The sum of all executions. */
    @Override
    public long latest() {
        return executions.stream()
                .mapToLong(execution -> execution.events().latest())
                .sum();
    }

    @Override
    public void pace(int perSecond, Duration time) {
        Thread pacer = new Thread(
                () -> Pace.keep(perSecond / STEPS_PER_ROUND, time, number -> {
                    CompletableFuture<Outcome> next = waiting.poll();
                    if (next != null) {
                        next.complete(Edge.of("done"));
                    }
                }),
                "pacer");
        pacer.setDaemon(true);
        pacer.start();
    }

    @Override
    public void live(int perSecond) {
        throw new UnsupportedOperationException("Its executions are paced all together");
    }

    @Override
    public long emitted() {
        return steps.get();
    }

    @Override
    public String gauges() {
        return bridge.stats() + " " + flows.stats();
    }

    @Override
    public void close() {
        server.close();
        bridge.close();
        flows.close();
        try {
            database.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
