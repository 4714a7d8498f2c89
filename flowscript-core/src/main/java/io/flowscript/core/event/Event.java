package io.flowscript.core.event;

/**
 * Something that happened in an execution. All data in an event is frozen (see {@link io.flowscript.core.json.Json}), so
 * an event may be kept and shared freely.
 *
 * @since 0.1.0
 */
public sealed interface Event permits WorkflowEvent, NodeEvent, HumanEvent, StateUpdated, CustomEvent {

    /** {@return what kind of event this is} */
    EventType type();

    /** {@return whether this is the last event of its execution: completed, failed or cancelled} */
    default boolean isTerminal() {
        return this instanceof WorkflowEvent.Completed
                || this instanceof WorkflowEvent.Failed
                || this instanceof WorkflowEvent.Cancelled;
    }
}
