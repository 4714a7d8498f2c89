package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.settings.Range;
import io.flowscript.core.settings.SettingValues;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The bounds of a bridge. Begin with {@link #defaults} and change what has to be changed.
 *
 * <p>Immutable; each setting returns another one.
 *
 * @since 0.1.0
 */
public final class BridgeLimits {

    private static final BridgeLimits DEFAULTS = new BridgeLimits(new Values());

    /** How much larger than {@link #batchBytes(int)} a batch gets for a client that takes all at once. */
    static final int BATCH_GROWTH = 4;

    private static final class Values extends SettingValues<Values> {
        int maxConnections = 10_000;
        int maxSubscriptions = 1_000;
        int maxFollowed = 10_000;
        int maxFilterEntries = 1_000;
        int maxNewExecutions = 16_384;
        int maxPending = 10_000;
        int maxMessageBytes = 1 << 20;
        int messagesPerSecond = 100;
        int messageBurst = 200;
        int batchBytes = 64 << 10;
        int batchFrames = 256;
        long encodedBytes = 64L << 20;
        int maxReceipts = 50_000;
        int maxReceiptsPerIdentity = 1_000;
        Duration receiptTime = Duration.ofHours(1);
    }

    private final Values values;

    private BridgeLimits(Values values) {
        this.values = values;
    }

    /**
     * 10,000 connections; each 1,000 subscriptions, 10,000 executions followed and 1,000 names in filters; 16,384 executions that wait to
     * join; 10,000 pending subscriptions in all; messages of 1 MiB, 100 a second and 200 at once; batches of 64 KiB and 256 frames; 64
     * MiB of encoded events; 50,000 commands remembered, 1,000 of each identity, for an hour.
     *
     * @return the limits
     */
    public static BridgeLimits defaults() {
        return DEFAULTS;
    }

    /**
     * How many clients can be connected; one more is refused with {@code too_many_connections}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How many subscriptions one client can have, those to executions that have ended not counted; one more is refused
     * with {@code too_many_subscriptions}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How many executions one client can follow at once, by whatever subscriptions. A subscription that would follow more is refused
     * with {@code too_many_subscriptions}; of an execution that begins when as many are followed, the client is told by
     * the same code that it does not follow it.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How many types and nodes the filters of one client's subscriptions can name, together; a subscription with more is refused
     * with {@code too_many_subscriptions}.
     *
     * @param value from 0
     * @return limits like these, with that one changed
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
     * How many executions can have begun that a client, which follows those of a workflow or all, has not yet been told of. It is one list for
     * all clients. A client that is further behind is disconnected with {@link io.flowscript.core.bridge.CloseCode#TOO_SLOW}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How many subscriptions of all clients can wait for executions that do not exist yet; one more is refused
     * with {@code too_many_subscriptions}.
     *
     * @param value 0 or more
     * @return limits like these, with that one changed
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
     * The largest message that is taken from a client, in bytes.
     *
     * @param value from 1, in bytes
     * @return limits like these, with that one changed
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
     * How many messages a client may send per second, in the long run.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How many it may send at once; as many again that are refused, and it is disconnected.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How many bytes are handed to a client's channel at a time, at the most; one larger message goes alone. A client whose channel takes one batch after the
     * other at once is given up to {@value #BATCH_GROWTH} times as many, until one takes time.
     *
     * @param value from 1; 64 KiB by default
     * @return limits like these, with that one changed
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
     * How many frames are handed to a client's channel at a time, at the most.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How much memory the encoded events of all executions may hold together, in bytes; what does not fit is
     * encoded again when it is needed again.
     *
     * @param value 0 or more, in bytes
     * @return limits like these, with that one changed
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
     * How many commands of all clients are remembered, so that the same one sent again changes nothing ({@link io.flowscript.events.operations.Operations}). One takes up to about 800 bytes, so
     * the default is up to 40 MB. When there are more, the oldest is forgotten.
     *
     * @param value 0 or more
     * @return limits like these, with that one changed
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
     * How many commands of one identity are remembered, or of one connection where nobody says who it is. When there are more, the oldest is forgotten.
     *
     * @param value 0 or more
     * @return limits like these, with that one changed
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
     * How long a command is remembered.
     *
     * @param value more than zero, at most 365 days
     * @return limits like these, with that one changed
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
