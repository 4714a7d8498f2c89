package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;

/**
 * The bounds of a bridge. Begin with {@link #defaults} and change what has to be changed.
 *
 * <p>Immutable; each setting returns another one.
 *
 * @since 0.1.0
 */
public final class BridgeLimits {

    private static final BridgeLimits DEFAULTS = new BridgeLimits();

    /** How much larger than {@link #batchBytes(int)} a batch gets for a client that takes all at once. */
    static final int BATCH_GROWTH = 4;

    private int maxConnections = 10_000;
    private int maxSubscriptions = 1_000;
    private int maxFollowed = 10_000;
    private int maxFilterEntries = 1_000;
    private int maxNewExecutions = 16_384;
    private int maxPending = 10_000;
    private int maxMessageBytes = 1 << 20;
    private int messagesPerSecond = 100;
    private int messageBurst = 200;
    private int batchBytes = 64 << 10;
    private int batchFrames = 256;
    private long encodedBytes = 64L << 20;
    private int maxReceipts = 50_000;
    private int maxReceiptsPerIdentity = 1_000;
    private Duration receiptTime = Duration.ofHours(1);

    private BridgeLimits() {}

    private BridgeLimits(BridgeLimits other) {
        maxConnections = other.maxConnections;
        maxSubscriptions = other.maxSubscriptions;
        maxFollowed = other.maxFollowed;
        maxFilterEntries = other.maxFilterEntries;
        maxNewExecutions = other.maxNewExecutions;
        maxPending = other.maxPending;
        maxMessageBytes = other.maxMessageBytes;
        messagesPerSecond = other.messagesPerSecond;
        messageBurst = other.messageBurst;
        batchBytes = other.batchBytes;
        batchFrames = other.batchFrames;
        encodedBytes = other.encodedBytes;
        maxReceipts = other.maxReceipts;
        maxReceiptsPerIdentity = other.maxReceiptsPerIdentity;
        receiptTime = other.receiptTime;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.maxConnections = (int) atLeast(1, value, "maxConnections");
        return changed;
    }

    /** {@return the setting of {@link #maxConnections(int)}} */
    public int maxConnections() {
        return maxConnections;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.maxSubscriptions = (int) atLeast(1, value, "maxSubscriptions");
        return changed;
    }

    /** {@return the setting of {@link #maxSubscriptions(int)}} */
    public int maxSubscriptions() {
        return maxSubscriptions;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.maxFollowed = (int) atLeast(1, value, "maxFollowed");
        return changed;
    }

    /** {@return the setting of {@link #maxFollowed(int)}} */
    public int maxFollowed() {
        return maxFollowed;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.maxFilterEntries = (int) atLeast(0, value, "maxFilterEntries");
        return changed;
    }

    /** {@return the setting of {@link #maxFilterEntries(int)}} */
    public int maxFilterEntries() {
        return maxFilterEntries;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.maxNewExecutions = (int) atLeast(1, value, "maxNewExecutions");
        return changed;
    }

    /** {@return the setting of {@link #maxNewExecutions(int)}} */
    public int maxNewExecutions() {
        return maxNewExecutions;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.maxPending = (int) atLeast(0, value, "maxPending");
        return changed;
    }

    /** {@return the setting of {@link #maxPending(int)}} */
    public int maxPending() {
        return maxPending;
    }

    /**
     * The largest message that is taken from a client, in bytes.
     *
     * @param value from 1, in bytes
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxMessageBytes(int value) {
        BridgeLimits changed = new BridgeLimits(this);
        changed.maxMessageBytes = (int) atLeast(1, value, "maxMessageBytes");
        return changed;
    }

    /** {@return the setting of {@link #maxMessageBytes(int)}} */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * How many messages a client may send per second, in the long run.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits messagesPerSecond(int value) {
        BridgeLimits changed = new BridgeLimits(this);
        changed.messagesPerSecond = (int) atLeast(1, value, "messagesPerSecond");
        return changed;
    }

    /** {@return the setting of {@link #messagesPerSecond(int)}} */
    public int messagesPerSecond() {
        return messagesPerSecond;
    }

    /**
     * How many it may send at once; as many again that are refused, and it is disconnected.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits messageBurst(int value) {
        BridgeLimits changed = new BridgeLimits(this);
        changed.messageBurst = (int) atLeast(1, value, "messageBurst");
        return changed;
    }

    /** {@return the setting of {@link #messageBurst(int)}} */
    public int messageBurst() {
        return messageBurst;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.batchBytes = (int) atLeast(1, value, "batchBytes");
        return changed;
    }

    /** {@return the setting of {@link #batchBytes(int)}} */
    public int batchBytes() {
        return batchBytes;
    }

    /**
     * How many frames are handed to a client's channel at a time, at the most.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits batchFrames(int value) {
        BridgeLimits changed = new BridgeLimits(this);
        changed.batchFrames = (int) atLeast(1, value, "batchFrames");
        return changed;
    }

    /** {@return the setting of {@link #batchFrames(int)}} */
    public int batchFrames() {
        return batchFrames;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.encodedBytes = atLeast(0, value, "encodedBytes");
        return changed;
    }

    /** {@return the setting of {@link #encodedBytes(long)}} */
    public long encodedBytes() {
        return encodedBytes;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.maxReceipts = (int) atLeast(0, value, "maxReceipts");
        return changed;
    }

    /** {@return the setting of {@link #maxReceipts(int)}} */
    public int maxReceipts() {
        return maxReceipts;
    }

    /**
     * How many commands of one identity are remembered, or of one connection where nobody says who it is. When there are more, the oldest is forgotten.
     *
     * @param value 0 or more
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public BridgeLimits maxReceiptsPerIdentity(int value) {
        BridgeLimits changed = new BridgeLimits(this);
        changed.maxReceiptsPerIdentity = (int) atLeast(0, value, "maxReceiptsPerIdentity");
        return changed;
    }

    /** {@return the setting of {@link #maxReceiptsPerIdentity(int)}} */
    public int maxReceiptsPerIdentity() {
        return maxReceiptsPerIdentity;
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
        BridgeLimits changed = new BridgeLimits(this);
        changed.receiptTime = value;
        return changed;
    }

    /** {@return the setting of {@link #receiptTime(Duration)}} */
    public Duration receiptTime() {
        return receiptTime;
    }

    private static long atLeast(long least, long value, String name) {
        if (value < least) {
            throw new FlowScriptException("invalid_setting", name + " must be at least " + least + ", not " + value);
        }
        return value;
    }
}
