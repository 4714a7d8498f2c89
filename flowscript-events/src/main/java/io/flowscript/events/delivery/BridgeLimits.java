package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.settings.Range;
import io.flowscript.core.settings.SettingValues;
import io.flowscript.events.operations.Operations;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The limits of a bridge. Start with {@link #defaults} and change single limits.
 *
 * <p>Immutable; each setter returns a changed copy.
 *
 * @since 0.1.0
 */
public final class BridgeLimits {

    private static final BridgeLimits DEFAULTS = new BridgeLimits(new Values());

    /** The largest factor by which a batch grows beyond {@link #batchBytes(int)} for a fast client. */
    static final int BATCH_GROWTH = 4;

    private static final class Values extends SettingValues<Values> {
        int maxConnections = 10_000;
        int maxConnectionsPerSender = 1_000;
        int maxSubscriptions = 1_000;
        int maxFollowed = 10_000;
        int maxFilterEntries = 1_000;
        int maxNewExecutions = 16_384;
        int maxPending = 10_000;
        int maxPendingPerSender = 1_000;
        int maxMessageBytes = 1 << 20;
        int messagesPerSecond = 100;
        int messageBurst = 200;
        int batchBytes = 64 << 10;
        int batchFrames = 256;
        long encodedBytes = 64L << 20;
        int maxReceipts = 50_000;
        long receiptBytes = Operations.DEFAULT_RECEIPT_BYTES;
        int maxReceiptsPerIdentity = 1_000;
        Duration receiptTime = Duration.ofHours(1);
        int maxExecutionsPerSender = Integer.MAX_VALUE;
    }

    private final Values values;

    private BridgeLimits(Values values) {
        this.values = values;
    }

    /**
     * Returns the default limits: 10,000 connections, 1,000 of each sender; for each client 1,000 subscriptions, 10,000 followed executions
     * and 1,000 names in filters; a buffer of 16,384 new executions; 10,000 pending subscriptions, 1,000 of each sender; messages of
     * 1 MiB, 100 per second, in bursts of 200; batches of 64 KiB and 256 frames; 64 MiB of encoded events; 50,000
     * remembered commands, in a 32nd of the heap, 1,000 of each identity, for one hour; no limit of the executions of a sender.
     *
     * @return the limits
     */
    public static BridgeLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the maximum number of connected clients. Further clients are refused with {@code too_many_connections}.
     *
     * @param value from 1
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxConnections(int value) {
        return with(changed -> changed.maxConnections = Range.atLeast(1, value, "maxConnections"));
    }

    /** {@return the setting of {@link #maxConnections(int)}} */
    public int maxConnections() {
        return values.maxConnections;
    }

    /**
     * Sets the maximum number of connected clients of one sender: of an identity, or of all anonymous clients of one address. Further ones are
     * refused with {@code too_many_connections}. Anonymous clients of a transport that knows no addresses do not count.
     *
     * @param value from 1
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxConnectionsPerSender(int value) {
        return with(changed -> changed.maxConnectionsPerSender = Range.atLeast(1, value, "maxConnectionsPerSender"));
    }

    /** {@return the setting of {@link #maxConnectionsPerSender(int)}} */
    public int maxConnectionsPerSender() {
        return values.maxConnectionsPerSender;
    }

    /**
     * Sets how many executions may be under way that one sender has started through the bridge: an identity, or all anonymous clients of one
     * address. Further ones are refused with {@code too_many_executions}. By default there is no limit, since many applications start all
     * executions under one name. What counts is what was started since the bridge was made, in this process, until it ends. While there is a limit,
     * an execution that counts and waits keeps some memory. Anonymous clients of a transport that knows no addresses do not count.
     *
     * @param value from 1; {@link Integer#MAX_VALUE} for no limit
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxExecutionsPerSender(int value) {
        return with(changed -> changed.maxExecutionsPerSender = Range.atLeast(1, value, "maxExecutionsPerSender"));
    }

    /** {@return the setting of {@link #maxExecutionsPerSender(int)}} */
    public int maxExecutionsPerSender() {
        return values.maxExecutionsPerSender;
    }

    /**
     * Sets the maximum number of subscriptions of one client. Subscriptions to executions that have ended do not count.
     * Further subscriptions are refused with {@code too_many_subscriptions}.
     *
     * @param value from 1
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxSubscriptions(int value) {
        return with(changed -> changed.maxSubscriptions = Range.atLeast(1, value, "maxSubscriptions"));
    }

    /** {@return the setting of {@link #maxSubscriptions(int)}} */
    public int maxSubscriptions() {
        return values.maxSubscriptions;
    }

    /**
     * Sets the maximum number of executions that one client follows at once, through all its subscriptions. A
     * subscription that would exceed it is refused with {@code too_many_subscriptions}. When a new execution would
     * exceed it, the client gets an error with the same code and does not follow that execution.
     *
     * @param value from 1
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxFollowed(int value) {
        return with(changed -> changed.maxFollowed = Range.atLeast(1, value, "maxFollowed"));
    }

    /** {@return the setting of {@link #maxFollowed(int)}} */
    public int maxFollowed() {
        return values.maxFollowed;
    }

    /**
     * Sets the maximum number of types and nodes in the filters of one client's subscriptions, all together. The filter
     * that several subscriptions of one message share counts once. A subscription that would exceed it is refused with {@code too_many_subscriptions}.
     *
     * @param value from 0
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxFilterEntries(int value) {
        return with(changed -> changed.maxFilterEntries = Range.atLeast(0, value, "maxFilterEntries"));
    }

    /** {@return the setting of {@link #maxFilterEntries(int)}} */
    public int maxFilterEntries() {
        return values.maxFilterEntries;
    }

    /**
     * Sets the capacity of the buffer of newly started executions, which all clients share. It serves clients that
     * follow all executions, or all of a workflow. A client that falls further behind is disconnected with
     * {@link io.flowscript.core.bridge.CloseCode#TOO_SLOW}.
     *
     * @param value from 1
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxNewExecutions(int value) {
        return with(changed -> changed.maxNewExecutions = Range.atLeast(1, value, "maxNewExecutions"));
    }

    /** {@return the setting of {@link #maxNewExecutions(int)}} */
    public int maxNewExecutions() {
        return values.maxNewExecutions;
    }

    /**
     * Sets the maximum number of subscriptions of all clients that wait for executions which do not exist yet. Further
     * ones are refused with {@code too_many_subscriptions}.
     *
     * @param value 0 or more
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxPending(int value) {
        return with(changed -> changed.maxPending = Range.atLeast(0, value, "maxPending"));
    }

    /** {@return the setting of {@link #maxPending(int)}} */
    public int maxPending() {
        return values.maxPending;
    }

    /**
     * Sets the maximum number of subscriptions of one sender that wait for executions which do not exist yet: of an identity, or of all
     * anonymous clients of one address. Further ones are refused with {@code too_many_subscriptions}.
     *
     * @param value 0 or more
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxPendingPerSender(int value) {
        return with(changed -> changed.maxPendingPerSender = Range.atLeast(0, value, "maxPendingPerSender"));
    }

    /** {@return the setting of {@link #maxPendingPerSender(int)}} */
    public int maxPendingPerSender() {
        return values.maxPendingPerSender;
    }

    /**
     * Sets the maximum size of a message from a client, in bytes.
     *
     * @param value from 1, in bytes
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxMessageBytes(int value) {
        return with(changed -> changed.maxMessageBytes = Range.atLeast(1, value, "maxMessageBytes"));
    }

    /** {@return the setting of {@link #maxMessageBytes(int)}} */
    public int maxMessageBytes() {
        return values.maxMessageBytes;
    }

    /**
     * Sets how many messages of a client are read per second on average. A client that sends faster is slowed down: its
     * next message is demanded from the transport later. No message is refused. A message with several subscriptions
     * counts as one for each ten of them.
     *
     * @param value from 1
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits messagesPerSecond(int value) {
        return with(changed -> changed.messagesPerSecond = Range.atLeast(1, value, "messagesPerSecond"));
    }

    /** {@return the setting of {@link #messagesPerSecond(int)}} */
    public int messagesPerSecond() {
        return values.messagesPerSecond;
    }

    /**
     * Sets how many messages of a client are read at once. A client that sends more than so many bad messages, and no
     * good one between them, is disconnected with {@link io.flowscript.core.bridge.CloseCode#POLICY}.
     *
     * @param value from 1
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits messageBurst(int value) {
        return with(changed -> changed.messageBurst = Range.atLeast(1, value, "messageBurst"));
    }

    /** {@return the setting of {@link #messageBurst(int)}} */
    public int messageBurst() {
        return values.messageBurst;
    }

    /**
     * Sets the maximum size of a batch that is handed to a client's channel, in bytes. A single larger message forms a
     * batch of its own. While a channel accepts batches immediately, its batches grow up to {@value #BATCH_GROWTH}
     * times this size; they shrink again when a batch takes time.
     *
     * @param value from 1; 64 KiB by default
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits batchBytes(int value) {
        return with(changed -> changed.batchBytes = Range.atLeast(1, value, "batchBytes"));
    }

    /** {@return the setting of {@link #batchBytes(int)}} */
    public int batchBytes() {
        return values.batchBytes;
    }

    /**
     * Sets the maximum number of frames in a batch that is handed to a client's channel.
     *
     * @param value from 1
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits batchFrames(int value) {
        return with(changed -> changed.batchFrames = Range.atLeast(1, value, "batchFrames"));
    }

    /** {@return the setting of {@link #batchFrames(int)}} */
    public int batchFrames() {
        return values.batchFrames;
    }

    /**
     * Sets the maximum memory for encoded events of all executions, in bytes. Events that do not fit are encoded again
     * when they are needed again. Clients of the first version of the protocol have encoded events of their own, with
     * the same limit.
     *
     * @param value 0 or more, in bytes
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits encodedBytes(long value) {
        return with(changed -> changed.encodedBytes = Range.atLeast(0, value, "encodedBytes"));
    }

    /** {@return the setting of {@link #encodedBytes(long)}} */
    public long encodedBytes() {
        return values.encodedBytes;
    }

    /**
     * Sets how many commands of all clients are remembered, so that a repeated command changes nothing
     * ({@link Operations}). When there are more, the oldest is forgotten.
     *
     * @param value 0 or more
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxReceipts(int value) {
        return with(changed -> changed.maxReceipts = Range.atLeast(0, value, "maxReceipts"));
    }

    /** {@return the setting of {@link #maxReceipts(int)}} */
    public int maxReceipts() {
        return values.maxReceipts;
    }

    /**
     * Sets how much memory remembered commands may need in all. With keys such as UUIDs each needs about 900 bytes; with
     * the longest keys, names and ids up to 3,200 bytes. When they need more, the oldest is forgotten.
     *
     * @param value bytes, 0 or more; by default a 32nd of the heap, at least 4 MiB and at most 64 MiB
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits receiptBytes(long value) {
        return with(changed -> changed.receiptBytes = Range.atLeast(0, value, "receiptBytes"));
    }

    /** {@return the setting of {@link #receiptBytes(long)}} */
    public long receiptBytes() {
        return values.receiptBytes;
    }

    /**
     * Sets how many commands of one identity are remembered, or of one connection when the client is anonymous. When
     * there are more, the oldest is forgotten.
     *
     * @param value 0 or more
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxReceiptsPerIdentity(int value) {
        return with(changed -> changed.maxReceiptsPerIdentity = Range.atLeast(0, value, "maxReceiptsPerIdentity"));
    }

    /** {@return the setting of {@link #maxReceiptsPerIdentity(int)}} */
    public int maxReceiptsPerIdentity() {
        return values.maxReceiptsPerIdentity;
    }

    /**
     * Sets how long a command is remembered.
     *
     * @param value more than zero, at most 365 days
     * @return limits like these, with this one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits receiptTime(Duration value) {
        Timing.check(value, "receiptTime");
        return with(changed -> changed.receiptTime = value);
    }

    /** {@return the setting of {@link #receiptTime(Duration)}} */
    public Duration receiptTime() {
        return values.receiptTime;
    }

    private BridgeLimits with(Consumer<Values> change) {
        return new BridgeLimits(values.with(change));
    }
}
