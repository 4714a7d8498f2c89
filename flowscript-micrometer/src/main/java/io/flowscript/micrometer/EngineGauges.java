package io.flowscript.micrometer;

import io.flowscript.core.concurrent.RecentValue;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.engine.EngineHealth;
import io.flowscript.engine.EngineHealth.Problem;
import io.flowscript.engine.EngineSizes;
import io.flowscript.engine.FlowScript;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Gauges for what an engine holds, and how it is. The gauges hold this object, so it does not hold the engine. */
final class EngineGauges {

    private final RecentValue<EngineHealth> health = new RecentValue<>(Duration.ofSeconds(1));
    private final RecentValue<EngineSizes> sizes = new RecentValue<>(Duration.ofSeconds(30));

    void register(MeterRegistry registry, FlowScript flows) {
        Gauges<FlowScript> gauges = new Gauges<>(registry, flows);
        executions(gauges);
        health(gauges);
        sizes(gauges);
    }

    private static void executions(Gauges<FlowScript> gauges) {
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

    private void health(Gauges<FlowScript> gauges) {
        for (Problem problem : Problem.values()) {
            gauges.add(
                    "flowscript.problems",
                    "1 while the engine has the problem",
                    null,
                    Tags.of("problem", problem.name().toLowerCase(Locale.ROOT)),
                    engine -> healthOf(engine).problems().contains(problem) ? 1 : 0);
        }
        seconds(
                gauges,
                "flowscript.store.stalled",
                "For how long the store has been trying to write the same changes",
                now -> toSeconds(now.storeStalled()));
        gauges.add("flowscript.shards", "Shards of a shared store that the engine owns", engine -> {
            EngineHealth.Shards shards = healthOf(engine).shards();
            return shards == null ? 0 : shards.owned();
        });
        seconds(
                gauges,
                "flowscript.clock.jump",
                "How far the time of day has jumped lately",
                now -> toSeconds(now.clockJump()));
    }

    private void seconds(
            Gauges<FlowScript> gauges, String name, String description, ToDoubleFunction<EngineHealth> value) {
        gauges.add(name, description, "seconds", Tags.empty(), engine -> value.applyAsDouble(healthOf(engine)));
    }

    private static double toSeconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private void sizes(Gauges<FlowScript> gauges) {
        gauges.add(
                "flowscript.logs.events",
                "Events in memory",
                engine -> sizesOf(engine).logEvents());
        bytes(gauges, "flowscript.logs.size", "Memory of the events, estimated", EngineSizes::logBytes);
        bytes(
                gauges,
                "flowscript.states.size",
                "Memory of executions without events, estimated",
                EngineSizes::stateBytes);
        gauges.add("flowscript.store.ended", "Executions in the store that have ended", engine -> {
            StoreUsage stored = sizesOf(engine).stored();
            return stored == null ? Double.NaN : stored.ended();
        });
        bytes(gauges, "flowscript.store.ended.size", "What these need in the store", now -> {
            StoreUsage stored = now.stored();
            return stored == null ? Double.NaN : stored.endedBytes();
        });
    }

    private void bytes(
            Gauges<FlowScript> gauges, String name, String description, ToDoubleFunction<EngineSizes> value) {
        gauges.add(name, description, "bytes", Tags.empty(), engine -> value.applyAsDouble(sizesOf(engine)));
    }

    private EngineHealth healthOf(FlowScript engine) {
        return health.get(engine.clock().nanoTime(), engine::health);
    }

    private EngineSizes sizesOf(FlowScript engine) {
        return sizes.get(engine.clock().nanoTime(), engine::sizes);
    }
}
