package io.flowscript.core.log;

import io.flowscript.core.event.RecordedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link Cursor#read}.
 *
 * @since 0.1.0
 */
public sealed interface Read {

    /**
     * The next events.
     *
     * @param events at least one event, in order, without a gap
     */
    record Events(List<RecordedEvent> events) implements Read {}

    /**
     * A gap: the log does not have the events that follow the cursor's previous position. The cursor is now after the gap.
     *
     * @param epoch the epoch that the numbers belong to
     * @param from the number of the first event missed
     * @param to the number of the last event missed; null when the log has a new epoch and cannot know it
     */
    record Missed(String epoch, long from, @Nullable Long to) implements Read {}

    /** No event yet; more events can follow, or older ones are being loaded from the store. */
    record Nothing() implements Read {}

    /** The end: the execution's last event has been read, or the cursor or the log was closed. No event can follow. */
    record Ended() implements Read {}
}
