package io.flowscript.core.event;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened in an execution. All data in an event is frozen (see {@link io.flowscript.core.json.Json}), so
 * an event may be kept and shared freely.
 *
 * <p>An event says of itself all that others need to know: what it weighs and what clients are sent follow from {@link #describe}, which
 * filters let it through from {@link #type} and {@link #nodeName}.
 *
 * @since 0.1.0
 */
public sealed interface Event permits WorkflowEvent, NodeEvent, HumanEvent, StateUpdated, CustomEvent {

    /** {@return what kind of event this is} */
    EventType type();

    /** {@return the stable name of the node that it belongs to; null when it belongs to none} */
    @Nullable
    String nodeName();

    /**
     * Tells each field once, in the order of the wire, without the execution's id. The same event always tells the same.
     *
     * @param out takes the fields
     */
    void describe(EventFields out);

    /**
     * Names the changing thing that this event is about. Of several events of one type and key, a slow client that asked for it may be sent only
     * the newest.
     *
     * @return the key; null for an event that is never skipped
     */
    default @Nullable String conflationKey() {
        return null;
    }

    /** {@return whether this is the last event of its execution: completed, failed or cancelled} */
    default boolean isTerminal() {
        return false;
    }
}
