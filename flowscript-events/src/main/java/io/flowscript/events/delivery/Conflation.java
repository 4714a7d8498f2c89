package io.flowscript.events.delivery;

import io.flowscript.core.bridge.Redaction;
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
     * @param redaction what is hidden from the client: changes at paths that look the same to it have the same key
     * @return the indexes of the events that a later one replaces
     */
    static BitSet superseded(List<@Nullable RecordedEvent> events, Redaction redaction) {
        BitSet superseded = new BitSet(events.size());
        Set<ConflationKey> newerKeys = new HashSet<>();
        for (int i = events.size() - 1; i >= 0; i--) {
            RecordedEvent recorded = events.get(i);
            ConflationKey key = recorded == null ? null : key(recorded, redaction);
            if (key != null && !newerKeys.add(key)) {
                superseded.set(i);
            }
        }
        return superseded;
    }

    private static @Nullable ConflationKey key(RecordedEvent event, Redaction redaction) {
        String key = event.conflationKey();
        if (key == null) {
            return null;
        }
        boolean isPath = event.type().equals(EventType.STATE_UPDATED);
        return new ConflationKey(
                event.type(), isPath ? redaction.change(key, null).path() : key);
    }

    /** Events with the same type and key replace one another. */
    private record ConflationKey(EventType type, String key) {}
}
