package io.flowscript.events.delivery;

import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.EventRedactor;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.MessageParser;
import io.flowscript.json.protocol.ServerMessages;
import io.flowscript.json.protocol.WireSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Builds the bridge that delivers an engine's events to clients:
 *
 * <pre>{@code
 * EventBridge bridge = FlowScriptBridge.builder(flows).limits(BridgeLimits.defaults().maxConnections(1_000)).build();
 * }</pre>
 *
 * <p>The bridge uses the engine's clock and threads and starts no thread of its own. The builder is not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class EventBridgeBuilder {

    private static final int PUMPS_PER_RUN = 64;

    private final FlowScript flows;
    private BridgeLimits limits = BridgeLimits.defaults();
    private AccessPolicy policy = AccessPolicy.EVERYONE;
    private EventRedactor redactor = EventRedactor.NONE;
    private WireSettings wire = WireSettings.DEFAULTS;
    private Timing timing = Timing.DEFAULTS;
    private @Nullable Inbox inbox;

    EventBridgeBuilder(FlowScript flows) {
        this.flows = flows;
    }

    /**
     * Sets the limits. The default is {@link BridgeLimits#defaults}.
     *
     * @param bounds the limits
     * @return this
     */
    public EventBridgeBuilder limits(BridgeLimits bounds) {
        limits = Objects.requireNonNull(bounds, "bounds");
        return this;
    }

    /**
     * Sets the access policy. The default is {@link AccessPolicy#EVERYONE}.
     *
     * @param rules decides who may do what; a policy that throws permits nothing
     * @return this
     */
    public EventBridgeBuilder accessPolicy(AccessPolicy rules) {
        policy = Objects.requireNonNull(rules, "rules");
        return this;
    }

    /**
     * Sets the redactor. The default is {@link EventRedactor#NONE}.
     *
     * @param rules decides which data of an execution an identity does not see; one that throws hides everything
     * @return this
     */
    public EventBridgeBuilder redactor(EventRedactor rules) {
        redactor = Objects.requireNonNull(rules, "rules");
        return this;
    }

    /**
     * Sets which data of an execution clients receive. The default is {@link WireSettings#DEFAULTS}.
     *
     * @param settings the settings
     * @return this
     */
    public EventBridgeBuilder wire(WireSettings settings) {
        wire = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * Sets the inbox that clients see. By default the bridge opens an inbox of its own when a client first lists or
     * acknowledges interactions. Only this inbox knows what clients have acknowledged, so an application that needs
     * this information must set its own inbox.
     *
     * @param shared an inbox of the same engine; it must be closed after the bridge
     * @return this
     */
    public EventBridgeBuilder inbox(Inbox shared) {
        inbox = Objects.requireNonNull(shared, "shared");
        return this;
    }

    /**
     * Sets the interval of the heartbeat; 30 seconds by default. In each interval the bridge sends a ping to each
     * client; the pings of different clients are spread over the interval. A client that has not replied when the next
     * ping is due is disconnected with {@link io.flowscript.core.bridge.CloseCode#HEARTBEAT_MISSED}.
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
     * Sets how long a client may accept none of the data that is being sent to it; 60 seconds by default. After that it
     * is disconnected with {@link io.flowscript.core.bridge.CloseCode#TOO_SLOW}. It can connect again and continue from
     * its last position.
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
     * Sets how long a subscription waits for an execution that does not exist yet; 5 minutes by default.
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
     * Creates the bridge.
     *
     * @return the bridge; the caller must close it before the engine
     */
    public FlowScriptBridge build() {
        ServerMessages messages = new ServerMessages(flows.clock(), wire);
        EventEncoder encoder = new EventEncoder(wire);
        return build(messages, encoder::encode, encoder.forFirstVersion()::encode, pumps(flows.engineExecutor()));
    }

    /** Pumps do not block, so one worker per processor is enough. One more makes up for a pump that blocks. */
    static Pumps pumps(Executor executor) {
        int workers = Runtime.getRuntime().availableProcessors() + 1;
        return new PumpExecutor(executor, workers, PUMPS_PER_RUN);
    }

    /** For tests that count or break the encoding, or that control the order of pumps. */
    ConnectionManager build(
            ServerMessages messages, LineEncoder encoder, LineEncoder encoderOfFirstVersion, Pumps pumps) {
        Operations operations = Operations.builder(flows)
                .accessPolicy(policy)
                .redactor(redactor)
                .wire(wire)
                .inbox(inbox)
                .receiptBytes(limits.receiptBytes())
                .maxExecutionsPerSender(limits.maxExecutionsPerSender())
                .receipts(limits.maxReceipts(), limits.maxReceiptsPerIdentity(), limits.receiptTime())
                .build();
        Delivery delivery = new Delivery(
                flows,
                operations,
                limits,
                timing,
                new MessageParser(limits.maxMessageBytes()),
                messages,
                pumps,
                encoded(encoder, messages),
                new PendingExecutions(
                        flows.executions(), flows.engineExecutor(), limits.maxPending(), limits.maxPendingPerSender()),
                new NewExecutions(flows.executions(), flows.engineExecutor(), limits.maxNewExecutions()),
                new Holdings());
        ServerMessages ofFirstVersion = messages.forFirstVersion();
        return new ConnectionManager(
                delivery, delivery.writing(ofFirstVersion, encoded(encoderOfFirstVersion, ofFirstVersion)));
    }

    private EncodedLogs encoded(LineEncoder encoder, ServerMessages messages) {
        return new EncodedLogs(new GuardedEncoder(encoder, messages), limits.encodedBytes());
    }
}
