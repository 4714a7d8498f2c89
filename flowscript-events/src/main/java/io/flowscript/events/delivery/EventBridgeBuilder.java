package io.flowscript.events.delivery;

import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.MessageParser;
import io.flowscript.json.protocol.ServerMessages;
import io.flowscript.json.protocol.WireSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the bridge that brings an engine's events to clients:
 *
 * <pre>{@code
 * EventBridge bridge = FlowScriptBridge.builder(flows).limits(BridgeLimits.defaults().maxConnections(1_000)).build();
 * }</pre>
 *
 * <p>The bridge uses the engine's clock and executor and starts no thread of its own. For use by one thread.
 *
 * @since 0.1.0
 */
public final class EventBridgeBuilder {

    private static final int PUMPS_PER_RUN = 64;

    private final FlowScript flows;
    private BridgeLimits limits = BridgeLimits.defaults();
    private AccessPolicy policy = AccessPolicy.EVERYONE;
    private WireSettings wire = WireSettings.DEFAULTS;
    private Timing timing = Timing.DEFAULTS;
    private @Nullable Inbox inbox;

    EventBridgeBuilder(FlowScript flows) {
        this.flows = flows;
    }

    /**
     * The bounds; {@link BridgeLimits#defaults} if nothing is said.
     *
     * @param bounds the bounds
     * @return this
     */
    public EventBridgeBuilder limits(BridgeLimits bounds) {
        limits = Objects.requireNonNull(bounds, "bounds");
        return this;
    }

    /**
     * Who may do what; {@link AccessPolicy#EVERYONE} if nothing is said.
     *
     * @param rules decides; one that throws permits nothing
     * @return this
     */
    public EventBridgeBuilder accessPolicy(AccessPolicy rules) {
        policy = Objects.requireNonNull(rules, "rules");
        return this;
    }

    /**
     * What of an execution's data goes out; {@link WireSettings#DEFAULTS} if nothing is said.
     *
     * @param settings what goes out
     * @return this
     */
    public EventBridgeBuilder wire(WireSettings settings) {
        wire = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * The inbox that clients see; if nothing is said, one of the bridge's own, which is opened when a client asks or acknowledges first. What
     * clients acknowledge is known to this inbox alone, so an application that wants to know it gives its own.
     *
     * @param shared the inbox of the same engine; it has to be closed after the bridge
     * @return this
     */
    public EventBridgeBuilder inbox(Inbox shared) {
        inbox = Objects.requireNonNull(shared, "shared");
        return this;
    }

    /**
     * How often a client is asked for a sign of life, the first time at a moment that is another for each; 30 seconds if nothing is said. One that
     * has not given it when the next is due is disconnected with {@link io.flowscript.core.bridge.CloseCode#HEARTBEAT_MISSED}.
     *
     * @param interval more than zero, at most 365 days
     * @return this
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting}
     */
    public EventBridgeBuilder heartbeat(Duration interval) {
        timing = new Timing(interval, timing.stall(), timing.pending());
        return this;
    }

    /**
     * How long a client may take nothing of what is being sent to it; 60 seconds if nothing is said. Then it is disconnected with
     * {@link io.flowscript.core.bridge.CloseCode#TOO_SLOW}; it can come back and go on where it was.
     *
     * @param patience more than zero, at most 365 days
     * @return this
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting}
     */
    public EventBridgeBuilder stallTimeout(Duration patience) {
        timing = new Timing(timing.heartbeat(), patience, timing.pending());
        return this;
    }

    /**
     * How long a subscription waits for an execution that does not exist yet; 5 minutes if nothing is said.
     *
     * @param wait more than zero, at most 365 days
     * @return this
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting}
     */
    public EventBridgeBuilder pendingWait(Duration wait) {
        timing = new Timing(timing.heartbeat(), timing.stall(), wait);
        return this;
    }

    /**
     * Makes the bridge.
     *
     * @return the bridge, to be closed by the caller before the engine is
     */
    public FlowScriptBridge build() {
        ServerMessages messages = new ServerMessages(flows.clock(), wire);
        return build(messages, new EventEncoder(wire)::encode, pumps(flows.executor()));
    }

    /** Pumps do not block, so a worker for each processor keeps all of them busy; one more is there for a pump that does. */
    static Pumps pumps(Executor executor) {
        int workers = Runtime.getRuntime().availableProcessors() + 1;
        return new PumpExecutor(executor, workers, PUMPS_PER_RUN);
    }

    /** For tests that count, or break, the encoding, or decide which pump runs when. */
    ConnectionManager build(ServerMessages messages, Function<RecordedEvent, byte[]> encoder, Pumps pumps) {
        Operations operations = Operations.builder(flows)
                .accessPolicy(policy)
                .wire(wire)
                .inbox(inbox)
                .receipts(limits.maxReceipts(), limits.maxReceiptsPerIdentity(), limits.receiptTime())
                .build();
        return new ConnectionManager(new Delivery(
                flows,
                operations,
                limits,
                timing,
                new MessageParser(limits.maxMessageBytes()),
                messages,
                pumps,
                new EncodedLogs(new GuardedEncoder(encoder, messages), limits.encodedBytes()),
                new PendingExecutions(flows.executions(), flows.executor(), limits.maxPending()),
                new NewExecutions(flows.executions(), flows.executor(), limits.maxNewExecutions()),
                new Holdings()));
    }
}
