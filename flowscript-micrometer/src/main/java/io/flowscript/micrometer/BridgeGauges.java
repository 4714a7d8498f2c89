package io.flowscript.micrometer;

import io.flowscript.core.Identity;
import io.flowscript.core.concurrent.RecentValue;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.inbox.InboxQuery;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Gauges for what a bridge holds for its clients, and for the executions and interactions of its engine. The gauges hold this object, so
 * it does not hold the bridge.
 */
final class BridgeGauges {

    private final Identity reader;
    private final RecentValue<OpenInteractions> open = new RecentValue<>(Duration.ofSeconds(1));

    /** Open interactions: all, and those that are older than an hour and a day. */
    private record OpenInteractions(long all, long hour, long day, double oldestSeconds) {}

    BridgeGauges(Identity reader) {
        this.reader = reader;
    }

    void register(MeterRegistry registry, FlowScriptBridge bridge) {
        Gauges<FlowScriptBridge> gauges = new Gauges<>(registry, bridge);
        clients(gauges);
        executions(gauges);
        interactions(gauges);
    }

    private static void clients(Gauges<FlowScriptBridge> gauges) {
        gauges.add(
                "flowscript.subscriptions",
                "Subscriptions of clients",
                here -> here.stats().subscriptions());
        gauges.add(
                "flowscript.subscriptions.pending",
                "Subscriptions that wait for an execution that does not exist yet",
                here -> here.stats().pending());
        gauges.add(
                "flowscript.executions.followed",
                "Executions that are delivered to clients, once for each client",
                here -> here.stats().followed());
        bytes(
                gauges,
                "flowscript.delivery.outstanding",
                "Bytes that were handed to transports and are not sent yet",
                here -> here.stats().outstandingBytes());
        bytes(
                gauges,
                "flowscript.delivery.encoded",
                "Bytes of encoded events that clients share",
                here -> here.stats().encodedBytes());
        gauges.add(
                "flowscript.delivery.behind",
                "How many events the slowest client is behind",
                here -> here.lag().max());
        gauges.add(
                "flowscript.connections.slow",
                "Clients that have taken nothing for a second",
                here -> here.lag().slow());
    }

    private static void bytes(
            Gauges<FlowScriptBridge> gauges,
            String name,
            String description,
            ToDoubleFunction<FlowScriptBridge> value) {
        gauges.add(name, description, "bytes", Tags.empty(), value);
    }

    private void executions(Gauges<FlowScriptBridge> gauges) {
        for (ExecutionStatus status : ExecutionStatus.values()) {
            gauges.add(
                    "flowscript.executions",
                    "Executions by status",
                    null,
                    Tags.of("status", status.name().toLowerCase(Locale.ROOT)),
                    here -> here.operations().countAll(reader).byStatus().getOrDefault(status, 0L));
        }
    }

    private void interactions(Gauges<FlowScriptBridge> gauges) {
        ofAge(gauges, "1h", counts -> counts.all - counts.hour);
        ofAge(gauges, "1d", counts -> counts.hour - counts.day);
        ofAge(gauges, "older", counts -> counts.day);
        gauges.add(
                "flowscript.interactions.oldest",
                "Age of the oldest open interaction",
                "seconds",
                Tags.empty(),
                here -> open(here).oldestSeconds);
    }

    private void ofAge(Gauges<FlowScriptBridge> gauges, String age, ToDoubleFunction<OpenInteractions> value) {
        gauges.add(
                "flowscript.interactions",
                "Open interactions by age",
                null,
                Tags.of("age", age),
                here -> value.applyAsDouble(open(here)));
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
}
