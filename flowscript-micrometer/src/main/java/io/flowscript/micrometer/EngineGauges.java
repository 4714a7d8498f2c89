package io.flowscript.micrometer;

import io.flowscript.engine.EngineStats;
import io.flowscript.engine.FlowScript;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** Gauges for what an engine holds. */
final class EngineGauges {

    private final FlowScript flows;

    EngineGauges(FlowScript flows) {
        this.flows = flows;
    }

    void register(MeterRegistry registry) {
        gauge(registry, "flowscript.executions.loaded", "Executions in memory", EngineStats::executions);
        gauge(registry, "flowscript.nodes.waiting", "Calls of nodes that wait for a thread", EngineStats::waitingNodes);
        gauge(
                registry,
                "flowscript.executions.broken",
                "Executions that could neither go on nor end",
                EngineStats::broken);
        gauge(
                registry,
                "flowscript.store.available",
                "1 when the store takes changes, or when there is none; 0 when it does not",
                stats -> stats.storeAvailable() ? 1 : 0);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<EngineStats> value) {
        Gauge.builder(name, flows, engine -> value.applyAsDouble(engine.stats()))
                .description(description)
                .register(registry);
    }
}
