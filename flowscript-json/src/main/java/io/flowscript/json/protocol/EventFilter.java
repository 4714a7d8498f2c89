package io.flowscript.json.protocol;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A filter for the events that a client wants (protocol, section 2). An event passes when its type is in {@code types}
 * or {@code types} is empty, and its node is in {@code nodes} or {@code nodes} is empty. An event without a node, such
 * as {@code workflow_started} or {@code state_updated}, does not pass a filter with nodes.
 *
 * @param types names of event types on the wire; empty for all
 * @param nodes names of nodes; empty for all
 * @since 0.1.0
 */
public record EventFilter(Set<String> types, Set<String> nodes) {

    /** The filter that every event passes. */
    public static final EventFilter NONE = new EventFilter(Set.of(), Set.of());

    /**
     * Copies the sets.
     *
     * @param types names of event types on the wire; empty for all
     * @param nodes names of nodes; empty for all
     */
    public EventFilter {
        types = Set.copyOf(types);
        nodes = Set.copyOf(nodes);
    }

    /** {@return whether every event passes} */
    public boolean isEmpty() {
        return types.isEmpty() && nodes.isEmpty();
    }

    /** {@return the number of types and nodes in the filter} */
    public int size() {
        return types.size() + nodes.size();
    }

    /**
     * Returns whether an event passes.
     *
     * @param event any event
     * @return whether it passes
     */
    public boolean passes(Event event) {
        return isOfType(event.type()) && (nodes.isEmpty() || isOfNode(event.nodeName()));
    }

    /**
     * Returns whether a recorded event passes. It is not decoded for that when its log has kept it as bytes.
     *
     * @param event any event
     * @return whether it passes
     */
    public boolean passes(RecordedEvent event) {
        return isOfType(event.type()) && (nodes.isEmpty() || isOfNode(event.nodeName()));
    }

    private boolean isOfType(EventType type) {
        return types.isEmpty() || types.contains(type.wireName());
    }

    private boolean isOfNode(@Nullable String node) {
        return node != null && nodes.contains(node);
    }
}
