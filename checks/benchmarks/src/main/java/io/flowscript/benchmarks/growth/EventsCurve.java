package io.flowscript.benchmarks.growth;

import io.flowscript.benchmarks.load.Events;
import io.flowscript.benchmarks.load.LocalClient;
import io.flowscript.benchmarks.load.Machine;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The events of one execution, all of which its log keeps, and a client that reads them from the first on. */
final class EventsCurve implements Curve {

    private static final long LOG_BYTES = 8L << 30;

    @Override
    public String name() {
        return "events";
    }

    @Override
    public String title() {
        return "events in one execution";
    }

    @Override
    public int largest() {
        return 1_000_000;
    }

    @Override
    public int smallest() {
        return 1_000;
    }

    @Override
    public List<String> columns() {
        return List.of("ns to emit an event", "bytes of heap for an event", "ns to replay an event");
    }

    @Override
    public double[] measure(int size) throws Exception {
        CompletableFuture<Long> emitted = new CompletableFuture<>();
        long before = Machine.heap();
        try (FlowScript flows = FlowScript.builder()
                        .retention(new Retention(size + 1_000, LOG_BYTES, Duration.ofHours(1)))
                        .limits(EngineLimits.defaults().logBytes(LOG_BYTES))
                        .node("emit", context -> {
                            long begun = System.nanoTime();
                            for (int i = 0; i < size; i++) {
                                context.runtime().emit(Events.TYPE, Events.payload(i, begun));
                            }
                            emitted.complete(System.nanoTime() - begun);
                            return Edge.of("done");
                        })
                        .workflow(WorkflowDefinition.of(Map.of("id", "emit", "nodes", List.of("emit"))))
                        .build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build()) {
            Execution run = flows.start("emit", Map.of());
            Object unused = run.result().get();
            double bytes = Machine.heap() - before;
            long begun = System.nanoTime();
            LocalClient client = LocalClient.on(bridge, run.id(), "0");
            Waiting.until(() -> client.latest() >= run.events().latest());
            double replay = System.nanoTime() - begun;
            return new double[] {(double) emitted.get() / size, bytes / size, replay / size};
        }
    }
}
