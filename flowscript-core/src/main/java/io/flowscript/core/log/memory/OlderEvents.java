package io.flowscript.core.log.memory;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads events that a log no longer has in memory from where they are stored. Safe for use by any thread. */
public interface OlderEvents {

    /** {@return the position of the epoch before whose numbers are valid in this log, up to its own; its epoch is null for none} */
    Position continued();

    /** {@return the number of the first event that is stored, from 1} */
    long first();

    /**
     * Reads the events that follow a number. Does not block.
     *
     * @param after the number of the last event seen
     * @param max the greatest number of events, from 1
     * @return completes with the events in their order, without a gap among them, on any thread; with none when nothing is
     *     stored after the number. The first one may have a later number than the next one, when what is between is not
     *     stored. It completes exceptionally when the events cannot be read and the caller should not wait for them.
     */
    CompletionStage<List<RecordedEvent>> load(long after, int max);

    /**
     * Does the same as {@link #load} on the calling thread. Can block.
     *
     * @param after the number of the last event seen
     * @param max the greatest number of events, from 1
     * @return the events
     * @throws io.flowscript.core.FlowScriptException with code {@code store_failed} when they cannot be read
     */
    List<RecordedEvent> read(long after, int max);
}
