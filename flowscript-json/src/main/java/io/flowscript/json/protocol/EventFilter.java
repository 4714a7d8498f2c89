package io.flowscript.json.protocol;

import io.flowscript.core.event.Event;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events a client wants (protocol, section 2). An event passes when its type is named, or none is, and its node is named, or
 * none is. An event that belongs to no node, such as {@code workflow_started} or {@code state_updated}, does not pass a filter that names
 * nodes.
 *
 * @param types names on the wire; empty for all
 * @param nodes names of nodes; empty for all
 * @since 0.1.0
 */
public record EventFilter(Set<String> types, Set<String> nodes) {

    /** Every event passes. */
    public static final EventFilter NONE = new EventFilter(Set.of(), Set.of());

    /**
     * Makes it immutable.
     *
     * @param types names on the wire; empty for all
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

    /** {@return how many names it holds} */
    public int size() {
        return types.size() + nodes.size();
    }

    /**
     * Whether an event passes.
     *
     * @param event any event
     * @return whether it does
     */
    public boolean passes(Event event) {
        return (types.isEmpty() || types.contains(event.type().wireName()))
                && (nodes.isEmpty() || isOfNode(event.nodeName()));
    }

    private boolean isOfNode(@Nullable String node) {
        return node != null && nodes.contains(node);
    }
}
