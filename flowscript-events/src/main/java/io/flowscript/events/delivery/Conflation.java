package io.flowscript.events.delivery;

import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds events that a newer event with the same key replaces. An event without a
 * {@link RecordedEvent#conflationKey key} is never skipped. Stateless.
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
            ConflationKey key = recorded == null ? null : key(recorded);
            if (key != null && !newerKeys.add(key)) {
                superseded.set(i);
            }
        }
        return superseded;
    }

    private static @Nullable ConflationKey key(RecordedEvent event) {
        String key = event.conflationKey();
        return key == null ? null : new ConflationKey(event.type(), key);
    }

    /** Events with the same type and key replace one another. */
    private record ConflationKey(EventType type, String key) {}
}
