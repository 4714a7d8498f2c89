package io.flowscript.events.delivery;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds events that a newer event with the same key replaces. A change of the state has its path as key. A custom event
 * can declare a key. All other events are never skipped. Stateless.
 */
final class Conflation {

    private Conflation() {}

    /**
     * Returns the events of a run that can be skipped.
     *
     * @param events the run; null stands for an event that is not sent anyway
     * @return the indexes of the events that a later one replaces
     */
    static BitSet superseded(List<@Nullable RecordedEvent> events) {
        BitSet superseded = new BitSet(events.size());
        Set<ConflationKey> newerKeys = new HashSet<>();
        for (int i = events.size() - 1; i >= 0; i--) {
            RecordedEvent recorded = events.get(i);
            ConflationKey key = recorded == null ? null : key(recorded.event());
            if (key != null && !newerKeys.add(key)) {
                superseded.set(i);
            }
        }
        return superseded;
    }

    private static @Nullable ConflationKey key(Event event) {
        if (event instanceof StateUpdated update) {
            return new ConflationKey(update.type(), update.path());
        }
        if (event instanceof CustomEvent custom && custom.conflationKey() != null) {
            return new ConflationKey(custom.type(), custom.conflationKey());
        }
        return null;
    }

    /** Events with the same type and key replace one another. */
    private record ConflationKey(EventType type, String key) {}
}
