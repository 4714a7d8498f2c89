package io.flowscript.micrometer;

import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what happens in an engine and in its bridges, in meters of a registry. The page on metrics in the project's
 * documentation lists all of them.
 *
 * <pre>{@code
 * FlowScriptMetrics metrics = FlowScriptMetrics.of(registry);
 * FlowScript flows = FlowScript.builder().observer(metrics)....build();
 * FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
 * metrics.bindTo(flows);
 * metrics.bindTo(bridge, Identity.ANONYMOUS);
 * }</pre>
 *
 * <p>The values of tags are bounded: a name has at most {@value #MAX_METERS} meters, and what comes with further values counts with
 * {@code other} in each tag. All custom events count as {@code custom}. No tag depends on an execution, a client or a person.
 *
 * <p>One object serves one engine. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class FlowScriptMetrics implements FlowScriptObserver {

    /** How many meters of one name there are at most, beside the one for all others. */
    public static final int MAX_METERS = 1_000;

    private final MeterRegistry registry;
    private final Meters<Counter> started;
    private final Meters<Counter> ended;
    private final Meters<Timer> nodeCalls;
    private final Meters<Timer> commits;
    private final Meters<Counter> appended;
    private final Meters<Counter> asked;
    private final Meters<Timer> answers;
    private final Meters<Counter> opened;
    private final Meters<Counter> closed;
    private final Meters<Counter> missed;
    private final Meters<Counter> commands;
    private final Meters<Counter> refusals;
    private final Counter steps;
    private final Counter appendedBytes;
    private final Counter shards;
    private final Counter delivered;
    private final Counter deliveredBytes;
    private final Counter filtered;
    private final Counter conflated;
    private final Counter failedRedactions;
    private final Timer latency;
    private final DistributionSummary commitEvents;
    private final Connections connections;

    private FlowScriptMetrics(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
        started = counters("flowscript.executions.started", "Executions that were started or restored", "workflow");
        ended = counters("flowscript.executions.ended", "Executions that have ended", "workflow", "result");
        // Without a histogram: a series for each bucket of each node would be too many.
        nodeCalls = new Meters<>(
                new String[] {"workflow", "node", "result"},
                values -> Timer.builder("flowscript.node.calls")
                        .description("Calls of nodes, with what they waited for")
                        .tags(values)
                        .register(registry));
        commits = histograms("flowscript.commits", "Commits of executions to the store", "result");
        appended = counters("flowscript.events.appended", "Events that were appended to logs", "type");
        asked = counters("flowscript.interactions.opened", "Interactions that were opened", "workflow");
        answers = histograms("flowscript.answers", "Answers, from the call to the receipt", "receipt");
        opened = counters("flowscript.connections.opened", "Connections of clients that began", "transport");
        closed = counters("flowscript.connections.closed", "Connections of clients that ended", "transport", "code");
        missed = counters("flowscript.events.holes", "Holes of which a client was told", "cause");
        // All their values are known, so they are there from the start: a rate needs the 0 before the first one.
        missed.of("retention");
        missed.of("gone");
        commands = counters("flowscript.commands", "Messages of clients that were handled", "type");
        refusals = counters("flowscript.refusals", "Requests and connections that were refused", "code");
        steps = counter("flowscript.steps", "Steps of executions", null);
        appendedBytes = counter(
                "flowscript.events.appended.size", "Memory of the events that were appended, estimated", "bytes");
        shards = counter("flowscript.shards.taken", "Shards of the store that were taken over", null);
        delivered = counter(
                "flowscript.events.delivered", "Events that were handed to transports, once for each client", null);
        deliveredBytes =
                counter("flowscript.events.delivered.size", "Messages that were handed to transports", "bytes");
        filtered = counter("flowscript.events.filtered", "Events that filters of clients kept back", null);
        conflated = counter("flowscript.events.conflated", "Events that newer ones replaced for a client", null);
        failedRedactions = counter(
                "flowscript.redactions.failed",
                "Failures of the redactor, so that all of an execution was hidden",
                null);
        latency = Timer.builder("flowscript.delivery.latency")
                .description("From appending an event to handing it to the transport of a client that follows live")
                .publishPercentileHistogram()
                .register(registry);
        commitEvents = DistributionSummary.builder("flowscript.commit.events")
                .description("Events in one commit")
                .register(registry);
        connections = new Connections(registry);
    }

    /**
     * Creates metrics and registers their meters.
     *
     * @param registry the registry of the application
     * @return the metrics, to be given to {@link io.flowscript.engine.FlowScriptBuilder#observer}
     */
    public static FlowScriptMetrics of(MeterRegistry registry) {
        return new FlowScriptMetrics(registry);
    }

    /**
     * Registers gauges for what an engine holds and how it is. Its health is read at most once a second, and sizes at most every 30 seconds, by the thread
     * that reads the gauges, which can wait for the store. They hold the engine weakly.
     *
     * @param flows the engine
     */
    public void bindTo(FlowScript flows) {
        new EngineGauges().register(registry, flows);
    }

    /**
     * Registers gauges for what a bridge holds for its clients, and for executions and interactions by status and age. They are
     * computed at most once a second, and hold the bridge weakly.
     *
     * @param bridge the bridge
     * @param reader the identity that counts; the access policy must permit it
     *     {@link io.flowscript.core.bridge.AccessPolicy.Action#OBSERVE}, else the gauges of executions and interactions have no value
     */
    public void bindTo(FlowScriptBridge bridge, Identity reader) {
        new BridgeGauges(Objects.requireNonNull(reader, "reader")).register(registry, bridge);
    }

    @Override
    public void executionStarted(String workflowId) {
        started.of(workflowId).increment();
    }

    @Override
    public void executionEnded(String workflowId, EventType lastEvent) {
        String name = lastEvent.name();
        ended.of(workflowId, name.substring(name.indexOf(':') + 1)).increment();
    }

    @Override
    public void stepped() {
        steps.increment();
    }

    @Override
    public void nodeCalled(String workflowId, String nodeName, boolean succeeded, long nanos) {
        nodeCalls.of(workflowId, nodeName, succeeded ? "succeeded" : "failed").record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void committed(int events, boolean stored, long nanos) {
        commits.of(stored ? "stored" : "refused").record(nanos, TimeUnit.NANOSECONDS);
        commitEvents.record(events);
    }

    @Override
    public void shardsTaken(int count) {
        shards.increment(count);
    }

    @Override
    public void appended(EventType type, long weight) {
        appended.of(type.isBuiltIn() ? type.name() : "custom").increment();
        appendedBytes.increment((double) weight);
    }

    @Override
    public void asked(String workflowId) {
        asked.of(workflowId).increment();
    }

    @Override
    public void answered(String receiptCode, long nanos) {
        answers.of(receiptCode).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void connected(String transport) {
        opened.of(transport).increment();
        connections.added(transport);
    }

    @Override
    public void closed(String transport, int closeCode) {
        closed.of(transport, Integer.toString(closeCode)).increment();
        connections.removed(transport);
    }

    @Override
    public void delivered(int events, int bytes) {
        delivered.increment(events);
        deliveredBytes.increment(bytes);
    }

    @Override
    public void deliveredLive(long appendedAt) {
        latency.record(Duration.ofMillis(Math.max(0, registry.config().clock().wallTime() - appendedAt)));
    }

    @Override
    public void filtered(int events) {
        filtered.increment(events);
    }

    @Override
    public void conflated(int events) {
        conflated.increment(events);
    }

    @Override
    public void holeTold(String cause) {
        missed.of(cause).increment();
    }

    @Override
    public void redactionFailed() {
        failedRedactions.increment();
    }

    @Override
    public void commandHandled(String type) {
        commands.of(type).increment();
    }

    @Override
    public void refused(String code) {
        refusals.of(code).increment();
    }

    private Meters<Counter> counters(String name, String description, String... tags) {
        return new Meters<>(
                tags,
                values -> Counter.builder(name)
                        .description(description)
                        .tags(values)
                        .register(registry));
    }

    private Meters<Timer> histograms(String name, String description, String tag) {
        return new Meters<>(
                new String[] {tag},
                values -> Timer.builder(name)
                        .description(description)
                        .tags(values)
                        .publishPercentileHistogram()
                        .register(registry));
    }

    private Counter counter(String name, String description, @Nullable String unit) {
        return Counter.builder(name).description(description).baseUnit(unit).register(registry);
    }
}
