package io.flowscript.core.log;

import io.flowscript.core.event.RecordedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cursor found.
 *
 * @since 0.1.0
 */
public sealed interface Read {

    /**
     * The next events.
     *
     * @param events at least one, in order, without a hole
     */
    record Events(List<RecordedEvent> events) implements Read {}

    /**
     * A hole: events after the cursor's position that cannot be read. The cursor stands after it now.
     *
     * @param epoch the epoch that the numbers belong to
     * @param from the number of the first event missed
     * @param to the number of the last event missed; null when it cannot be known, since the epoch is gone
     */
    record Missed(String epoch, long from, @Nullable Long to) implements Read {}

    /** Nothing yet; more may come. */
    record Nothing() implements Read {}

    /** Nothing, and nothing will ever come: the execution's last event has been read, or the cursor or the log was closed. */
    record Ended() implements Read {}
}
