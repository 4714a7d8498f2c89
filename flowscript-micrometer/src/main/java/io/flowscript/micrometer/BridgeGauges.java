package io.flowscript.micrometer;

import io.flowscript.core.Identity;
import io.flowscript.core.concurrent.RecentValue;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.events.delivery.BridgeStats;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.inbox.InboxQuery;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Gauges for what a bridge holds for its clients, and for the executions and interactions of its engine. */
final class BridgeGauges {

    private final FlowScriptBridge bridge;
    private final Identity reader;
    private final RecentValue<OpenInteractions> open = new RecentValue<>(Duration.ofSeconds(1));

    /** Open interactions: all, and those that are older than an hour and a day. */
    private record OpenInteractions(long all, long hour, long day, double oldestSeconds) {}

    BridgeGauges(FlowScriptBridge bridge, Identity reader) {
        this.bridge = bridge;
        this.reader = reader;
    }

    void register(MeterRegistry registry) {
        stats(registry, "flowscript.subscriptions", "Subscriptions of clients", null, BridgeStats::subscriptions);
        stats(
                registry,
                "flowscript.subscriptions.pending",
                "Subscriptions that wait for an execution that does not exist yet",
                null,
                BridgeStats::pending);
        stats(
                registry,
                "flowscript.executions.followed",
                "Executions that are delivered to clients, once for each client",
                null,
                BridgeStats::followed);
        stats(
                registry,
                "flowscript.delivery.outstanding",
                "Bytes that were handed to transports and are not sent yet",
                "bytes",
                BridgeStats::outstandingBytes);
        stats(
                registry,
                "flowscript.delivery.encoded",
                "Bytes of encoded events that clients share",
                "bytes",
                BridgeStats::encodedBytes);
        gauge(
                registry,
                "flowscript.delivery.behind",
                "How many events the slowest client is behind",
                here -> here.lag().max());
        gauge(
                registry,
                "flowscript.connections.slow",
                "Clients that have taken nothing for a second",
                here -> here.lag().slow());
        for (ExecutionStatus status : ExecutionStatus.values()) {
            Gauge.builder(
                            "flowscript.executions",
                            bridge,
                            here -> here.operations()
                                    .countAll(reader)
                                    .byStatus()
                                    .getOrDefault(status, 0L))
                    .description("Executions by status")
                    .tag("status", status.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        interactions(registry, "1h", counts -> counts.all - counts.hour);
        interactions(registry, "1d", counts -> counts.hour - counts.day);
        interactions(registry, "older", counts -> counts.day);
        Gauge.builder("flowscript.interactions.oldest", bridge, here -> open(here).oldestSeconds)
                .description("Age of the oldest open interaction")
                .baseUnit("seconds")
                .register(registry);
    }

    private void interactions(MeterRegistry registry, String age, ToDoubleFunction<OpenInteractions> value) {
        Gauge.builder("flowscript.interactions", bridge, here -> value.applyAsDouble(open(here)))
                .description("Open interactions by age")
                .tag("age", age)
                .register(registry);
    }

    private OpenInteractions open(FlowScriptBridge here) {
        return open.get(here.flows().clock().nanoTime(), () -> {
            Instant now = here.flows().clock().instant();
            double oldest = here.operations()
                    .oldestOpen(reader)
                    .map(interaction ->
                            Duration.between(interaction.requestedAt(), now).toMillis() / 1000.0)
                    .orElse(0.0);
            long day = olderThan(here, now.minus(Duration.ofDays(1)));
            long hour = Math.max(day, olderThan(here, now.minus(Duration.ofHours(1))));
            long all = Math.max(
                    hour, here.operations().countAll(reader, InboxQuery.OPEN).value());
            return new OpenInteractions(all, hour, day, Math.max(0, oldest));
        });
    }

    private long olderThan(FlowScriptBridge here, Instant time) {
        return here.operations()
                .countAll(reader, InboxQuery.OPEN.requestedBefore(time))
                .value();
    }

    private void stats(
            MeterRegistry registry,
            String name,
            String description,
            @Nullable String unit,
            ToDoubleFunction<BridgeStats> value) {
        Gauge.builder(name, bridge, here -> value.applyAsDouble(here.stats()))
                .description(description)
                .baseUnit(unit)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<FlowScriptBridge> value) {
        Gauge.builder(name, bridge, value).description(description).register(registry);
    }
}
