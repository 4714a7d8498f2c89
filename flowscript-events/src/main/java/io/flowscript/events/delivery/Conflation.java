package io.flowscript.events.delivery;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which events newer ones can stand for: those of one type and {@link Event#conflationKey conflation key}. Nothing else is ever skipped. */
final class Conflation {

    private Conflation() {}

    /**
     * What can be skipped of a run of events.
     *
     * @param events the run; null for an event that would not be sent anyway
     * @return the places of those that a later one of the run stands for
     */
    static BitSet superseded(List<@Nullable RecordedEvent> events) {
        BitSet superseded = new BitSet(events.size());
        Set<Thing> newer = new HashSet<>();
        for (int i = events.size() - 1; i >= 0; i--) {
            RecordedEvent recorded = events.get(i);
            Thing thing = recorded == null ? null : thing(recorded.event());
            if (thing != null && !newer.add(thing)) {
                superseded.set(i);
            }
        }
        return superseded;
    }

    private static @Nullable Thing thing(Event event) {
        String key = event.conflationKey();
        return key == null ? null : new Thing(event.type(), key);
    }

    /** What changes. */
    private record Thing(EventType type, String key) {}
}
