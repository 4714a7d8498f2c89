package io.flowscript.testkit.fault;

/**
 * What can befall a connection. Each strikes once in a connection's life, after a number of bytes from the server, but for {@link #DELAY} and
 * {@link #REORDER}, which last.
 *
 * @since 0.1.0
 */
public enum Fault {

    /** Each piece arrives late. */
    DELAY,

    /** For a while nothing is taken from the server, so that it meets back-pressure. Then it goes on. */
    STALL,

    /** The connection ends in good order after a whole piece, or a whole batch. Both sides are told. */
    END,

    /** The connection is reset after a whole piece, or a whole batch. Both sides are told, what is on its way is lost. */
    RESET,

    /** The connection is reset in the middle of a piece, or of a batch: what comes before arrives, the rest does not. */
    TRUNCATE,

    /** From here on bytes vanish, in one direction or in both, and nobody is told. */
    HALF_OPEN,

    /** The connection is ended when nothing was said for a while, as proxies do. A {@link FaultyProxy} alone does it. */
    IDLE,

    /**
     * The word that a batch was sent comes by another way each time: within {@code send}, later, before the client has the batch, or after other
     * words that were due after it. A {@link FaultyChannel} alone does it.
     */
    REORDER
}
