package io.flowscript.client;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events a subscription wants. Immutable.
 *
 * @param types the types; empty for all
 * @param nodes the names of nodes; empty for all
 * @param conflate whether newer events may take the place of older ones
 * @param maxEventsPerSecond how many events per second; null for any number
 */
record Wanted(
        Set<EventType> types,
        Set<String> nodes,
        boolean conflate,
        @Nullable Integer maxEventsPerSecond) {

    static final Wanted ALL = new Wanted(Set.of(), Set.of(), false, null);

    /** The types of messages that end an execution. */
    static final List<String> LAST = List.of(
            EventType.WORKFLOW_COMPLETED.wireName(),
            EventType.WORKFLOW_FAILED.wireName(),
            EventType.WORKFLOW_CANCELLED.wireName());

    boolean passes(Event event) {
        return (types.isEmpty() || types.contains(event.type()))
                && (nodes.isEmpty() || (event.nodeName() != null && nodes.contains(event.nodeName())));
    }

    /** {@return the fields of a `subscribe` that gets no less than what each of these wants, and the last event} */
    static Map<String, Object> common(Collection<Wanted> all) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (all.isEmpty()) {
            return fields;
        }
        Wanted first = all.iterator().next();
        if (all.stream().noneMatch(wanted -> wanted.types.isEmpty())) {
            Set<String> types = new LinkedHashSet<>();
            all.forEach(wanted -> wanted.types.forEach(type -> types.add(type.wireName())));
            types.addAll(LAST);
            fields.put("types", List.copyOf(types));
        }
        if (!first.nodes.isEmpty() && all.stream().allMatch(wanted -> wanted.nodes.equals(first.nodes))) {
            fields.put("nodes", List.copyOf(first.nodes));
        }
        if (all.stream().allMatch(Wanted::conflate)) {
            fields.put("conflate", true);
        }
        if (first.maxEventsPerSecond != null
                && all.stream().allMatch(wanted -> first.maxEventsPerSecond.equals(wanted.maxEventsPerSecond))) {
            fields.put("maxEventsPerSecond", first.maxEventsPerSecond);
        }
        return fields;
    }
}
