package io.flowscript.micrometer;

import io.flowscript.engine.FlowScript;
import io.micrometer.core.instrument.MeterRegistry;

/** Gauges for what an engine holds. */
final class EngineGauges {

    private EngineGauges() {}

    static void register(MeterRegistry registry, FlowScript flows) {
        Gauges<FlowScript> gauges = new Gauges<>(registry, flows);
        gauges.add(
                "flowscript.executions.loaded",
                "Executions in memory",
                engine -> engine.stats().executions());
        gauges.add(
                "flowscript.nodes.waiting",
                "Calls of nodes that wait for a thread",
                engine -> engine.stats().waitingNodes());
        gauges.add(
                "flowscript.executions.broken",
                "Executions that could neither go on nor end",
                engine -> engine.stats().broken());
        gauges.add(
                "flowscript.store.available",
                "1 when the store takes changes, or when there is none; 0 when it does not",
                engine -> engine.stats().storeAvailable() ? 1 : 0);
    }
}
