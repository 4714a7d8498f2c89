package io.flowscript.testkit.fault;

/**
 * A fault of a connection. Each strikes at most once per connection, after a number of bytes from the server, except
 * {@link #DELAY} and {@link #REORDER}, which last.
 *
 * @since 0.1.0
 */
public enum Fault {

    /** Each piece arrives late. */
    DELAY,

    /** For a while, nothing is read from the server, so that it meets back-pressure. */
    STALL,

    /** The connection ends in good order after a whole piece or batch. Both sides see the end. */
    END,

    /** The connection is reset after a whole piece or batch. Both sides see it; data under way is lost. */
    RESET,

    /** The connection is reset in the middle of a piece or batch: what precedes arrives, the rest does not. */
    TRUNCATE,

    /** From here on, bytes vanish in one or both directions, and neither side sees an end. */
    HALF_OPEN,

    /** The connection is ended after a time of silence, as proxies do. Only {@link FaultyProxy} does this. */
    IDLE,

    /**
     * The callback of a batch comes at a different moment each time: within {@code send}, later, before the client
     * has the batch, or after later callbacks. Only {@link FaultyChannel} does this.
     */
    REORDER
}
