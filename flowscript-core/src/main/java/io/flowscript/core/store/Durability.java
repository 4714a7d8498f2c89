package io.flowscript.core.store;

/**
 * When a step of an execution counts as done: what a crash of the process or of the machine can lose.
 *
 * @since 0.1.0
 */
public enum Durability {
    /**
     * The execution continues when the step is on disk. A crash loses nothing that a node, a client or a caller has
     * been told of. At most the node that was working runs again.
     */
    SYNC,

    /**
     * The next node begins while the step is written. Clients, listeners and callers are told when it is on disk, as
     * with {@link #SYNC}. A crash can lose the last steps, so that nodes that had finished run again; nobody had been
     * told of these steps.
     */
    ASYNC,

    /** Nothing is stored. A crash loses the execution. This costs no more than an engine without a store. */
    OFF
}
