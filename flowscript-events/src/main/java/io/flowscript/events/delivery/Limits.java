package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;

/**
 * The bounds of a bridge. Begin with {@link #defaults} and change what has to be changed.
 *
 * @param maxConnections how many clients can be connected; one more is refused with {@code too_many_connections}
 * @param maxSubscriptions how many executions one client can be subscribed to, those that have ended not counted; one more is
 *     refused with {@code too_many_subscriptions}
 * @param maxPending how many subscriptions of all clients can wait for executions that do not exist yet; one more is refused
 *     with {@code too_many_subscriptions}
 * @param maxMessageBytes the largest message that is taken from a client, in bytes
 * @param messagesPerSecond how many messages a client may send per second, in the long run
 * @param messageBurst how many it may send at once; as many again that are refused, and it is disconnected
 * @param batchBytes how many bytes are handed to a client's channel at a time, at the most; one larger message goes alone
 * @param batchFrames how many frames are handed to a client's channel at a time, at the most
 * @param encodedBytes how much memory the encoded events of all executions may hold together, in bytes; what does not fit is
 *     encoded again when it is needed again
 * @since 0.1.0
 */
public record Limits(
        int maxConnections,
        int maxSubscriptions,
        int maxPending,
        int maxMessageBytes,
        int messagesPerSecond,
        int messageBurst,
        int batchBytes,
        int batchFrames,
        long encodedBytes) {

    private static final Limits DEFAULTS =
            new Limits(10_000, 1_000, 10_000, 1 << 20, 100, 200, 64 << 10, 256, 64L << 20);

    /**
     * Checks the bounds.
     *
     * @param maxConnections from 1
     * @param maxSubscriptions from 1
     * @param maxPending 0 or more
     * @param maxMessageBytes from 1
     * @param messagesPerSecond from 1
     * @param messageBurst from 1
     * @param batchBytes from 1
     * @param batchFrames from 1
     * @param encodedBytes 0 or more
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public Limits {
        atLeast(1, maxConnections, "maxConnections");
        atLeast(1, maxSubscriptions, "maxSubscriptions");
        atLeast(0, maxPending, "maxPending");
        atLeast(1, maxMessageBytes, "maxMessageBytes");
        atLeast(1, messagesPerSecond, "messagesPerSecond");
        atLeast(1, messageBurst, "messageBurst");
        atLeast(1, batchBytes, "batchBytes");
        atLeast(1, batchFrames, "batchFrames");
        atLeast(0, encodedBytes, "encodedBytes");
    }

    /**
     * 10,000 connections, 1,000 subscriptions each, 10,000 pending ones in all, messages of 1 MiB, 100 a second and 200 at once, batches of
     * 64 KiB and 256 frames, 64 MiB of encoded events.
     *
     * @return the limits
     */
    public static Limits defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another {@code maxConnections}: how many clients can be connected.
     *
     * @param value from 1
     * @return the limits
     */
    public Limits maxConnections(int value) {
        return new Limits(
                value,
                maxSubscriptions,
                maxPending,
                maxMessageBytes,
                messagesPerSecond,
                messageBurst,
                batchBytes,
                batchFrames,
                encodedBytes);
    }

    /**
     * The same with another {@code maxSubscriptions}: how many executions one client can be subscribed to.
     *
     * @param value from 1
     * @return the limits
     */
    public Limits maxSubscriptions(int value) {
        return new Limits(
                maxConnections,
                value,
                maxPending,
                maxMessageBytes,
                messagesPerSecond,
                messageBurst,
                batchBytes,
                batchFrames,
                encodedBytes);
    }

    /**
     * The same with another {@code maxPending}: how many subscriptions can wait for executions that do not exist yet.
     *
     * @param value 0 or more
     * @return the limits
     */
    public Limits maxPending(int value) {
        return new Limits(
                maxConnections,
                maxSubscriptions,
                value,
                maxMessageBytes,
                messagesPerSecond,
                messageBurst,
                batchBytes,
                batchFrames,
                encodedBytes);
    }

    /**
     * The same with another {@code maxMessageBytes}: the largest message that is taken.
     *
     * @param value from 1, in bytes
     * @return the limits
     */
    public Limits maxMessageBytes(int value) {
        return new Limits(
                maxConnections,
                maxSubscriptions,
                maxPending,
                value,
                messagesPerSecond,
                messageBurst,
                batchBytes,
                batchFrames,
                encodedBytes);
    }

    /**
     * The same with another {@code messagesPerSecond}: how many messages a client may send per second.
     *
     * @param value from 1
     * @return the limits
     */
    public Limits messagesPerSecond(int value) {
        return new Limits(
                maxConnections,
                maxSubscriptions,
                maxPending,
                maxMessageBytes,
                value,
                messageBurst,
                batchBytes,
                batchFrames,
                encodedBytes);
    }

    /**
     * The same with another {@code messageBurst}: how many messages a client may send at once.
     *
     * @param value from 1
     * @return the limits
     */
    public Limits messageBurst(int value) {
        return new Limits(
                maxConnections,
                maxSubscriptions,
                maxPending,
                maxMessageBytes,
                messagesPerSecond,
                value,
                batchBytes,
                batchFrames,
                encodedBytes);
    }

    /**
     * The same with another {@code batchBytes}: how many bytes go to a channel at a time.
     *
     * @param value from 1
     * @return the limits
     */
    public Limits batchBytes(int value) {
        return new Limits(
                maxConnections,
                maxSubscriptions,
                maxPending,
                maxMessageBytes,
                messagesPerSecond,
                messageBurst,
                value,
                batchFrames,
                encodedBytes);
    }

    /**
     * The same with another {@code batchFrames}: how many frames go to a channel at a time.
     *
     * @param value from 1
     * @return the limits
     */
    public Limits batchFrames(int value) {
        return new Limits(
                maxConnections,
                maxSubscriptions,
                maxPending,
                maxMessageBytes,
                messagesPerSecond,
                messageBurst,
                batchBytes,
                value,
                encodedBytes);
    }

    /**
     * The same with another {@code encodedBytes}: how much memory encoded events may hold.
     *
     * @param value 0 or more, in bytes
     * @return the limits
     */
    public Limits encodedBytes(long value) {
        return new Limits(
                maxConnections,
                maxSubscriptions,
                maxPending,
                maxMessageBytes,
                messagesPerSecond,
                messageBurst,
                batchBytes,
                batchFrames,
                value);
    }

    private static void atLeast(long least, long value, String name) {
        if (value < least) {
            throw new FlowScriptException("invalid_setting", name + " must be at least " + least + ", not " + value);
        }
    }
}
