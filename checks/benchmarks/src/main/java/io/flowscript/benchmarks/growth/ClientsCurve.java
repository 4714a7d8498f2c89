package io.flowscript.benchmarks.growth;

import io.flowscript.benchmarks.load.Events;
import io.flowscript.benchmarks.load.LocalClient;
import io.flowscript.benchmarks.load.Machine;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeLimits;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Clients in the process, with {@code flowscript.v2}, that follow one execution. The next event comes when all have got the last one. */
final class ClientsCurve implements Curve {

    private static final int DELIVERIES = 100_000;
    private static final int FEWEST_EVENTS = 100;

    @Override
    public String name() {
        return "clients";
    }

    @Override
    public String title() {
        return "clients of one execution";
    }

    @Override
    public int largest() {
        return 10_000;
    }

    @Override
    public int smallest() {
        return 10;
    }

    @Override
    public List<String> columns() {
        return List.of(
                "µs to connect a client",
                "bytes of heap for a client",
                "ns to deliver an event",
                "ns of CPU to deliver an event");
    }

    @Override
    public double[] measure(int size) throws Exception {
        BlockingQueue<Integer> numbers = new LinkedBlockingQueue<>();
        try (FlowScript flows = FlowScript.builder()
                        .node("emit", context -> {
                            while (true) {
                                context.runtime().emit(Events.TYPE, Events.payload(numbers.take(), System.nanoTime()));
                            }
                        })
                        .workflow(WorkflowDefinition.of(Map.of("id", "emit", "nodes", List.of("emit"))))
                        .build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows)
                        .limits(BridgeLimits.defaults().maxConnections(size + 1).maxConnectionsPerSender(size + 1))
                        .build()) {
            Execution run = flows.start("emit", Map.of());
            numbers.add(0);
            Waiting.until(() -> numbers.isEmpty());
            List<LocalClient> clients = new ArrayList<>(size);
            long before = Machine.heap();
            long begun = System.nanoTime();
            for (int i = 0; i < size; i++) {
                clients.add(LocalClient.on(bridge, run.id(), "0"));
            }
            await(clients, run.events().latest());
            double connecting = System.nanoTime() - begun;
            double bytes = Machine.heap() - before;
            int events = Math.max(FEWEST_EVENTS, DELIVERIES / size);
            long cpu = Machine.cpu();
            begun = System.nanoTime();
            for (int i = 0; i < events; i++) {
                long next = run.events().latest() + 1;
                numbers.add(i);
                await(clients, next);
            }
            double delivering = System.nanoTime() - begun;
            double used = Machine.cpu() - cpu;
            return new double[] {connecting / 1e3 / size, bytes / size, delivering / size / events, used / size / events
            };
        }
    }

    private static void await(List<LocalClient> clients, long seq) {
        for (LocalClient client : clients) {
            Waiting.until(() -> client.latest() >= seq);
        }
    }
}
