package io.flowscript.core.event;

import org.jspecify.annotations.Nullable;

/**
 * An event of an execution. Events are deeply immutable (see {@link io.flowscript.core.json.Json#freeze}); they can be
 * kept and shared between threads.
 *
 * <p>{@link #describe} lists the event's fields. The message to clients and the estimate of the event's memory are made from
 * these fields. Filters use {@link #type} and {@link #nodeName}.
 *
 * @since 0.1.0
 */
public sealed interface Event permits WorkflowEvent, NodeEvent, HumanEvent, StateUpdated, CustomEvent {

    /** {@return the type of this event} */
    EventType type();

    /** {@return the name of the node that this event is about; null when it is not about a node} */
    @Nullable
    String nodeName();

    /**
     * Passes each field of this event once, in the order of the protocol's messages. The execution's id is not among
     * them. The same event always passes the same fields with the same values.
     *
     * @param out receives the fields
     */
    void describe(EventFields out);

    /**
     * The key under which newer events replace older ones. A client that asks for {@code conflate} and falls behind
     * gets only the newest event of each type and key.
     *
     * @return the key; null for an event that is never skipped
     */
    default @Nullable String conflationKey() {
        return null;
    }

    /** {@return whether this is the last event of its execution: the execution is completed, failed or cancelled} */
    default boolean isTerminal() {
        return false;
    }
}
