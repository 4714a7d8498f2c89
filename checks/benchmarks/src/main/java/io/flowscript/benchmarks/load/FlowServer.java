package io.flowscript.benchmarks.load;

import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.RuntimeContext;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicLong;

/** FlowScript: one execution whose node emits events on command. */
final class FlowServer implements LoadServer {

    private final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final AtomicLong paced = new AtomicLong();
    private final WaitingExecutions waiting = new WaitingExecutions();
    private final Disturbance disturbance;
    private final FlowScript flows;
    private final FlowScriptBridge bridge;
    private final FlowScriptWebSocketServer server;
    private final Execution execution;

    /** A client in this process; null when there is none. */
    private final LocalClient local;

    /** Completed when the last burst was emitted. */
    private volatile CountDownLatch emitting = new CountDownLatch(0);

    private volatile boolean isClosed;

    /** The node's next task. */
    private interface Job {
        void emit(RuntimeContext runtime) throws InterruptedException;
    }

    FlowServer(Settings settings) throws InterruptedException {
        disturbance = Disturbance.of(settings.text("disturbance", "none"));
        FlowScriptBuilder builder = FlowScript.builder()
                .retention(new Retention(settings.number("kept", 400_000), 1L << 30, Duration.ofHours(1)))
                .node("load", this::work)
                .workflow(WorkflowDefinition.of(Map.of("id", "load", "nodes", List.of("load"))));
        disturbance.configure(builder);
        waiting.configure(builder);
        int livePerSecond = settings.number("live", 0);
        builder.node("live", context -> live(context, livePerSecond))
                .workflow(WorkflowDefinition.of(Map.of("id", "live", "nodes", List.of("live"))));
        flows = builder.build();
        bridge = FlowScriptBridge.builder(flows)
                .accessPolicy(disturbance.policy())
                .limits(BridgeLimits.defaults()
                        .maxConnections(20_000)
                        .maxConnectionsPerSender(20_000)
                        .maxSubscriptions(WaitingExecutions.MOST)
                        .maxFollowed(WaitingExecutions.MOST)
                        .messagesPerSecond(WaitingExecutions.MOST)
                        .messageBurst(WaitingExecutions.MOST))
                .stallTimeout(Duration.ofSeconds(settings.number("patience", 3_600)))
                .build();
        server = FlowScriptWebSocketServer.builder(bridge)
                .requestsPerSecond(100_000)
                .handshakesPerSecond(100_000)
                .maxConnections(40_000)
                .start();
        execution = flows.start("load", Map.of(), Events.EXECUTION);
        if (livePerSecond > 0) {
            Execution unused = flows.start("live", Map.of(), Events.LIVE_EXECUTION);
        }
        waiting.start(flows, settings.number("waiting", 0));
        local = settings.number("local", 0) > 0 ? LocalClient.on(bridge, Events.EXECUTION, ClientProcess.LATEST) : null;
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public long burst(int events) throws InterruptedException {
        SynchronousQueue<Long> begun = new SynchronousQueue<>();
        CountDownLatch emitted = new CountDownLatch(1);
        emitting = emitted;
        jobs.add(runtime -> {
            begun.put(System.nanoTime());
            for (int i = 0; i < events; i++) {
                runtime.emit(Events.TYPE, Events.payload(i));
            }
            emitted.countDown();
        });
        return begun.take();
    }

    @Override
    public void finish() throws InterruptedException {
        emitting.await();
        while (local != null && local.latest() < latest()) {
            Thread.sleep(1);
        }
    }

    @Override
    public long latest() {
        return execution.events().latest();
    }

    @Override
    public void pace(int perSecond, Duration time) {
        paced.set(0);
        jobs.add(runtime -> Pace.keep(perSecond, time, (number, due) -> {
            runtime.emit(Events.TYPE, Events.payload(number, due));
            paced.lazySet(number + 1L);
        }));
    }

    @Override
    public long emitted() {
        return paced.get();
    }

    @Override
    public void cancelWaiting() {
        waiting.cancel();
    }

    @Override
    public void disturb() {
        disturbance.begin(flows, bridge);
    }

    @Override
    public void calm() {
        disturbance.end();
    }

    @Override
    public String gauges() {
        return bridge.stats() + " " + flows.stats();
    }

    @Override
    public void close() {
        isClosed = true;
        server.close();
        bridge.close();
        flows.close();
    }

    private Edge live(ExecutionContext context, int perSecond) {
        Pace.keep(
                perSecond,
                number -> !isClosed,
                (number, due) -> context.runtime().emit(Events.TYPE, Events.payload(number, due)));
        return Edge.of("done");
    }

    private Edge work(ExecutionContext context) throws InterruptedException {
        while (true) {
            jobs.take().emit(context.runtime());
        }
    }
}
